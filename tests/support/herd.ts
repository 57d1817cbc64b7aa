/** The most of these moments, in milliseconds, that lie in any one second. */
export function busiestSecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [index, moment] of sorted.entries()) {
    while (moment - Number(sorted[from]) >= 1_000) from++;
    most = Math.max(most, index + 1 - from);
  }
  return most;
}

/** The moment by which a share of them has come, from 0 to 1. */
export function momentOf(share: number, moments: readonly number[]): number {
  return moments.toSorted((a, b) => a - b)[Math.ceil(share * moments.length) - 1] ?? Number.NaN;
}

export const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);
