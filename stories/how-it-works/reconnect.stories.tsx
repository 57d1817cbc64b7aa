import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/reconnect.tsx?raw';
import { Reconnect } from './reconnect.tsx';
import { fill, patient, press, refuse, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Reconnect',
  component: Reconnect,
  parameters: showExample(example, 'how-it-works/reconnect.tsx'),
  args: { minDelay: 250, baseDelay: 3_000, maxDelay: 30_000, maxAttempts: 20, room: '' },
  argTypes: controls('minDelay', 'baseDelay', 'maxDelay', 'maxAttempts', 'room'),
} satisfies Meta<typeof Reconnect>;

export default meta;
type Story = StoryObj<typeof meta>;

export const WaitsAndAttempts: Story = { name: 'Reconnect' };

export const AReconnectShowsTheNextAttemptAndTheCause: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: { baseDelay: 500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await refuse(play, '2');
    await untilStatus(play, 'Reconnecting');
    const now = () => region(canvas, 'Now');
    await waitFor(() => expect(now()).toHaveTextContent(/^\d+\.\d s/));
    const waits = () => within(region(canvas, 'Waits')).getAllByRole('listitem');
    await waitFor(() => expect(waits().length).toBeGreaterThan(1), patient);
    await expect(waits().at(-1)).toHaveTextContent(/^1 failure: 0\.\d s, at most 0\.8 s.*1006/);
    await expect(waits().at(-2)).toHaveTextContent(
      /^2 failures: [01]\.\d s, at most 1\.3 s.*The attempt failed \(1006\)/,
    );
    await untilStatus(play, 'Open');
    const tones = Array.from(now().querySelectorAll<HTMLElement>('.ui-strip-bar [data-tone]'));
    await expect(tones.map(({ dataset }) => dataset.tone).slice(-3)).toEqual([
      'good',
      'warn',
      'good',
    ]);
  },
};

export const TheWaitAfterCode1013IsFourTimesAsLong: Story = {
  tags: ['!dev'],
  args: { baseDelay: 500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await fill(play, 'Close code', '1013');
    await press(play, 'Close');
    await waitFor(() =>
      expect(region(canvas, 'Waits')).toHaveTextContent(
        /1 failure: [123]\.\d s, at most 3\.0 s.*1013/,
      ),
    );
    await untilStatus(play, 'Open');
  },
};

export const AWrongValueShowsAnErrorAndSendsNothing: Story = {
  tags: ['!dev'],
  args: { baseDelay: 500 },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    for (const [label, button, bad, good, range] of [
      ['Close code', 'Close', '1006', '1012', /code must be from 1000 to 4999, but not/],
      [
        'Seconds to refuse connections',
        'Refuse for',
        '61',
        '5',
        /seconds must be above 0 and at most 60/,
      ],
    ] as const) {
      await fill(play, label, bad);
      await expect(canvas.getByLabelText(label)).toBeInvalid();
      await expect(canvas.getByRole('alert')).toHaveTextContent(range);
      await press(play, button);
      await expect(canvas.getByRole('button', { name: button })).toHaveAttribute(
        'aria-disabled',
        'true',
      );
      await fill(play, label, good);
    }
    await untilStatus(play, 'Open');
  },
};

export const TheControlBarAnnouncesTheStatus: Story = {
  tags: ['!dev'],
  args: { baseDelay: 300 },
  play: async (play) => {
    await untilStatus(play, 'Open');
    const announced = () => within(region(play.canvas, 'Break the connection')).getByRole('status');
    await expect(announced()).toHaveTextContent('The connection is open.');
    // With the keyboard only.
    play.canvas.getByRole('button', { name: 'Kill the TCP connection' }).focus();
    await play.userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(announced()).toHaveTextContent('The connection is reconnecting. It was closed with'),
    );
    await expect(
      play.canvas.getByRole('button', { name: 'Kill the TCP connection' }),
    ).toHaveFocus();
    await waitFor(() => expect(announced()).toHaveTextContent('The connection is open.'), patient);
  },
};
