import type { Buffer } from 'node:buffer';
import type { RedisLink } from './link.ts';

/** How many bytes may be sent to Redis without an answer. */
const MAX_UNANSWERED = 16 * 1_048_576;

/** Publishes messages, and drops them while too many bytes wait for Redis. */
export class Publisher {
  readonly #report: (error: Error) => void;
  #unanswered = 0;
  #isBehind = false;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  publish(link: RedisLink, channel: string, message: Buffer): void {
    if (this.#unanswered + message.length > MAX_UNANSWERED) this.#fallBehind();
    else void this.#send(link, channel, message);
  }

  /** Called when Redis has answered: the next time that it is too slow is reported again. */
  caughtUp(): void {
    this.#isBehind = false;
  }

  async #send(link: RedisLink, channel: string, message: Buffer): Promise<void> {
    this.#unanswered += message.length;
    try {
      await link.publish(channel, message);
    } catch (error) {
      // Who cannot publish must not seem to work: the next link finds out whether it can.
      link.lose(error as Error);
    } finally {
      this.#unanswered -= message.length;
    }
  }

  #fallBehind(): void {
    if (this.#isBehind) return;
    this.#isBehind = true;
    const fact = `Redis is too slow: ${MAX_UNANSWERED / 1_048_576} MiB of broadcasts wait for it.`;
    this.#report(
      new Error(
        `${fact} Until it has caught up, new broadcasts reach only the clients of their own server: send less, or give Redis a faster network.`,
      ),
    );
  }
}
