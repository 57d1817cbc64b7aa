import type { DeliveryFrame } from '../protocol/delivery-frames.ts';
import type { FollowedTopic, History } from './history.ts';
import type { Position, RecordedMessage } from './store.ts';
import { TopicFrame } from './topic-frame.ts';

/**
 * How a client reads its topics: `held` until its first frame has come, `plain` without a session, and `session` with one.
 */
export type ReadingMode = 'held' | 'plain' | 'session';

/**
 * Where a cursor stands in its topic. `live`: it gets each message as it is said. `behind`: it must catch up first. `barred`: behind
 * a position that its client has told, from which nothing must be replayed. `ended`: the client is no longer subscribed, so that what
 * a store answers is not for it.
 */
type CursorState = 'behind' | 'barred' | 'live' | 'ended';

/** The client of a cursor. */
export interface CursorClient {
  readonly mode: ReadingMode;
  readonly history: History;
  /** Whether a message with this `except` is not for the client. */
  isExcepted(except: string): boolean;
  /** Takes bytes of what may be replayed to its identity. */
  mayReplay(bytes: number): boolean;
  say(frame: DeliveryFrame): void;
  send(data: Buffer, isBinary: boolean): void;
  /** The cursor is behind, and waits for its turn. */
  isLate(cursor: Cursor): void;
}

/** Where one client stands in one topic: behind, while it gets what was said before, or live. */
export class Cursor {
  readonly topic: FollowedTopic;
  /** The last message that the client was sent, or must not get; null until the store has told where the topic stands. */
  position: Position | null;
  /** Where its messages began; null when the client is known to know. Until then, a lost link may have swallowed it. */
  begun: Position | null;
  /** How many pings have come since the client was told where its messages begin; null until it is. */
  #pings: number | null = null;
  readonly #client: CursorClient;
  #state: CursorState = 'behind';

  constructor(client: CursorClient, key: string, name: string) {
    this.#client = client;
    this.topic = client.history.follow(key, name, this);
    this.begun = this.position = this.topic.position;
  }

  /** Whether the store has told where the topic stands. */
  get isLocated(): boolean {
    return this.topic.position !== null;
  }

  /** If messages of this server are still on their way, the client is late again when they have come. @returns Whether they are. */
  awaitOwn(): boolean {
    const { unheard } = this.topic;
    if (!unheard) return false;
    (unheard.awaitedBy ??= new Set()).add(this);
    return true;
  }

  /** Begins where the client stands. `replay`: whether it gets what was said since. */
  beginAt(told: Position, replay: boolean): void {
    this.begun = this.position = told;
    this.#state = replay ? 'behind' : 'barred';
  }

  /** The client reads in another way from now on. */
  restart(): void {
    if (this.#state === 'live') this.#state = 'behind';
    this.#client.isLate(this);
  }

  /** The store has told where the topic stands. */
  located(): void {
    if (this.#state === 'ended') return;
    if (!this.position) this.begun = this.position = this.topic.position;
    this.#client.isLate(this);
  }

  /** The client has sent a ping. It sends the second one when it has got the pong, and so all that went before. */
  pinged(): void {
    if (this.#pings === null) return;
    this.#pings++;
    if (this.#pings > 1) this.begun = null;
  }

  /** The topic has begun anew, or nobody knows what is missing. */
  moved(): void {
    if (!this.#hasHeard(this.topic.position)) this.#endWithGap();
  }

  deliver(frame: TopicFrame, except: string | undefined, position: Position): void {
    if (this.#state !== 'live' || !this.position || this.#hasHeard(position)) return;
    if (position.number !== this.position.number + 1) return this.restart();
    this.#pass(frame, except, position);
  }

  end(): void {
    this.#state = 'ended';
    this.topic.unheard?.awaitedBy?.delete(this);
    this.#client.history.unfollow(this.topic, this);
  }

  /** Sends what the client has missed. It is live then. Waits only if the store does. */
  advance(): void | Promise<void> {
    const { position, topic } = this;
    if (!position || !topic.position || this.#state === 'live') return;
    if (this.#isUpToDate) {
      this.#state = 'live';
      return this.#answer();
    }
    if (this.#state === 'barred') return this.#endWithGap();
    const missed = this.#client.history.read(topic.key, position);
    return missed instanceof Promise
      ? missed.then((messages) => this.#replay(messages, position))
      : this.#replay(missed, position);
  }

  get #isUpToDate(): boolean {
    const { position, topic } = this;
    return position?.epoch === topic.position?.epoch && position?.number === topic.position?.number;
  }

  /** `position`: that behind which the messages are. Nothing is sent if the client stands elsewhere by now. */
  #replay(messages: readonly RecordedMessage[] | null, position: Position): void {
    if (this.#state === 'ended' || this.position !== position) return;
    // While a store that is shared was read, this server has caught up with what the client knew from another one.
    if (messages?.length === 0 && this.#isUpToDate) return;
    // Nobody knows what is new, but the client knows more than this server, from another one: it goes on there.
    if (messages?.length === 0 && this.#hasHeard(this.topic.position)) {
      this.#state = 'live';
      return this.#answer();
    }
    // A store that has nothing, although the topic has gone on, does not know either.
    if (!messages || messages.length === 0 || !this.#mayReplay(messages)) return this.#endWithGap();
    this.#answer();
    const { epoch } = position;
    for (const message of messages) {
      const { number, except } = message;
      this.#pass(new TopicFrame(this.topic.name, message, number), except, { epoch, number });
    }
    if (this.#client.mode === 'session') this.#client.history.counters.replayed += messages.length;
    if (this.#isUpToDate) this.#state = 'live';
  }

  #mayReplay(messages: readonly RecordedMessage[]): boolean {
    if (this.#client.mode !== 'session') return true;
    const bytes = messages.reduce((sum, { data }) => sum + data.length, 0);
    return this.#client.mayReplay(bytes);
  }

  #pass(frame: TopicFrame, except: string | undefined, position: Position): void {
    const isExcepted = except !== undefined && this.#client.isExcepted(except);
    this.position = position;
    if (this.#client.mode === 'plain') {
      if (!isExcepted) this.#client.send(frame.plain, frame.isBinary);
    } else if (isExcepted) this.#say('position');
    else this.#client.send(frame.headed, frame.isBinary);
  }

  #answer(): void {
    if (this.#pings !== null || this.#client.mode !== 'session') return;
    this.#pings = 0;
    this.#say('position');
  }

  #hasHeard(other: Position | null): boolean {
    const { position } = this;
    return !!other && position?.epoch === other.epoch && position.number >= other.number;
  }

  #endWithGap(): void {
    this.position = this.topic.position;
    this.#state = 'live';
    if (this.#client.mode !== 'session') return;
    this.#pings ??= 0;
    this.#client.history.counters.gaps++;
    this.#say('gap');
  }

  #say(lifeline: 'position' | 'gap'): void {
    if (this.position) this.#client.say({ lifeline, topic: this.topic.name, ...this.position });
  }
}
