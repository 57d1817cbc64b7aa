import type { RedisClient } from './client.ts';
import { RedisLink } from './link.ts';
import type { RedisReporter } from './reporter.ts';
import { RETRY_PAUSE } from './timing.ts';
import { Wait } from './waiting.ts';

/** Makes one link to Redis after the other, and does the same work on each of them. */
export class Reconnector {
  readonly #client: RedisClient;
  readonly #work: (link: RedisLink) => Promise<void>;
  readonly #reporter: RedisReporter;
  readonly #pause = new Wait();
  #link: RedisLink | undefined;
  #isStopped = false;
  #ended: Promise<void> | undefined;

  /** @param work - Ends when the link is not wanted any more, and rejects where it is of no use. */
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

  /** Ends the present wait of the work. */
  wake(): void {
    this.#link?.wake();
  }

  /** Makes no other link, and waits until the work on the present one has ended by itself. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#link?.release();
    this.#pause.end();
    await this.#ended;
  }

  async #run(): Promise<void> {
    // Without a listener, an error of the application's client would end the process. Errors of links are reported.
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
      // Waited for after a loss, too: the work on the next link must not begin before this one has ended.
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
