/** The figures that are measured: heading, meaning and unit. */
export const FIGURES = {
  cpu: ['CPU', 'ms in tasks of the main thread of the page (`TaskDuration`)', 'ms'],
  thread: ['thread', 'ms of processor time of that thread (`ThreadTime`)', 'ms'],
  script: ['script', 'ms in JavaScript, microtasks left out (`ScriptDuration`)', 'ms'],
  wall: ['wall', 'ms from "go" to the frame that shows the end', 'ms'],
  renders: ['renders', 'renders of components that use the library', 'count'],
  handled: ['handled', 'messages that the handler saw', 'count'],
  right: ['right', 'components that show what they should in the end', 'count'],
  longest: ['longest task', 'the longest task in ms; none is told below 50', 'task'],
  clicks: ['clicks', 'clicks that were answered', 'count'],
  click: ['click', 'ms from a click to the frame that shows its effect, median of a round', 'ms'],
  clickWorst: ['worst click', 'the same, the worst of a round', 'ms'],
  called: ['called', 'ms in which all calls of `send` have returned', 'ms'],
  arrived: ['arrived', 'messages that arrived at the server', 'count'],
  heap: ['heap', 'MB of heap after a collection', 'mb'],
  heapEach: ['each', 'bytes of heap for each component', 'count'],
  reopened: ['reopened', 's from the stall to the next open socket', 'reopened'],
} as const satisfies Record<string, readonly [heading: string, meaning: string, unit: Unit]>;

type Unit = 'ms' | 'count' | 'task' | 'mb' | 'reopened';

export type FigureName = keyof typeof FIGURES;

/** Measured figures; null for what a library cannot do. */
export type Figures = { readonly [Name in FigureName]?: number | null };

/** The figure for something that did not happen within the limit. */
export const NEVER = 1e9;

/** The text for a missing figure. */
export const NOT_MEASURED = '–';

/** The longest wait until a dead peer is noticed, in milliseconds. */
export const PATIENCE = 70_000;

const group = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

const UNITS: Record<Unit, (value: number) => string> = {
  ms: (value) => (value < 10 ? value.toFixed(1) : group(value)),
  count: group,
  task: (value) => (value === 0 ? '< 50' : group(value)),
  mb: (value) => (value / 1e6).toFixed(2),
  reopened: (value) =>
    value === NEVER ? `> ${PATIENCE / 1_000} s` : `${(value / 1_000).toFixed(1)} s`,
};

/** A figure as text, for a table. */
export const written = (name: FigureName, value: number | null | undefined): string =>
  value === null || value === undefined ? NOT_MEASURED : UNITS[FIGURES[name][2]](value);

/** The median of numbers; null if one of them is missing. */
export function median(values: readonly (number | null | undefined)[]): number | null {
  const sorted = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  if (sorted.length < values.length) return null;
  const [low = null, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === null || high === null ? null : (low + high) / 2;
}

/** The median of each figure. */
export function medians(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {}) as FigureName[];
  return Object.fromEntries(names.map((name) => [name, median(all.map((one) => one[name]))]));
}
