import { MovedError } from './address-check.ts';
import type { RedisNode } from './client.ts';
import { RedisLink } from './link.ts';
import { isRefusal } from './refusal.ts';
import type { RedisReporter } from './reporter.ts';
import {
  ADDRESS_CHECK_INTERVAL,
  ANSWER_TIMEOUT,
  MAX_REFUSED_PAUSE,
  REFUSED_PAUSE,
  RESTORE_PERIOD,
  RETRY_PAUSE,
} from './timing.ts';
import { Wait } from './waiting.ts';

/** Keeps a link to Redis: makes a new one whenever a link is lost, and runs the same work on each. */
export class Reconnector {
  readonly #client: RedisNode;
  readonly #work: (link: RedisLink) => Promise<void>;
  readonly #reporter: RedisReporter;
  readonly #pause = new Wait();
  #link: RedisLink | undefined;
  /** The pause after the last refusal; 0 after any other loss. */
  #refusedPause = 0;
  /** How much later than this server the others may connect, beyond what they need after an outage of Redis. */
  #othersLater = 0;
  #isStopped = false;
  #ended: Promise<void> | undefined;

  /** @param work - Resolves when the link is not wanted any more, and rejects if the link does not work. */
  constructor(
    client: RedisNode,
    work: (link: RedisLink) => Promise<void>,
    reporter: RedisReporter,
  ) {
    this.#client = client;
    this.#work = work;
    this.#reporter = reporter;
  }

  start(): void {
    this.#ended = this.#run();
  }

  /** Ends the current wait of the work. */
  wake(): void {
    this.#link?.wake();
  }

  /** Makes no further link, and waits until the work on the current one has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#link?.release();
    this.#pause.end();
    await this.#ended;
  }

  async #run(): Promise<void> {
    // An `error` event of the application's client without a listener would end the process. Links report their own errors.
    this.#client.on('error', ignore);
    while (!this.#isStopped) {
      try {
        await this.#useLink();
      } catch (error) {
        if (!this.#isStopped) this.#lost(error);
      }
      if (!this.#isStopped) await this.#pause.start(this.#nextPause());
    }
    this.#client.off('error', ignore);
  }

  #lost(error: unknown): void {
    const isReported = this.#reporter.lost(error);
    const longer = isReported ? REFUSED_PAUSE : this.#refusedPause * 2 || REFUSED_PAUSE;
    this.#refusedPause = isRefusal(error) ? Math.min(longer, MAX_REFUSED_PAUSE) : 0;
    // Other servers may be in a pause twice as long, or not have checked the address yet.
    if (error instanceof MovedError)
      this.#othersLater =
        (this.#client.checkInterval ?? ADDRESS_CHECK_INTERVAL) + 4 * ANSWER_TIMEOUT;
    else if (isReported || this.#refusedPause > 0)
      this.#othersLater = Math.min(this.#refusedPause * 2, MAX_REFUSED_PAUSE);
  }

  /** Random, so that not all servers come back at the same moment. */
  #nextPause(): number {
    if (this.#refusedPause > 0) return this.#refusedPause * (0.75 + Math.random() / 4);
    return RETRY_PAUSE + Math.random() * RETRY_PAUSE;
  }

  async #useLink(): Promise<void> {
    const link = new RedisLink(this.#client, this.#reporter, RESTORE_PERIOD + this.#othersLater);
    this.#link = link;
    try {
      await link.connect();
      // Also awaited after a loss: the work on the next link must not start before this work has ended.
      await this.#work(link);
    } catch (error) {
      throw link.loss ?? error;
    } finally {
      this.#link = undefined;
      link.destroy();
    }
  }
}

function ignore(): void {}
