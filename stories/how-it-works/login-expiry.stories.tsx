import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/login-expiry.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { fill, patient, type Play, press, refuse, region, untilStatus } from '../parts/play.ts';
import { LoginExpiry } from './login-expiry.tsx';

const meta = {
  title: 'How it works/Login expiry',
  component: LoginExpiry,
  parameters: showExample(example, 'how-it-works/login-expiry.tsx'),
  args: { lifetime: 15_000, room: '' },
  argTypes: controls('lifetime', 'room'),
} satisfies Meta<typeof LoginExpiry>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AnotherUser: Story = { name: 'Login expiry' };

const notes = ({ canvas }: Play, user: string) =>
  within(region(canvas, `Notes of ${user}`))
    .queryAllByRole('listitem')
    .map(({ textContent }) => textContent);

const write = async (play: Play, text: string) => {
  await fill(play, 'Note', text);
  await press(play, 'Send');
};

export const ASessionExpiresAndTheSameUserLogsInAgain: Story = {
  tags: ['!dev'],
  args: { lifetime: 1_500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await canvas.findByText(/The session has expired/, {}, patient);
    await write(play, 'too late');
    await expect(canvas.getByRole('button', { name: 'Send' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await waitFor(() => expect(region(canvas, 'Events')).toHaveTextContent(/Session over.*4401/));
    await press(play, 'Log in as Ada');
    await untilStatus(play, 'Open');
    await canvas.findByText('Logged in as Ada');
    await expect(notes(play, 'Ada')).toEqual([]);
  },
};

export const NothingOfOneUserReachesTheNext: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: { lifetime: 30_000 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await write(play, 'Ada was here');
    await waitFor(() => expect(notes(play, 'Ada')).toEqual(['Ada was heresent']), patient);
    await refuse(play, '4');
    await untilStatus(play, 'Reconnecting');
    await write(play, 'secret');
    await expect(notes(play, 'Ada')).toEqual(['Ada was heresent', 'secretwaits']);
    await press(play, 'Log in as Grace');
    await expect(notes(play, 'Grace')).toEqual([]);
    await waitFor(() =>
      expect(region(canvas, 'Events')).toHaveTextContent('1 message: another user'),
    );
    await untilStatus(play, 'Open');
    await expect(notes(play, 'Grace')).toEqual([]);
  },
};
