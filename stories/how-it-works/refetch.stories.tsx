import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/refetch.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { Refetch } from './refetch.tsx';

const meta = {
  title: 'How it works/Refetch after a reconnect',
  component: Refetch,
  parameters: showExample(example, 'how-it-works/refetch.tsx'),
  args: { interval: 2_000, timeout: 2_000, room: '' },
  argTypes: controls('interval', 'timeout', 'room'),
} satisfies Meta<typeof Refetch>;

export default meta;
type Story = StoryObj<typeof meta>;

export const WithTanStackQuery: Story = { name: 'Refetch after a reconnect' };

export const OrdersThatWereMissedAreFetched: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: { interval: 500, timeout: 500 },
  play: async (play) => {
    const { canvas } = play;
    const seen = async (good: string, bad: string) => {
      await waitFor(() => expect(region(canvas, 'Fetches again')).toHaveTextContent(good), patient);
      await waitFor(() => expect(region(canvas, 'Does not fetch again')).toHaveTextContent(bad));
    };
    await untilStatus(play, 'Open');
    await seen('3 of 3', '3 of 3');
    await press(play, 'New order');
    await seen('4 of 4', '4 of 4');
    await press(play, 'Cut the cable');
    await press(play, 'New order');
    await press(play, 'New order');
    await seen('4 of 6', '4 of 6');
    await seen('6 of 6', '4 of 6');
    await expect(region(canvas, 'Fetches again')).toHaveTextContent('1 earlier');
  },
};
