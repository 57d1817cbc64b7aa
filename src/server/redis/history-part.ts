import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { HistoryListener, Position, RecordedMessage, TopicMessage } from '../history/store.ts';
import { AddressCheck } from './address-check.ts';
import { BATCH } from './batch.ts';
import type { Part } from './cluster.ts';
import { FollowedChannels } from './followed-channels.ts';
import { HistoryAppends } from './history-appends.ts';
import { type HistoryBounds, HistoryLink, StaleError } from './history-link.ts';
import { decodeLive, encode } from './history-message.ts';
import { HistoryReader } from './history-reader.ts';
import { HistoryTopic } from './history-topic.ts';
import type { RedisLink } from './link.ts';
import { Reconnector } from './reconnector.ts';
import { RedisReporter } from './reporter.ts';

/** The time between two checks whether Redis still answers, and is the master, in milliseconds. */
const CHECK_INTERVAL = 1_000;

/**
 * The time between two comparisons of the last numbers, in milliseconds. A published message that does not arrive is noticed by the
 * next one of its topic, and the last one by this.
 */
const COMPARE_INTERVAL = 10_000;

const MEANWHILE =
  'Clients with a session get no messages of topics until Redis is back, and then what they missed, or a gap; in a cluster, perhaps only those of some topics.';

/** What {@link AddressCheck} publishes on the own channel of a server. */
const ECHO: Buffer = Buffer.of(1);

/** The history that is in one part of Redis, for one server. */
export class HistoryPart {
  readonly #part: Part;
  readonly #bounds: HistoryBounds;
  readonly #server: string = randomUUID();
  /** The start of the names of keys and channels. */
  readonly #base: string;
  readonly #topics = new Map<string, HistoryTopic>();
  /** The topics that Redis must be asked about. */
  readonly #unlocated = new Set<string>();
  readonly #channels = new FollowedChannels((data) => this.#receive(data));
  readonly #appends = new HistoryAppends(this.#server);
  readonly #reader = new HistoryReader();
  #reconnector: Reconnector | undefined;
  #listener: HistoryListener | undefined;
  /** What works now; undefined while Redis is away. */
  #link: HistoryLink | undefined;

  constructor(part: Part, bounds: HistoryBounds) {
    this.#part = part;
    this.#bounds = bounds;
    this.#base = `${part.prefix}history:`;
  }

  /**
   * Connects. Does nothing if it was called before.
   *
   * @param outages - Those of all parts of the store.
   */
  start(listener: HistoryListener, outages: Map<RedisReporter, boolean>): void {
    if (this.#reconnector) return;
    this.#listener = listener;
    const reporter = new RedisReporter((error) => listener.error(error), MEANWHILE, outages);
    const run = (link: RedisLink) => this.#run(link, listener, reporter);
    this.#reconnector = new Reconnector(this.#part.client, run, reporter);
    this.#reconnector.start();
  }

  /** Resolves when Redis has told where the topic stands. */
  follow(topic: string): Promise<Position> {
    const listener = this.#listener as HistoryListener;
    const read = async (from: Position) => {
      try {
        return await this.#reader.read(topic, from);
      } catch (error) {
        listener.error(error as Error);
        return null;
      }
    };
    const followed = new HistoryTopic(topic, { listener, read });
    this.#topics.set(topic, followed);
    this.#channels.follow(this.#channelOf(topic));
    // Those of many clients that connect at once are asked about together.
    if (this.#unlocated.size === 0) setImmediate(() => this.#locateNow());
    this.#unlocated.add(topic);
    return followed.located;
  }

  unfollow(topic: string): void {
    this.#topics.get(topic)?.end();
    this.#topics.delete(topic);
    this.#unlocated.delete(topic);
    this.#channels.unfollow(this.#channelOf(topic));
  }

  /** Resolves when the message is recorded, and this server has handed it on if it follows the topic. */
  async publish(topic: string, message: TopicMessage): Promise<void> {
    // Who was subscribed before the message gets it.
    this.#locateNow();
    const position = await this.#appends.add(topic, encode(message));
    const followed = this.#topics.get(topic);
    if (position) await followed?.stands(position);
    else if (followed?.position) await followed.catchUp();
  }

  /** Returns the messages behind a position, as far as they were handed on; null if they are not all there. */
  async read(topic: string, from: Position): Promise<readonly RecordedMessage[] | null> {
    const reading = await this.#reader.read(topic, from);
    const followed = this.#topics.get(topic);
    // Redis is away, so that nobody knows.
    if (!reading) return [];
    if (!reading.messages || !followed?.position) return null;
    // A client that comes from another server may know more than this one.
    if (followed.position.number < reading.position.number) await followed.catchUp();
    const { position } = followed;
    if (position?.epoch !== from.epoch) return null;
    return reading.messages.filter(({ number }) => number <= position.number);
  }

  async stop(): Promise<void> {
    await this.#appends.stop();
    this.#reader.stop();
    this.#channels.stop();
    await this.#reconnector?.stop();
  }

  /** In JSON, a text that is not well formed stays different from others. */
  #channelOf(topic: string): string {
    return `${this.#base}topic:${JSON.stringify(topic)}`;
  }

  #receive(data: Buffer): void {
    const { topic, position, message } = decodeLive(data);
    this.#topics.get(topic)?.arrived(message, position);
  }

