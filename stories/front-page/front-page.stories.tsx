import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, spyOn, waitFor, within } from 'storybook/test';
import example from '../examples/why-react-lifeline.tsx?raw';
import { showExample } from '../parts/example.ts';
import { type Canvas, press } from '../parts/play.ts';
import { FrontPage } from './front-page.tsx';

const meta = {
  title: 'Why react-lifeline',
  component: FrontPage,
  parameters: {
    ...showExample(example, 'front-page/front-page.tsx'),
    devtools: { isHidden: true },
  },
  args: { patience: 70_000, flood: 2_500 },
  argTypes: {
    patience: { table: { disable: true } },
    flood: { table: { disable: true } },
  },
} satisfies Meta<typeof FrontPage>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Why: Story = { name: 'Why react-lifeline', tags: ['recorded'] };

/** Longer than a race. */
const patient = { timeout: 15_000 };

/** The part of a list that is about one app. */
function rowOf(canvas: Canvas, list: string, name: string) {
  const title = within(canvas.getByRole('list', { name: list })).getByRole('heading', { name });
  return title.closest('li');
}

export const OneAppNoticesTheCutAndAFloodFollows: Story = {
  tags: ['!dev', 'live'],
  globals: { theme: 'dark' },
  // A short race, and a flood of little.
  args: { patience: 3_000, flood: 200 },
  beforeEach() {
    // react-use-websocket warns of its timeout.
    spyOn(console, 'warn').mockImplementation(() => {});
    // Its socket tells it of the end after it has been unmounted. Storybook unmounts within act(), of which React does not know then.
    const { error } = console;
    spyOn(console, 'error').mockImplementation((...said: unknown[]) => {
      if (!String(said[0]).includes('not configured to support act(')) error(...said);
    });
  },
  play: async (play) => {
    const { canvas } = play;
    const lane = (name: string) => rowOf(canvas, 'The race', name);
    const says = canvas.getByRole('status', { name: 'Result' });
    await waitFor(() => expect(lane('WebSocket')).toHaveTextContent('Prices arrive'), patient);
    const first = lane('WebSocket');
    await press(play, 'Cut it again');
    await waitFor(() => expect(lane('WebSocket')).not.toBe(first));
    await waitFor(() => expect(says).toHaveTextContent(/^react-lifeline: Noticed after/), patient);
    await expect(lane('react-lifeline')).toHaveTextContent(/Noticed after .* open after/);
    const gaveUp = /After \d\.\d s: still says “Open”/;
    await waitFor(() => expect(lane('WebSocket')).toHaveTextContent(gaveUp), patient);
    await expect(lane('react-use-websocket')).toHaveTextContent(gaveUp);

    const row = rowOf(canvas, 'The flood', 'react-lifeline');
    await waitFor(() => expect(row).toHaveTextContent(/\d+ frames\/s\d+ renders\/s/), patient);
  },
};

export const ShowsTheCodeThatRuns: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await press(play, 'react-use-websocket');
    const code = canvas.getByRole('region', { name: 'Code of react-use-websocket' });
    await expect(code).toHaveTextContent("from 'react-use-websocket'");
    await expect(code).toHaveTextContent('shouldReconnect: () => true');
  },
};
