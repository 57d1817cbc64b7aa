import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/live-positions.tsx?raw';
import { LivePositions } from './live-positions.tsx';
import { patient, rate, refuse } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'Apps/Live positions',
  component: LivePositions,
  parameters: showExample(example, 'apps/live-positions.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof LivePositions>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AroundTheWorld: Story = { name: 'Live positions' };

/** The place of each aircraft on the map. */
function aircraft(canvasElement: HTMLElement): Map<string, string> {
  const all = canvasElement.querySelectorAll<SVGElement>('[data-aircraft]');
  return new Map(
    Array.from(all, (one) => [
      one.dataset.aircraft ?? '',
      ['cx', 'cy'].map((name) => one.querySelector('circle')?.getAttribute(name)).join(' '),
    ]),
  );
}

const moved = (canvasElement: HTMLElement, from: Map<string, string>) =>
  Array.from(aircraft(canvasElement)).filter(([id, place]) => from.get(id) !== place).length;

export const AircraftMove: Story = {
  tags: ['!dev'],
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(aircraft(canvasElement).size).toBe(36), patient);
    const start = aircraft(canvasElement);
    await waitFor(() => expect(moved(canvasElement, start)).toBeGreaterThan(30), patient);
  },
};

export const AircraftMoveOnceASecondWithReducedMotion: Story = {
  tags: ['!dev'],
  beforeEach() {
    const { matchMedia } = window;
    const reduced = Object.assign(new EventTarget(), { matches: true }) as MediaQueryList;
    window.matchMedia = (query) =>
      query.includes('prefers-reduced-motion') ? reduced : matchMedia(query);
    return () => {
      window.matchMedia = matchMedia;
    };
  },
  play: async ({ canvas }) => {
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(1_000), patient);
    await expect(rate(canvas, /^Renders so far/)).toBeGreaterThan(36);
    await expect(rate(canvas, /^Renders so far/) * 3).toBeLessThan(
      rate(canvas, /^Messages so far/),
    );
  },
};

export const AircraftStopWithoutALinkAndMoveAgain: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas, canvasElement } = play;
    await waitFor(() => expect(aircraft(canvasElement).size).toBe(36), patient);
    await refuse(play, '1');
    await canvas.findByText(/^No connection:/);
    const known = aircraft(canvasElement);
    // Three times as long as from one position to the next.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(moved(canvasElement, known)).toBe(0);
    await waitFor(() => expect(moved(canvasElement, known)).toBeGreaterThan(30), patient);
    await canvas.findByText(/ten positions a second/);
  },
};
