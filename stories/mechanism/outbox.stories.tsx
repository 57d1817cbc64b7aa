import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Outbox } from './outbox.tsx';
import source from './outbox.tsx?raw';
import { patient, press, refuse, region, untilStatus } from '../parts/play.ts';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Queue while offline',
  component: Outbox,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof Outbox>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveMessages: Story = {};

export const TheOutboxKeepsFiveAndTellsOfTheSixth: Story = {
  tags: ['!dev', '!autodocs'],
  play: async (play) => {
    const { canvas } = play;
    const fates = () =>
      within(region(canvas, 'What became of it'))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent);
    await untilStatus(play, 'Open');
    await refuse(play, '2');
    await untilStatus(play, 'Reconnecting');
    for (let n = 0; n < 6; n++) await press(play, 'Send');
    await press(play, 'Send now or never');
    await expect(fates()).toEqual([
      'message 1given up',
      ...[2, 3, 4, 5, 6].map((n) => `message ${n}waits in the outbox`),
      'message 7given up',
    ]);
    await untilStatus(play, 'Open');
    await waitFor(
      () => expect(fates().filter((fate) => fate?.endsWith('has come back'))).toHaveLength(5),
      patient,
    );
  },
};
