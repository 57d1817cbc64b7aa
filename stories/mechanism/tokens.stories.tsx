import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Tokens } from './tokens.tsx';
import source from './tokens.tsx?raw';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Tokens',
  component: Tokens,
  parameters: showSource(source),
  args: { lifetime: 8_000, room: '' },
} satisfies Meta<typeof Tokens>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FreshForEachAttempt: Story = {};

export const EachAttemptHasATokenOfItsOwn: Story = {
  tags: ['!dev', '!autodocs'],
  args: { lifetime: 1_500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    const tokens = () =>
      within(region(canvas, 'Tokens that were fetched')).getAllByText(/^A token/).length;
    await expect(tokens()).toBe(1);
    await waitFor(() => expect(tokens()).toBeGreaterThan(1), patient);
    await untilStatus(play, 'Open');
    await press(play, 'Withdraw the account');
    await untilStatus(play, 'Closed');
    await expect(region(canvas, 'What happened')).toHaveTextContent(/Closed for good.*4401/);
    await press(play, 'Withdraw the account');
    await press(play, 'Open again');
    await untilStatus(play, 'Open');
  },
};
