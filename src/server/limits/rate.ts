/** A rate limit of messages: the refill rate and the size of a token bucket. Each identity has one bucket. */
export interface Rate {
  /** How many messages a second an identity may send in the long run. */
  readonly perSecond: number;
  /** How many messages an identity may send at once after a pause. At least 1. */
  readonly burst: number;
}

/** The largest rounding error, in messages, for a burst of thousands after months of uptime. */
const TOLERANCE = 0.01;

/**
 * Takes tokens from a bucket, one if not said otherwise. A bucket is one number: the time in milliseconds at which it is full again, 0 at first.
 *
 * @returns The new time at which the bucket is full again, or null if the bucket has too few.
 */
export function takeToken(
  fullAt: number,
  now: number,
  { perSecond, burst }: Rate,
  count = 1,
): number | null {
  const newFullAt = Math.max(fullAt, now) + (1_000 * count) / perSecond;
  const taken = ((newFullAt - now) * perSecond) / 1_000;
  return taken > burst + TOLERANCE ? null : newFullAt;
}
