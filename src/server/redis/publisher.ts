import type { Buffer } from 'node:buffer';
import type { RedisLink } from './link.ts';
import type { RedisReporter } from './reporter.ts';

/** How many bytes may be on their way to a Redis that does not answer. */
const MAX_UNANSWERED = 16 * 1_048_576;

/** Publishes on one channel, and drops messages while Redis does not keep up. */
export class Publisher {
  readonly #channel: string;
  readonly #reporter: RedisReporter;
  readonly #report: (error: Error) => void;
  #unanswered = 0;
  #isBehind = false;

  constructor(channel: string, reporter: RedisReporter, report: (error: Error) => void) {
    this.#channel = channel;
    this.#reporter = reporter;
    this.#report = report;
  }

  publish(link: RedisLink, message: Buffer): void {
    if (this.#unanswered + message.length > MAX_UNANSWERED) this.#fallBehind();
    else void this.#send(link, message);
  }

  /** Redis has answered all that was sent before: the next time that it does not keep up is reported. */
  caughtUp(): void {
    this.#isBehind = false;
  }

  async #send(link: RedisLink, message: Buffer): Promise<void> {
    this.#unanswered += message.length;
    try {
      await link.send('PUBLISH', this.#channel, message);
    } catch (error) {
      this.#reporter.lost(error);
    } finally {
      this.#unanswered -= message.length;
    }
  }

  #fallBehind(): void {
    if (this.#isBehind) return;
    this.#isBehind = true;
    const fact = `Redis does not keep up: ${MAX_UNANSWERED / 1_048_576} MiB wait for it.`;
    this.#report(
      new Error(
        `${fact} Broadcasts reach only the clients of their own server until there is room: send less, or give Redis a faster network.`,
      ),
    );
  }
}
