import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/nothing-is-lost.tsx?raw';
import { NothingIsLost } from './nothing-is-lost.tsx';
import { type Canvas, type Play, patient, press, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Nothing is lost',
  component: NothingIsLost,
  parameters: showExample(example, 'how-it-works/nothing-is-lost.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof NothingIsLost>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoConnections: Story = { name: 'Nothing is lost' };

const PLAIN = 'A plain WebSocket';
const OURS = 'react-lifeline';
const UP = 'The page to the server';
const DOWN = 'The server to the page';

/** A figure of one direction. */
function figure(canvas: Canvas, side: string, way: string, label: string): number {
  const group = within(region(canvas, side)).getByRole('figure', { name: way });
  return Number(within(group).getByText(label).nextElementSibling?.textContent);
}

const lost = (canvas: Canvas, side: string) =>
  [UP, DOWN].map((way) => figure(canvas, side, way, 'lost'));

/** Waits until both are open, and three more numbers have arrived in each direction. */
async function goesOn(canvas: Canvas): Promise<void> {
  const arrived = () =>
    [PLAIN, OURS].flatMap((side) => [UP, DOWN].map((way) => figure(canvas, side, way, 'arrived')));
  for (const side of [PLAIN, OURS])
    await waitFor(() => within(region(canvas, side)).getByText('Open'), patient);
  const before = arrived();
  await waitFor(
    () => arrived().forEach((count, n) => expect(count).toBeGreaterThan((before[n] ?? 0) + 2)),
    patient,
  );
}

async function befalls(play: Play, button: string, words: RegExp): Promise<void> {
  const { canvas } = play;
  // One may be open again before the other is closed.
  const closed = [PLAIN, OURS].map((side) =>
    waitFor(() => expect(within(region(canvas, side)).queryByText('Open')).toBeNull(), patient),
  );
  await press(play, button);
  await canvas.findByText(words);
  await Promise.all(closed);
  await goesOn(canvas);
}

/** In the dark: checked for accessibility with losses. */
export const OnlyThePlainSocketLosesNumbers: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await goesOn(canvas);
    await expect([lost(canvas, PLAIN), lost(canvas, OURS)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    await befalls(play, 'Cut the cable', /cut for 2 s/);
    const [up = 0, down = 0] = lost(canvas, PLAIN);
    await expect([up > 0, down > 0]).toEqual([true, true]);
    await befalls(play, 'Kill the server', /killed for 3 s/);
    const [moreUp = 0, moreDown = 0] = lost(canvas, PLAIN);
    await expect([moreUp > up, moreDown > down]).toEqual([true, true]);
    // They are open again too soon to be seen closed each time.
    await press(play, 'Reload the pages');
    await canvas.findByText(/Both pages reload/);
    await goesOn(canvas);
    await expect(lost(canvas, OURS)).toEqual([0, 0]);
    const marks = [PLAIN, OURS].map((side) => {
      const group = within(region(canvas, side)).getByRole('figure', { name: DOWN });
      return [group.querySelectorAll('[data-fate]').length, figure(canvas, side, DOWN, 'sent')];
    });
    for (const [shown, sent = 0] of marks) await expect(shown).toBe(Math.min(30, sent));
  },
};
