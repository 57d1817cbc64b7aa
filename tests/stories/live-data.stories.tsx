import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { LiveData } from '../../stories/apps/live-data.tsx';
import { LivePositions } from '../../stories/apps/live-positions.tsx';

const meta = {
  title: 'Tests/Live data',
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas'];

const patient = { timeout: 10_000 };

/** A number of the panel of rates, by its label. */
function rate(canvas: Canvas, label: RegExp): number {
  const figure = within(canvas.getByRole('region', { name: 'Rates' })).getByText(label);
  return Number(/[\d,]+/.exec(figure.nextElementSibling?.textContent ?? '')?.[0].replace(',', ''));
}

export const RendersFarLessThanItHears: Story = {
  render: () => <LiveData perSecond={5_000} />,
  play: async ({ canvas }) => {
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(10_000), patient);
    await expect(rate(canvas, /^Renders so far/)).toBeGreaterThan(10);
    await expect(rate(canvas, /^Renders so far/) * 10).toBeLessThan(
      rate(canvas, /^Messages so far/),
    );
    await expect(canvas.getByRole('region', { name: 'Prices' })).toHaveTextContent(
      /Copper\d+\.\d\dNickel\d+\.\d\dZinc\d+\.\d\d/,
    );
  },
};

export const PricesComeAgainAfterADrop: Story = {
  globals: { theme: 'dark' },
  render: () => <LiveData perSecond={500} />,
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(0), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Drop' }));
    await canvas.findByText('Reconnecting');
    await canvas.findByText('Open', {}, patient);
    await waitFor(() => expect(rate(canvas, /^Messages$/)).toBeGreaterThan(400), patient);
  },
};

/** Where each aircraft is on the map. */
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
  render: () => <LivePositions />,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(aircraft(canvasElement).size).toBe(36), patient);
    const start = aircraft(canvasElement);
    await waitFor(() => expect(moved(canvasElement, start)).toBeGreaterThan(30), patient);
  },
};

export const AircraftMoveOnceASecondForWhoWantsLessMotion: Story = {
  beforeEach() {
    const { matchMedia } = window;
    const reduced = Object.assign(new EventTarget(), { matches: true }) as MediaQueryList;
    window.matchMedia = (query) =>
      query.includes('prefers-reduced-motion') ? reduced : matchMedia(query);
    return () => {
      window.matchMedia = matchMedia;
    };
  },
  render: () => <LivePositions />,
  play: async ({ canvas }) => {
    await waitFor(() => expect(rate(canvas, /^Messages so far/)).toBeGreaterThan(1_000), patient);
    await expect(rate(canvas, /^Renders so far/)).toBeGreaterThan(36);
    await expect(rate(canvas, /^Renders so far/) * 3).toBeLessThan(
      rate(canvas, /^Messages so far/),
    );
  },
};

export const AircraftStopWhereTheyWereLastSeenAndGoOn: Story = {
  globals: { theme: 'dark' },
  render: () => <LivePositions />,
  play: async ({ canvas, canvasElement, userEvent }) => {
    await waitFor(() => expect(aircraft(canvasElement).size).toBe(36), patient);
    const seconds = canvas.getByLabelText('Seconds to refuse');
    await userEvent.clear(seconds);
    await userEvent.type(seconds, '1');
    await userEvent.click(canvas.getByRole('button', { name: 'Refuse' }));
    await canvas.findByText(/The last known positions/);
    const known = aircraft(canvasElement);
    // Three times as long as from one position to the next.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(moved(canvasElement, known)).toBe(0);
    await waitFor(() => expect(moved(canvasElement, known)).toBeGreaterThan(30), patient);
    await canvas.findByText(/ten positions a second/);
  },
};
