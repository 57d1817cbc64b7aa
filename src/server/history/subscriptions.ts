import { MAX_POSITIONS } from '../limits/delivery.ts';
import type { DeliveryFrame } from '../protocol/delivery-frames.ts';
import type { ToldPosition } from '../protocol/delivery-words.ts';
import { Cursor, type CursorClient, type ReadingMode } from './cursor.ts';
import type { History } from './history.ts';
import { type LateClient, LateCursors } from './late-cursors.ts';
import type { Position } from './store.ts';

/** The name of the own topic of an identity, for its clients. */
const OWN = '';

/** How many connections are remembered that were excepted. What was said during older ones is hardly repeated any more. */
const MAX_EXCEPTED = 16;

/** The connection whose subscriptions these are. */
export interface SubscribedClient {
  readonly connection: string;
  /** The id of its outbox; null without a session. */
  readonly outbox: string | null;
  /** Whose replays are counted together. */
  readonly owner: string;
  readonly isOpen: boolean;
  readonly bufferedAmount: number;
  say(frame: DeliveryFrame): void;
  send(data: Buffer, isBinary: boolean): void;
}

/** Where topics have begun, and what is not for the client. It is kept with the session. */
interface BegunTopics {
  begun?: readonly ToldPosition[] | null;
  excepted?: readonly string[] | null;
}

/** The subscriptions of one client that has a session, or may still begin one. */
export class Subscriptions implements CursorClient, LateClient {
  mode: ReadingMode = 'held';
  readonly history: History;
  readonly #client: SubscribedClient;
  /** The own topic of its identity. Most clients have no other, and a map of one takes 200 bytes. */
  #own: Cursor | null = null;
  #others: Map<string, Cursor> | null = null;
  #told: Map<string, Position> | null = null;
  /** Where topics began on an earlier connection that may not have told so. */
  #begun: Map<string, Position> | null = null;
  /** The cursors that are behind; null while there is none. */
  #late: LateCursors | null = null;
  #record: BegunTopics | null = null;
  /** Whether a message was not for it before its session began. It may be repeated over the next connection. */
  #wasExcepted = false;

  constructor(history: History, client: SubscribedClient) {
    this.history = history;
    this.#client = client;
  }

  /** The client tells its positions. */
  tell(topics: readonly ToldPosition[]): void {
    this.#told ??= new Map();
    for (const [topic, epoch, number] of topics)
      if (this.#told.size < MAX_POSITIONS || this.#told.has(topic))
        this.#told.set(topic, { epoch, number });
  }

  /**
   * The client has a session from now on.
   *
   * @param record - Where its topics have begun on earlier connections, as far as it may not know.
   * @param isOwn - Whether it tells its own positions. Otherwise it comes from another identity, and has none: all begins anew.
   */
  beginSession(record: BegunTopics, isOwn: boolean): void {
    if (!isOwn) this.#told = record.begun = null;
    this.#record = record;
    for (const [topic, epoch, number] of record.begun ?? [])
      (this.#begun ??= new Map()).set(topic, { epoch, number });
    record.begun = null;
    if (this.#wasExcepted)
      record.excepted = [...(record.excepted ?? []), this.#client.connection].slice(-MAX_EXCEPTED);
    const wasHeld = this.mode === 'held';
    this.mode = 'session';
    for (const cursor of this.#all()) {
      // What a plain client was sent since its connection began cannot be told from what it has missed before.
      const told = this.#takeTold(cursor.topic.name);
      if (told) cursor.beginAt(told, wasHeld);
      // Nor may it be sent again over the next connection.
      else if (!wasHeld) cursor.begun = cursor.position;
    }
    for (const cursor of this.#all()) cursor.restart();
  }

  /** The client has no session, so far. `onLive`: called when it has been sent what was held. */
  beginPlain(onLive: () => void): void {
    this.mode = 'plain';
    for (const cursor of this.#all()) cursor.restart();
    if (this.#late) this.#late.endSoon(onLive);
    else onLive();
  }

  /** The name of the own topic of its identity for the store. */
  get ownKey(): string | undefined {
    return this.#own?.topic.key;
  }

  has(topic: string): boolean {
    return this.#get(topic) !== undefined;
  }

  /** `key`: the name of the topic for the store. */
  subscribed(topic: string, replay: boolean, key: string): void {
    if (this.has(topic)) return;
    const cursor = new Cursor(this, key, topic);
    if (topic === OWN) this.#own = cursor;
    else (this.#others ??= new Map()).set(topic, cursor);
    if (this.mode === 'session') {
      const told = this.#takeTold(topic);
      if (told) cursor.beginAt(told, replay);
    }
    cursor.restart();
  }

  unsubscribed(topic: string): void {
    const cursor = this.#get(topic);
    if (!cursor) return;
    this.#remove(topic, cursor);
    if (this.mode === 'session') this.say({ lifeline: 'unsubscribed', topic });
  }

  /** The client has sent a ping. */
  pinged(): void {
    for (const cursor of this.#all()) cursor.pinged();
  }

  end(): void {
    this.#late?.stop();
    const begun = new Map(this.#begun);
    for (const cursor of this.#all()) {
      const { name } = cursor.topic;
      if (cursor.begun) begun.set(name, cursor.begun);
      this.#remove(name, cursor);
    }
    if (this.#record && begun.size > 0)
      this.#record.begun = Array.from(
        begun,
        ([topic, at]) => [topic, at.epoch, at.number] as const,
      ).slice(0, MAX_POSITIONS);
    this.#record = null;
  }

  /** Returns the id by which `except` leaves this client out before its session has begun. */
  exceptedAs(): string {
    this.#wasExcepted = true;
    return this.#client.connection;
  }

  isExcepted(except: string): boolean {
    const { connection, outbox } = this.#client;
    if (except === connection || except === outbox) return true;
    return this.#record?.excepted?.includes(except) ?? false;
  }

  mayReplay(bytes: number): boolean {
    return this.history.budget.take(this.#client.owner, performance.now(), bytes);
  }

  say(frame: DeliveryFrame): void {
    this.#client.say(frame);
  }

  send(data: Buffer, isBinary: boolean): void {
    this.#client.send(data, isBinary);
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  get bufferedAmount(): number {
    return this.#client.bufferedAmount;
  }

  isLate(cursor: Cursor): void {
    (this.#late ??= new LateCursors(this)).add(cursor);
  }

  caughtUp(): void {
    this.#late = null;
  }

  #get(topic: string): Cursor | undefined {
    return topic === OWN ? (this.#own ?? undefined) : this.#others?.get(topic);
  }

  #all(): Cursor[] {
    return [...(this.#own ? [this.#own] : []), ...(this.#others?.values() ?? [])];
  }

  #takeTold(topic: string): Position | undefined {
    const told = this.#told?.get(topic) ?? this.#begun?.get(topic);
    this.#told?.delete(topic);
    this.#begun?.delete(topic);
    return told;
  }

  #remove(topic: string, cursor: Cursor): void {
    cursor.end();
    if (topic === OWN) this.#own = null;
    else this.#others?.delete(topic);
    this.#late?.delete(cursor);
  }
}
