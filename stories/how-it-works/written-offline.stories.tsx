import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/written-offline.tsx?raw';
import { WrittenOffline } from './written-offline.tsx';
import { fill, patient, press, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Written offline',
  component: WrittenOffline,
  parameters: showExample(example, 'how-it-works/written-offline.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof WrittenOffline>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ATab: Story = { name: 'Written offline' };

export const WhatWasWrittenOfflineOutlivesTheTab: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    const list = (title: string) =>
      within(region(canvas, title))
        .queryAllByRole('listitem')
        .map(({ textContent }) => textContent);
    const write = async (text: string) => {
      await fill(play, 'Message', text);
      await press(play, 'Send');
    };
    const isOpen = () => within(region(canvas, 'Your tab')).getByText('Open', { exact: true });
    await waitFor(isOpen, patient);
    await write('online');
    await waitFor(() => expect(list('The server')).toEqual(['online']), patient);
    await waitFor(() => expect(list('Your tab')).toEqual([]), patient);

    await press(play, 'Go offline');
    for (const text of ['one', 'two', 'three']) await write(text);
    const waiting = ['one', 'two', 'three'].map((text) => `${text}not sent yet`);
    await waitFor(() => expect(list('Your tab')).toEqual(waiting), patient);
    await press(play, 'Close the tab');
    await canvas.findByText(/The tab is closed/);
    await press(play, 'Open the tab again');
    await waitFor(() => expect(list('Your tab')).toEqual(waiting), patient);
    await press(play, 'Go online');
    await waitFor(
      () => expect(list('The server')).toEqual(['online', 'one', 'two', 'three']),
      patient,
    );
    await waitFor(() => expect(list('Your tab')).toEqual([]), patient);
  },
};
