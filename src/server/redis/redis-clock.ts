import type { RedisLink } from './link.ts';

/** The clock of Redis, which all servers share. Their own may differ by any time. */
export class RedisClock {
  /** What the clock of Redis shows when `performance.now()`, which never jumps, is 0. */
  #origin = 0;

  /** In epoch milliseconds. */
  now(): number {
    return this.#origin + performance.now();
  }

  /** Sets the clock by an answer of Redis, and so makes sure that Redis answers. */
  async sync(link: RedisLink): Promise<void> {
    const askedAt = performance.now();
    const [seconds, microseconds] = (await link.send('TIME')) as [string, string];
    this.#origin = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - askedAt;
  }
}
