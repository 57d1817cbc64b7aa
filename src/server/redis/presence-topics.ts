import type { TopicListener, TopicPresence } from '../presence/store.ts';
import { FollowedTopics } from './followed-topics.ts';
import { LocalMembers } from './local-members.ts';

/** Who is in each topic, on all servers that share a Redis. */
export class PresenceTopics implements TopicPresence {
  /** What this server reports. */
  readonly members: LocalMembers;
  /** What it hears. */
  readonly followed: FollowedTopics = new FollowedTopics();
  readonly #wake: () => void;

  /**
   * @param grace - In milliseconds.
   * @param wake - Called when there is something to report, or a topic to follow.
   */
  constructor(grace: number, wake: () => void) {
    this.members = new LocalMembers(grace);
    this.#wake = wake;
  }

  start(listener: TopicListener): void {
    this.followed.start(listener);
  }

  join(topic: string, id: string): void {
    this.members.join(topic, id);
    this.#wake();
  }

  leave(topic: string, id: string, _connection: string, isFinal: boolean): void {
    this.members.leave(topic, id, isFinal);
    this.#wake();
  }

  watch(topic: string): void {
    this.followed.watch(topic, true);
    this.#wake();
  }

  unwatch(topic: string): void {
    this.followed.watch(topic, false);
  }

  isOnline(topic: string, id: string): boolean | null {
    return this.#ask(topic)?.has(id) ?? null;
  }

  list(topic: string): string[] | null {
    return this.#ask(topic)?.list() ?? null;
  }

  #ask(topic: string) {
    const view = this.followed.ask(topic);
    if (!view) this.#wake();
    return view;
  }
}
