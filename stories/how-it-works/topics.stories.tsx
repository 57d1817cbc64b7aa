import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/topics.tsx?raw';
import { Topics } from './topics.tsx';
import { patient, press, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Topics',
  component: Topics,
  parameters: showExample(example, 'how-it-works/topics.tsx'),
  args: { room: '', perSecond: 200 },
  argTypes: controls('perSecond', 'room'),
} satisfies Meta<typeof Topics>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoHundredTickers: Story = { name: 'Topics' };

const ONE_FRAME_FOR_ALL = 'Topics at the server200Subscribe messages1Connections';

const received = ({ textContent }: HTMLElement) =>
  Number(/Prices received(\d+)/.exec(textContent ?? '')?.[1]);

export const SubscribesAgainAfterALostConnection: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    const summary = region(canvas, 'Connection');
    const last = () =>
      within(canvas.getByRole('list', { name: 'Tickers' }))
        .getAllByRole('listitem')
        .at(-1);
    await waitFor(() => expect(last()).toHaveTextContent(/T200\d+\.\d\d/), patient);
    await press(play, 'Stop');
    await waitFor(() => expect(summary).toHaveTextContent(ONE_FRAME_FOR_ALL), patient);
    await press(play, 'Kill the TCP connection');
    await waitFor(() => expect(summary).toHaveTextContent('Connections so far2'), patient);
    await waitFor(() => expect(summary).toHaveTextContent(ONE_FRAME_FOR_ALL), patient);
    const before = received(summary);
    await press(play, 'Start');
    await waitFor(() => expect(received(summary)).toBeGreaterThan(before), patient);
  },
};

export const EachTickerRendersOnlyForItsTopic: Story = {
  tags: ['!dev'],
  args: { perSecond: 1_000 },
  play: async (play) => {
    const { canvas } = play;
    const summary = region(canvas, 'Connection');
    await waitFor(() => expect(received(summary)).toBeGreaterThan(1_000), patient);
    await press(play, 'Stop');
    // The summary counts what the tickers have shown a moment before.
    const counts = canvas.getAllByLabelText('Times rendered');
    await expect(counts).toHaveLength(200);
    const renders = () => counts.reduce((sum, { textContent }) => sum + Number(textContent), 0);
    await waitFor(() => expect(renders()).toBeLessThanOrEqual(200 + received(summary)), patient);
  },
};

export const UnsubscribesFromHiddenTickers: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    const summary = region(canvas, 'Connection');
    await waitFor(() => expect(summary).toHaveTextContent(ONE_FRAME_FOR_ALL), patient);
    await press(play, 'Show only 20');
    await waitFor(
      () => expect(summary).toHaveTextContent('Topics at the server20Subscribe'),
      patient,
    );
    await press(play, 'Show all 200');
    await waitFor(
      () => expect(summary).toHaveTextContent('Topics at the server200Subscribe messages2'),
      patient,
    );
  },
};