  /** Works on one link until the link is lost or this server stops. */
  async #run(link: RedisLink, listener: HistoryListener, reporter: RedisReporter): Promise<void> {
    const ownChannel = `${this.#base}echo:${this.#server}`;
    const check = new AddressCheck(this.#part.client, link, ownChannel, ECHO);
    await link.subscribe(ownChannel, () => check.heard());
    await this.#check(link);
    await this.#channels.attach(link);
    check.start();
    const forgotten = (topic: string) => listener.forgotten(topic);
    const claim = { link, base: this.#base, bounds: this.#bounds, forgotten };
    try {
      while (link.isWanted) await this.#use(await HistoryLink.claim(claim), link, reporter);
    } finally {
      this.#channels.detach();
      check.stop();
    }
  }

  /** Works with the data that is in Redis, until it is lost. */
  async #use(history: HistoryLink, link: RedisLink, reporter: RedisReporter): Promise<void> {
    await this.#compare(history);
    if (link.loss) throw link.loss;
    if (!history.isCurrent) return;
    this.#link = history;
    // Those that were followed meanwhile, before what was said in them.
    this.#locateNow();
    this.#reader.attach(history);
    this.#appends.attach(history);
    reporter.recovered();
    let compareAt = performance.now() + COMPARE_INTERVAL;
    try {
      while (link.isWanted && history.isCurrent) {
        await link.wait(CHECK_INTERVAL);
        await this.#check(link);
        if (performance.now() < compareAt) continue;
        compareAt = performance.now() + COMPARE_INTERVAL;
        await this.#compare(history);
      }
    } finally {
      this.#link = undefined;
      this.#reader.detach();
      this.#appends.detach();
    }
  }

  /** @throws Error if no other server would hear this one. */
  async #check(link: RedisLink): Promise<void> {
    if ((await link.role()) === 'replica')
      throw new Error('it is a replica, and what is recorded there is lost');
  }

  /** Asks Redis at once where the topics stand of which this is not known. */
  #locateNow(): void {
    if (!this.#link || this.#unlocated.size === 0) return;
    for (const topics of inBatches(this.#unlocated)) void this.#locate(this.#link, topics);
  }

  /** Asks Redis where all topics stand, a part after the other, so that it can serve others in between. */
  async #compare(history: HistoryLink): Promise<void> {
    for (const topics of inBatches(this.#topics.keys())) await this.#locate(history, topics);
  }

  async #locate(history: HistoryLink, topics: readonly string[]): Promise<void> {
    for (const topic of topics) this.#unlocated.delete(topic);
    try {
      const positions = await history.locate(topics);
      for (const [n, position] of positions.entries())
        void this.#topics.get(topics[n] ?? '')?.stands(position);
    } catch (error) {
      // Who does not know must not seem to work. With the next data, or over the next link, all are compared.
      if (!(error instanceof StaleError)) history.lose(error as Error);
    }
  }
}

function inBatches(topics: Iterable<string>): string[][] {
  const all = Array.from(topics);
  const batches = [];
  for (let at = 0; at < all.length; at += BATCH) batches.push(all.slice(at, at + BATCH));
  return batches;
}
