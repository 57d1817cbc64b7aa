import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/tokens.tsx?raw';
import { Tokens } from './tokens.tsx';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Tokens',
  component: Tokens,
  parameters: showExample(example, 'how-it-works/tokens.tsx'),
  args: { lifetime: 8_000, room: '' },
  argTypes: controls('lifetime', 'room'),
} satisfies Meta<typeof Tokens>;

export default meta;
type Story = StoryObj<typeof meta>;

export const NewForEachAttempt: Story = { name: 'Tokens' };

export const EachAttemptHasANewToken: Story = {
  tags: ['!dev'],
  args: { lifetime: 1_500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    const words = within(region(canvas, 'Break the connection')).getAllByRole('status');
    await expect(words.map(({ ariaLive }) => ariaLive)).toEqual(['off']);
    const tokens = () => within(region(canvas, 'Fetched tokens')).getAllByText(/^A token/).length;
    await expect(tokens()).toBe(1);
    await waitFor(() => expect(tokens()).toBeGreaterThan(1), patient);
    await untilStatus(play, 'Open');
    await press(play, 'Block the account');
    await untilStatus(play, 'Closed');
    await expect(region(canvas, 'Events')).toHaveTextContent(/Closed, no further attempt.*4401/);
    await press(play, 'Block the account');
    await press(play, 'Open again');
    await untilStatus(play, 'Open');
  },
};
