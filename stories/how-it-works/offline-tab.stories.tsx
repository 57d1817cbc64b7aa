import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/offline-tab.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { OfflineTab } from './offline-tab.tsx';

const meta = {
  title: 'How it works/Offline tab',
  component: OfflineTab,
  parameters: showExample(example, 'how-it-works/offline-tab.tsx'),
  args: {
    signals: true,
    interval: 25_000,
    timeout: 10_000,
    minDelay: 250,
    baseDelay: 3_000,
    maxDelay: 30_000,
    maxMessages: 20,
    room: '',
  },
  argTypes: controls(
    'signals',
    'interval',
    'timeout',
    'minDelay',
    'baseDelay',
    'maxDelay',
    'maxMessages',
    'room',
  ),
} satisfies Meta<typeof OfflineTab>;

export default meta;
type Story = StoryObj<typeof meta>;

export const UntilTheNetworkIsBack: Story = { name: 'Offline tab' };

export const WhatWasSentOfflineArrivesLongBeforeTheNextAttemptIsDue: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  // Without “online”, the second attempt would come after 20 s.
  args: { timeout: 1_000, minDelay: 20_000 },
  play: async (play) => {
    const { canvas } = play;
    const items = (name: string) =>
      within(region(canvas, name))
        .queryAllByRole('listitem')
        .map(({ textContent }) => textContent);
    await untilStatus(play, 'Open');
    // The devtools are told of a connection a moment later.
    const offline = canvas.getByRole('button', { name: 'Offline' });
    await waitFor(() => expect(offline).toHaveAttribute('aria-disabled', 'false'));
    await press(play, 'Offline');
    await untilStatus(play, 'Reconnecting');
    await waitFor(() => expect(items('What happened').at(-1)).toMatch(/^An attempt/), patient);
    await press(play, 'Send');
    await press(play, 'Send');
    await expect(items('Messages')).toEqual([1, 2].map((n) => `message ${n}queued in the outbox`));

    const start = performance.now();
    await press(play, 'Offline');
    await untilStatus(play, 'Open');
    await expect(performance.now() - start).toBeLessThan(5_000);
    await waitFor(
      () =>
        expect(items('Messages')).toEqual([1, 2].map((n) => `message ${n}echoed by the server`)),
      patient,
    );
    const story = [
      'The network is gone. The browser says “offline”',
      'A ping is sent',
      'The link is lost. The heartbeat timed out',
      'An attempt has failed',
      'The network is back. The browser says “online”',
      'A new link is open',
      'The answer is here',
    ];
    // A busy page may send a second ping before it gives up.
    await waitFor(
      () => expect(items('What happened').join(' ')).toMatch(new RegExp(story.join('.*'))),
      patient,
    );
  },
};
