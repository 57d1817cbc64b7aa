import type { RedisClient } from './client.ts';
import { RedisLink } from './link.ts';
import type { RedisReporter } from './reporter.ts';
import { RETRY_PAUSE } from './timing.ts';
import { Wait } from './waiting.ts';

/** Keeps a link to Redis: makes a new one whenever a link is lost, and runs the same work on each. */
export class Reconnector {
  readonly #client: RedisClient;
  readonly #work: (link: RedisLink) => Promise<void>;
  readonly #reporter: RedisReporter;
  readonly #pause = new Wait();
  #link: RedisLink | undefined;
  #isStopped = false;
  #ended: Promise<void> | undefined;

  /** @param work - Resolves when the link is not wanted any more, and rejects if the link does not work. */
  constructor(
    client: RedisClient,
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
        if (!this.#isStopped) this.#reporter.lost(error);
      }
      if (!this.#isStopped) await this.#pause.start(RETRY_PAUSE + Math.random() * RETRY_PAUSE);
    }
    this.#client.off('error', ignore);
  }

  async #useLink(): Promise<void> {
    const link = new RedisLink(this.#client, this.#reporter);
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
