import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/live-data.tsx?raw';
import { LiveData } from './live-data.tsx';
import { patient, press, rate, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'Apps/Live data',
  component: LiveData,
  parameters: showExample(example, 'apps/live-data.tsx'),
  args: { room: '', perSecond: 5_000 },
  argTypes: controls('perSecond', 'room'),
} satisfies Meta<typeof LiveData>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThousandsASecond: Story = { name: 'Live data' };

export const RendersMuchLessOftenThanMessagesArrive: Story = {
  tags: ['!dev'],
  args: { perSecond: 5_000 },
  play: async ({ canvas }) => {
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(10_000), patient);
    await expect(rate(canvas, /^Renders so far/)).toBeGreaterThan(10);
    await expect(rate(canvas, /^Renders so far/) * 10).toBeLessThan(
      rate(canvas, /^Messages so far/),
    );
    await expect(region(canvas, 'Prices')).toHaveTextContent(
      /Copper\d+\.\d\dNickel\d+\.\d\dZinc\d+\.\d\d/,
    );
  },
};

export const PricesArriveAgainAfterALostConnection: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: { perSecond: 500 },
  play: async (play) => {
    const { canvas } = play;
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(0), patient);
    await press(play, 'Kill the TCP connection');
    await untilStatus(play, 'Reconnecting');
    await untilStatus(play, 'Open');
    await waitFor(() => expect(rate(canvas, /^Messages$/)).toBeGreaterThan(400), patient);
  },
};
