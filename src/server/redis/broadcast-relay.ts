import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Broadcast } from '../broadcasts/channel.ts';
import { AddressCheck } from './address-check.ts';
import { decode, encode } from './broadcast-message.ts';
import type { RedisNode } from './client.ts';
import type { Part } from './cluster.ts';
import { FollowedChannels } from './followed-channels.ts';
import type { RedisLink } from './link.ts';
import type { Publisher } from './publisher.ts';
import { Reconnector } from './reconnector.ts';
import { RedisClock } from './redis-clock.ts';
import type { RedisReporter } from './reporter.ts';

/** The time between two checks whether Redis still answers, in milliseconds. */
const CHECK_INTERVAL = 1_000;

/**
 * How old a broadcast may be when it arrives, in milliseconds. An older one waited while Redis or the network did not
 * work, and its server has reported that it reaches no other server.
 */
const MAX_AGE = 5_000;

/** What {@link AddressCheck} publishes on the own channel of a server. */
const ECHO: Buffer = Buffer.of(1);

/** What a server publishes on its own channel to see whether it hears it. */
const PROBE: Buffer = Buffer.of(0);

interface RelayOptions {
  /** Delivers a broadcast of another server. */
  readonly deliver: (broadcast: Broadcast) => void;
  readonly reporter: RedisReporter;
  readonly publisher: Publisher;
  /** Called when a link that worked is lost. */
  readonly onLost: () => void;
}

/**
 * Publishes the broadcasts of one server in a part of Redis, and delivers those of the other servers. Each topic has a
 * channel, to which a server subscribes while it has clients there; one more is for all else.
 */
export class BroadcastRelay {
  readonly #server: string = randomUUID();
  readonly #clock = new RedisClock();
  readonly #client: RedisNode;
  readonly #prefix: string;
  readonly #deliver: (broadcast: Broadcast) => void;
  readonly #onLost: () => void;
  readonly #reporter: RedisReporter;
  readonly #publisher: Publisher;
  readonly #reconnector: Reconnector;
  readonly #channels = new FollowedChannels((data) => this.#receive(data));
  #link: RedisLink | undefined;

  constructor({ client, prefix }: Part, { deliver, reporter, publisher, onLost }: RelayOptions) {
    this.#client = client;
    this.#prefix = prefix;
    this.#deliver = deliver;
    this.#onLost = onLost;
    this.#reporter = reporter;
    this.#publisher = publisher;
    this.#reconnector = new Reconnector(client, (link) => this.#run(link), reporter);
  }

  start(): void {
    this.#reconnector.start();
  }

  publish(broadcast: Broadcast): void {
    if (!this.#link) return void this.#reporter.lost('there is no connection');
    const message = encode({ from: this.#server, at: this.#clock.now(), broadcast });
    this.#publisher.publish(this.#link, this.#channelOf(broadcast.topic), message);
  }

  /** Receives the broadcasts of a topic; with an empty one, those to all clients, and disconnections. */
  follow(topic: string): void {
    this.#channels.follow(this.#channelOf(topic));
  }

  unfollow(topic: string): void {
    this.#channels.unfollow(this.#channelOf(topic));
  }

  /** Checks now whether Redis still answers. */
  check(): void {
    this.#reconnector.wake();
  }

  async stop(): Promise<void> {
    this.#channels.stop();
    await this.#reconnector.stop();
  }

  /** Returns the channel of a topic. Broadcasts to all clients and disconnections, whose topic is empty, share one. */
  #channelOf(topic = ''): string {
    // In JSON, a text that is not well formed stays different from others.
    return this.#prefix + (topic === '' ? 'broadcast' : `topic:${JSON.stringify(topic)}`);
  }

  /** Works on one link until the link is lost or this server stops. */
  async #run(link: RedisLink): Promise<void> {
    const ownChannel = `${this.#prefix}echo:${this.#server}`;
    const check = new AddressCheck(this.#client, link, ownChannel, ECHO);
    await link.subscribe(ownChannel, (data) => {
      if (data.equals(ECHO)) check.heard();
    });
    await this.#check(link, ownChannel);
    try {
      await this.#channels.attach(link);
      this.#link = link;
      check.start();
      while (link.isWanted) {
        this.#publisher.caughtUp();
        this.#reporter.recovered();
        await link.wait(CHECK_INTERVAL);
        await this.#check(link, ownChannel);
      }
    } finally {
      this.#link = undefined;
      this.#channels.detach();
      check.stop();
      this.#onLost();
    }
  }

  /** Rejects if Redis does not answer, or if no other server would hear this one. */
  async #check(link: RedisLink, ownChannel: string): Promise<void> {
    await this.#clock.sync(link);
    // A replica takes what is published, and passes it on to nobody.
    if ((await link.role()) === 'replica')
      throw new Error('it is a replica, and what is published there reaches no other server');
    if ((await link.publish(ownChannel, PROBE)) === 0)
      throw new Error('it has ended the subscriptions of this server');
  }

  #receive(data: Buffer): void {
    const { from, at, broadcast } = decode(data);
    const age = this.#clock.now() - at;
    if (from !== this.#server && age <= MAX_AGE) this.#deliver(broadcast);
  }
}
