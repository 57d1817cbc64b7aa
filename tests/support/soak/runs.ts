/** A sequence of numbers, each mostly the one after that before it, in the room of its gaps. */
export type Run = [from: number, to: number];

/** Adds a number at the end. */
export function append(runs: Run[], n: number): void {
  const last = runs.at(-1);
  if (last && n === last[1] + 1) last[1] = n;
  else runs.push([n, n]);
}

/** How many numbers there are. */
export const count = (runs: readonly Run[]): number =>
  runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** Whether a sequence is the beginning of another, or all of it. */
export const isBeginning = (runs: readonly Run[], whole: readonly Run[]): boolean =>
  runs.every(([from, to], index) => {
    const [start = Number.NaN, end = Number.NaN] = whole[index] ?? [];
    return from === start && (index < runs.length - 1 ? to === end : to <= end);
  });
