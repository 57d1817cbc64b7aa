/** The largest number of these times, in milliseconds, within one second. */
export function busiestSecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [index, time] of sorted.entries()) {
    while (time - Number(sorted[from]) >= 1_000) from++;
    most = Math.max(most, index + 1 - from);
  }
  return most;
}

/** The time by which a share of the times has passed, from 0 to 1. */
export function timeOfShare(share: number, times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? Number.NaN;
}

export const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);
