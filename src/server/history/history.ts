import { reportRejection } from '../checks/rejections.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import type { HistoryStore, Position, RecordedMessage, TopicMessage } from './store.ts';
import { RECORDED, Recording } from './recorded.ts';
import { TopicFrame } from './topic-frame.ts';

/** A subscriber of a topic whose client has a session, or may still begin one. */
interface Follower {
  /** The store has told where the topic stands, or has delivered what it was given. */
  located(): void;
  /** `position`: that of the message. */
  deliver(frame: TopicFrame, except: string | undefined, position: Position): void;
  /** The topic has begun anew, or nobody knows what is missing. */
  moved(): void;
}

/** A topic with subscribers whose clients have a session, or may still begin one. */
export interface FollowedTopic {
  /** Its name for the store. */
  readonly key: string;
  /** Its name for clients; empty for the identity's own. */
  readonly name: string;
  /** Where it stands; null until the store has told. */
  position: Position | null;
  /** In a set only if there are several, because a set of one takes 200 bytes. */
  followers: Follower | Set<Follower>;
  /** The messages of this server that the store has not recorded and delivered yet, and who is told when it has; null for none. */
  unheard: { count: number; awaitedBy: Set<Follower> | null } | null;
}

/** What counts. */
interface Counters {
  replayed: number;
  gaps: number;
}

interface HistoryParts {
  readonly store: HistoryStore;
  readonly counters: Counters;
  /** How much is repeated for an identity, in bytes. */
  readonly budget: RateLimit;
  readonly forgotten: (key: string) => void;
  readonly report: (error: unknown) => void;
}

/** The name of a topic of the application for the store. */
export const keyOfTopic = (topic: string): string => `t${topic}`;

/** The name of the own topic of an identity. */
export const keyOfIdentity = (id: string): string => `i${id}`;

/** The topics that clients with a session are subscribed to, and what a store keeps of them. */
export class History {
  readonly counters: Counters;
  readonly budget: RateLimit;
  readonly #parts: HistoryParts;
  readonly #topics = new Map<string, FollowedTopic>();
  /** Why a message was not recorded, as it was last reported. */
  #unrecorded: unknown;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.counters = parts.counters;
    this.budget = parts.budget;
  }

  start(): void {
    const { store, forgotten, report } = this.#parts;
    store.start({
      deliver: (key, message) => this.#deliver(key, message),
      moved: (key, position) => this.#move(key, position),
      forgotten,
      error: report,
    });
  }

  async stop(): Promise<void> {
    await this.#parts.store.stop();
  }

  /** Records a message. */
  publish(key: string, message: TopicMessage): PromiseLike<void> {
    try {
      const recording = this.#parts.store.publish(key, message);
      if (!recording) return RECORDED;
      this.#awaitOwn(key, recording);
      return new Recording(recording, this.#reportUnrecorded);
    } catch (error) {
      return new Recording(Promise.reject(error), this.#reportUnrecorded);
    }
  }

  #awaitOwn(key: string, recording: Promise<void>): void {
    const topic = this.#topics.get(key);
    if (!topic) return;
    const unheard = (topic.unheard ??= { count: 0, awaitedBy: null });
    unheard.count++;
    const settled = () => {
      if (--unheard.count > 0) return;
      topic.unheard = null;
      for (const follower of unheard.awaitedBy ?? []) follower.located();
    };
    recording.then(settled, settled);
  }

  /** A store may fail many messages with one error. */
  readonly #reportUnrecorded = (error: unknown): void => {
    if (error === this.#unrecorded) return;
    this.#unrecorded = error;
    this.#parts.report(error);
  };

  /** Adds a subscriber, and returns the topic. */
  follow(key: string, name: string, follower: Follower): FollowedTopic {
    let topic = this.#topics.get(key);
    if (!topic) {
      topic = { key, name, position: null, followers: follower, unheard: null };
      this.#topics.set(key, topic);
      this.#locate(topic);
    } else if (topic.followers instanceof Set) topic.followers.add(follower);
    else topic.followers = new Set([topic.followers, follower]);
    return topic;
  }

  unfollow(topic: FollowedTopic, follower: Follower): void {
    const { followers } = topic;
    if (followers instanceof Set) {
      if (!followers.delete(follower) || followers.size > 0) return;
    } else if (followers !== follower) return;
    this.#topics.delete(topic.key);
    const { store, report } = this.#parts;
    try {
      reportRejection(store.unfollow(topic.key), report);
    } catch (error) {
      report(error);
    }
  }

  /** Returns the messages behind a position; null if they are not all there, and none if the store has failed. */
  read(
    key: string,
    position: Position,
  ): readonly RecordedMessage[] | null | Promise<readonly RecordedMessage[] | null> {
    const { store, report } = this.#parts;
    const fail = (error: unknown) => {
      report(error);
      return [];
    };
    try {
      const messages = store.read(key, position);
      return messages instanceof Promise ? messages.catch(fail) : messages;
    } catch (error) {
      return fail(error);
    }
  }

  /** Asks the store where a topic stands. */
  #locate(topic: FollowedTopic): void {
    const { store, report } = this.#parts;
    const found = (position: Position) => {
      topic.position ??= position;
      for (const follower of followersOf(topic)) follower.located();
    };
    try {
      const position = store.follow(topic.key);
      if (position instanceof Promise) position.then(found).catch(report);
      else topic.position = position;
    } catch (error) {
      report(error);
    }
  }

  #deliver(key: string, message: RecordedMessage): void {
    const topic = this.#topics.get(key);
    const { number } = message;
    if (!topic?.position) return;
    if (number <= topic.position.number) return;
    const position = { epoch: topic.position.epoch, number };
    topic.position = position;
    const frame = new TopicFrame(topic.name, message, number);
    for (const follower of followersOf(topic)) follower.deliver(frame, message.except, position);
  }

  #move(key: string, position: Position): void {
    const topic = this.#topics.get(key);
    if (!topic) return;
    topic.position = position;
    for (const follower of followersOf(topic)) follower.moved();
  }
}

const followersOf = ({ followers }: FollowedTopic): Iterable<Follower> =>
  followers instanceof Set ? followers : [followers];
