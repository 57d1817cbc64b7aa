import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Broadcast, BroadcastListener } from '../broadcasts/channel.ts';
import { decode, encode } from './broadcast-message.ts';
import { AddressCheck } from './address-check.ts';
import type { RedisClient } from './client.ts';
import type { RedisLink } from './link.ts';
import { Publisher } from './publisher.ts';
import { Reconnector } from './reconnector.ts';
import { RedisClock } from './redis-clock.ts';
import { RedisReporter } from './reporter.ts';

/** The time between two checks whether Redis still answers, in milliseconds. */
const CHECK_INTERVAL = 1_000;

/**
 * How old a broadcast may be when it arrives, in milliseconds. An older one waited while Redis or the network did not
 * work, and its server has reported that it reaches no other server.
 */
const MAX_AGE = 5_000;

/** Publishes the broadcasts of one server on a Redis channel, and delivers those of the other servers. */
export class BroadcastRelay {
  readonly #server: string = randomUUID();
  readonly #clock = new RedisClock();
  readonly #client: RedisClient;
  readonly #channel: string;
  readonly #listener: BroadcastListener;
  readonly #reporter: RedisReporter;
  readonly #publisher: Publisher;
  readonly #reconnector: Reconnector;
  #link: RedisLink | undefined;

  constructor(client: RedisClient, channel: string, listener: BroadcastListener) {
    const report = (error: Error) => listener.error(error);
    this.#client = client;
    this.#channel = channel;
    this.#listener = listener;
    this.#reporter = new RedisReporter(
      report,
      'Broadcasts reach only the clients of their own server until Redis is back.',
    );
    this.#publisher = new Publisher(channel, report);
    this.#reconnector = new Reconnector(client, (link) => this.#run(link), this.#reporter);
  }

  start(): void {
    this.#reconnector.start();
  }

  publish(broadcast: Broadcast): void {
    if (!this.#link) return void this.#reporter.lost('there is no connection');
    const message = encode({ from: this.#server, at: this.#clock.now(), broadcast });
    this.#publisher.publish(this.#link, message);
  }

  async stop(): Promise<void> {
    await this.#reconnector.stop();
  }

  /** Works on one link until the link is lost or this server stops. */
  async #run(link: RedisLink): Promise<void> {
    // All servers of any version ignore a broadcast of the year 1970.
    const echo = encode({ from: this.#server, at: 0, broadcast: { message: '' } });
    const check = new AddressCheck(this.#client, link, this.#channel, echo);
    await this.#check(link);
    await link.send('PUBLISH', this.#channel, echo);
    await link.subscribe(this.#channel, (data) => {
      if (data.equals(echo)) check.heard();
      else this.#receive(data);
    });
    this.#link = link;
    check.start();
    try {
      while (link.isWanted) {
        this.#publisher.caughtUp();
        this.#reporter.recovered();
        await link.wait(CHECK_INTERVAL);
        await this.#check(link);
      }
    } finally {
      this.#link = undefined;
      check.stop();
    }
  }

  /** Rejects if Redis does not answer, or if no other server would hear this one. */
  async #check(link: RedisLink): Promise<void> {
    await this.#clock.sync(link);
    // A replica takes what is published, and passes it on to nobody.
    if ((await link.role()) === 'replica')
      throw new Error('it is a replica, and what is published there reaches no other server');
  }

  #receive(data: Buffer): void {
    const { from, at, broadcast } = decode(data);
    const age = this.#clock.now() - at;
    if (from !== this.#server && age <= MAX_AGE) this.#listener.deliver(broadcast);
  }
}
