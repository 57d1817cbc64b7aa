import type { RedisLink } from './link.ts';

/** The clock of Redis. All servers use it, because their own clocks may differ. */
export class RedisClock {
  /** The time of the clock of Redis at which `performance.now()` was 0. */
  #origin = 0;

  /** Returns the time of Redis, in milliseconds since the Unix epoch. */
  now(): number {
    return this.#origin + performance.now();
  }

  /** Reads the time of Redis. Rejects if Redis does not answer. */
  async sync(link: RedisLink): Promise<void> {
    const askedAt = performance.now();
    const [seconds, microseconds] = (await link.send('TIME')) as [string, string];
    this.#origin = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - askedAt;
  }
}
