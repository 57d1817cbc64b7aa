import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/outbox.tsx?raw';
import { Outbox } from './outbox.tsx';
import { patient, press, refuse, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Queue while offline',
  component: Outbox,
  parameters: showExample(example, 'how-it-works/outbox.tsx'),
  args: { maxMessages: 5, overflow: 'drop-oldest', room: '' },
  argTypes: controls('maxMessages', 'overflow', 'room'),
} satisfies Meta<typeof Outbox>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveMessages: Story = { name: 'Queue while offline' };

export const TheOutboxKeepsFiveMessagesAndReportsDroppedOnes: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    const states = () =>
      within(region(canvas, 'Messages'))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent);
    await untilStatus(play, 'Open');
    await refuse(play, '2');
    await untilStatus(play, 'Reconnecting');
    await expect(region(canvas, 'Send')).toHaveTextContent('What you send waits.');
    for (let n = 0; n < 6; n++) await press(play, 'Send');
    await press(play, 'Send without queueing');
    await expect(states()).toEqual([
      'message 1dropped',
      ...[2, 3, 4, 5, 6].map((n) => `message ${n}queued in the outbox`),
      'message 7dropped',
    ]);
    await untilStatus(play, 'Open');
    await waitFor(
      () =>
        expect(states().filter((state) => state?.endsWith('echoed by the server'))).toHaveLength(5),
      patient,
    );
  },
};
