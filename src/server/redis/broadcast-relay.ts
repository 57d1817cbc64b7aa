import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Broadcast, BroadcastListener } from '../broadcasts/channel.ts';
import { decode, encode } from './broadcast-message.ts';
import type { RedisClient } from './client.ts';
import type { RedisLink } from './link.ts';
import { Publisher } from './publisher.ts';
import { Reconnector } from './reconnector.ts';
import { RedisClock } from './redis-clock.ts';
import { RedisReporter } from './reporter.ts';

/** How often Redis is asked for a sign of life, in milliseconds. */
const CHECK_INTERVAL = 1_000;

/**
 * How old a broadcast may be when it arrives, in milliseconds. An older one waited in a network or a Redis that stood
 * still, and its server has reported that it reaches nobody else.
 */
const MAX_AGE = 5_000;

/** Publishes the broadcasts of one server on a channel in Redis, and delivers those of the others. */
export class BroadcastRelay {
  readonly #server: string = randomUUID();
  readonly #clock = new RedisClock();
  readonly #channel: string;
  readonly #listener: BroadcastListener;
  readonly #reporter: RedisReporter;
  readonly #publisher: Publisher;
  readonly #reconnector: Reconnector;
  #link: RedisLink | undefined;

  constructor(client: RedisClient, channel: string, listener: BroadcastListener) {
    const report = (error: Error) => listener.error(error);
    this.#channel = channel;
    this.#listener = listener;
    this.#reporter = new RedisReporter(
      report,
      'Broadcasts reach only the clients of their own server until Redis is back.',
    );
    this.#publisher = new Publisher(channel, this.#reporter, report);
    this.#reconnector = new Reconnector(client, (link) => this.#run(link), this.#reporter);
  }

  start(): void {
    this.#reconnector.start();
  }

  publish(broadcast: Broadcast): void {
    if (!this.#link) return this.#reporter.lost('there is no connection');
    const message = encode({ from: this.#server, at: this.#clock.now(), broadcast });
    this.#publisher.publish(this.#link, message);
  }

  async stop(): Promise<void> {
    await this.#reconnector.stop();
  }

  /** The work on one link, until this server stops. */
  async #run(link: RedisLink): Promise<void> {
    await this.#clock.sync(link);
    await link.subscribe(this.#channel, (data) => this.#receive(data));
    this.#link = link;
    try {
      while (link.isWanted) {
        this.#publisher.caughtUp();
        this.#reporter.recovered();
        await link.wait(CHECK_INTERVAL);
        await this.#clock.sync(link);
      }
    } finally {
      this.#link = undefined;
    }
  }

  #receive(data: Buffer): void {
    const { from, at, broadcast } = decode(data);
    const age = this.#clock.now() - at;
    if (from !== this.#server && age <= MAX_AGE) this.#listener.deliver(broadcast);
  }
}
