/** How many messages a client may send: a token bucket. */
export interface Rate {
  /** How many in a second, in the long run. */
  readonly perSecond: number;
  /** How many at once, after a rest. */
  readonly burst: number;
}

/** What floating point may have lost in a burst of thousands, after months, in messages. */
const TOLERANCE = 0.01;

/**
 * Takes a token from a bucket, which is kept as one number: the time at which it is full again, 0 at first.
 *
 * @returns The new time, or null where the bucket is empty. All times in milliseconds.
 */
export function take(fullAt: number, now: number, { perSecond, burst }: Rate): number | null {
  const next = Math.max(fullAt, now) + 1_000 / perSecond;
  return ((next - now) * perSecond) / 1_000 > burst + TOLERANCE ? null : next;
}
