import { type Rate, takeToken } from './rate.ts';

/** How many identities are remembered at most, about 15 MB. Above it, half of them get a full bucket again, the oldest first. */
const MAX_REMEMBERED = 100_000;

/** Below this number, nothing is forgotten. */
const MIN_REMEMBERED = 1_000;

/**
 * A rate limit with one token bucket for each identity: all its connections share it, and a new connection does not get a
 * fresh one. The bucket of an identity is remembered until it is full.
 */
export class RateLimit {
  readonly #rate: Rate;
  /** When each bucket is full again. An identity that is not here has a full one. */
  readonly #fullAt = new Map<string, number>();
  /** The number of identities at which it looks for full buckets. It doubles, so that a message costs the same on average. */
  #cleanAt = MIN_REMEMBERED;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** The number of identities that are remembered. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes tokens of an identity. `now` is in milliseconds. @returns False if its bucket has too few. */
  take(id: string, now: number, count = 1): boolean {
    const fullAt = takeToken(this.#fullAt.get(id) ?? 0, now, this.#rate, count);
    if (fullAt === null) return false;
    this.#fullAt.set(id, fullAt);
    if (this.#fullAt.size >= this.#cleanAt) this.#clean(now);
    return true;
  }

  #clean(now: number): void {
    for (const [id, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(id);
    if (this.#fullAt.size >= MAX_REMEMBERED)
      for (const id of this.#fullAt.keys()) {
        this.#fullAt.delete(id);
        if (this.#fullAt.size <= MAX_REMEMBERED / 2) break;
      }
    this.#cleanAt = Math.min(MAX_REMEMBERED, Math.max(MIN_REMEMBERED, 2 * this.#fullAt.size));
  }
}
