/** Consecutive numbers from and to. A list of runs stores a long sequence with few gaps. */
export type Run = [from: number, to: number];

/** Adds a number at the end. */
export function append(runs: Run[], n: number): void {
  const last = runs.at(-1);
  if (last && n === last[1] + 1) last[1] = n;
  else runs.push([n, n]);
}

/** The number of numbers in all runs. */
export const count = (runs: readonly Run[]): number =>
  runs.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** Whether a sequence is the beginning, or all, of another one. */
export const isBeginning = (runs: readonly Run[], whole: readonly Run[]): boolean =>
  runs.every(([from, to], index) => {
    const [start = Number.NaN, end = Number.NaN] = whole[index] ?? [];
    return from === start && (index < runs.length - 1 ? to === end : to <= end);
  });
