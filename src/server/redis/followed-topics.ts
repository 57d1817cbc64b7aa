import type { TopicListener } from '../presence/store.ts';
import { OnlineView, type PresenceMessage } from './online-view.ts';

/** How long a topic that nobody watches is followed after somebody asked who is in it, in milliseconds. */
const LINGER = 30_000;

/** A topic of which this server knows, or will know, who is in it. */
interface Followed {
  readonly view: OnlineView;
  /** Whether its list has come once. */
  isKnown: boolean;
  isWatched: boolean;
  /** Until when it is followed if nobody watches it, in the time of `performance.now()`. */
  until: number;
}

/** The topics that somebody on this server watches, or has asked about. */
export class FollowedTopics {
  readonly #all = new Map<string, Followed>();
  /** Those that nobody watches, in the order in which they end. */
  readonly #unwatched = new Map<string, Followed>();
  #listener: TopicListener | undefined;

  get topics(): Iterable<string> {
    return this.#all.keys();
  }

  get size(): number {
    return this.#all.size;
  }

  start(listener: TopicListener): void {
    this.#listener = listener;
  }

  /** Somebody watches a topic from now on, or nobody does any longer. */
  watch(topic: string, isWatched: boolean): void {
    const followed = this.#follow(topic);
    followed.isWatched = isWatched;
    this.#linger(topic, followed);
  }

  /** Returns who is in a topic; undefined while this is not known. The topic is followed from now on, for a while. */
  ask(topic: string): OnlineView | undefined {
    const followed = this.#follow(topic);
    this.#linger(topic, followed);
    return followed.isKnown ? followed.view : undefined;
  }

  /** Forgets the topics that are not followed any longer, and returns them. */
  takeEnded(): string[] {
    const ended: string[] = [];
    const now = performance.now();
    for (const [topic, { until }] of this.#unwatched) {
      if (until > now) break;
      this.#unwatched.delete(topic);
      this.#all.delete(topic);
      ended.push(topic);
    }
    return ended;
  }

  /** Called before the first part of the list of a topic. */
  startList(topic: string): void {
    this.#all.get(topic)?.view.startList();
  }

  /** Applies a message about a topic, and reports the changes of what was known. */
  apply(topic: string, message: PresenceMessage): void {
    const followed = this.#all.get(topic);
    if (!followed) return;
    const tell = (type: 'online' | 'offline') => (id: string) => {
      if (followed.isKnown) this.#listener?.[type](topic, id);
    };
    const listener = { online: tell('online'), offline: tell('offline'), renewed() {} };
    if (!followed.view.apply(message, listener) || followed.isKnown) return;
    followed.isKnown = true;
    this.#listener?.known(topic);
  }

  /** Returns all that is known: topics and identities. */
  *known(): Iterable<readonly [topic: string, id: string]> {
    for (const [topic, { isKnown, view }] of this.#all)
      if (isKnown) for (const id of view.list()) yield [topic, id];
  }

  #follow(topic: string): Followed {
    const known = this.#all.get(topic);
    if (known) return known;
    const followed = { view: new OnlineView(), isKnown: false, isWatched: false, until: 0 };
    this.#all.set(topic, followed);
    return followed;
  }

  /** Puts a topic at the end of those that nobody watches, if nobody does. */
  #linger(topic: string, followed: Followed): void {
    this.#unwatched.delete(topic);
    if (followed.isWatched) return;
    followed.until = performance.now() + LINGER;
    this.#unwatched.set(topic, followed);
  }
}
