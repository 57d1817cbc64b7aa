import type { Buffer } from 'node:buffer';
import type { RedisNode } from './client.ts';
import { RedisLink } from './link.ts';
import { RedisReporter } from './reporter.ts';
import { ADDRESS_CHECK_INTERVAL, ANSWER_TIMEOUT } from './timing.ts';
import { Wait } from './waiting.ts';

/**
 * Checks whether new connections still reach the Redis of a link. After a failover they may not, while the old Redis
 * goes on, and the link with it: then the servers would talk past each other. So a new connection publishes a message from time
 * to time, and the link must hear it; otherwise the link is lost.
 */
export class AddressCheck {
  readonly #client: RedisNode;
  readonly #link: RedisLink;
  readonly #channel: string;
  readonly #message: Buffer;
  readonly #wait = new Wait();
  #isHeard = false;
  #isStopped = false;
  #newLink: RedisLink | undefined;

  /** @param channel - A channel to which the link has subscribed; it calls `heard()` for the message. */
  constructor(client: RedisNode, link: RedisLink, channel: string, message: Buffer) {
    this.#client = client;
    this.#link = link;
    this.#channel = channel;
    this.#message = message;
  }

  start(): void {
    void this.#run();
  }

  /** Called when the message has arrived. */
  heard(): void {
    this.#isHeard = true;
  }

  stop(): void {
    this.#isStopped = true;
    this.#wait.end();
    this.#newLink?.destroy();
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#wait.start(this.#client.checkInterval ?? ADDRESS_CHECK_INTERVAL);
      if (this.#isStopped) return;
      if (!(await this.#isElsewhere()) || this.#isStopped) continue;
      return this.#link.lose(new MovedError());
    }
  }

  async #isElsewhere(): Promise<boolean> {
    this.#isHeard = false;
    try {
      if (!(await this.#publish())) return false;
      await this.#wait.start(ANSWER_TIMEOUT);
      // What Redis published before comes before this answer.
      await this.#link.send('PING');
      return !this.#isHeard;
    } catch {
      // An address that does not work says nothing about the link, which is checked by its own commands.
      return false;
    }
  }

  /** Publishes the message over a new connection. Returns false if that is not possible. */
  async #publish(): Promise<boolean> {
    const link = new RedisLink(this.#client, new RedisReporter(() => {}, ''));
    this.#newLink = link;
    try {
      await link.connect();
      if ((await link.role()) !== 'master') return false;
      await link.publish(this.#channel, this.#message);
      return true;
    } finally {
      link.destroy();
    }
  }
}

/** Why a link is given up that leads to another Redis than new connections. */
export class MovedError extends Error {
  override readonly name = 'MovedError';

  constructor() {
    super('its address leads to another Redis now');
  }
}
