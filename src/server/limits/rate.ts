/** How many messages a client may send: the size and the refill rate of a token bucket. */
export interface Rate {
  /** How many a second in the long run. */
  readonly perSecond: number;
  /** How many at once after a pause. */
  readonly burst: number;
}

/** The rounding error of a burst of thousands, after months of uptime, in messages. */
const TOLERANCE = 0.01;

/**
 * Takes a token from a bucket. The bucket is kept as one number: the time at which it is full again, 0 at first.
 *
 * @returns The new time, or null where the bucket is empty. All times are in milliseconds.
 */
export function takeToken(fullAt: number, now: number, { perSecond, burst }: Rate): number | null {
  const newFullAt = Math.max(fullAt, now) + 1_000 / perSecond;
  const taken = ((newFullAt - now) * perSecond) / 1_000;
  return taken > burst + TOLERANCE ? null : newFullAt;
}
