import type { TopicListener, TopicPresence } from '../presence/store.ts';

/** Who is in each topic, where topics are spread over several stores. */
export class SpreadTopics implements TopicPresence {
  readonly #all: readonly TopicPresence[];
  readonly #of: (topic: string) => TopicPresence;

  /** @param of - Returns the one of a topic. */
  constructor(all: readonly TopicPresence[], of: (topic: string) => TopicPresence) {
    this.#all = all;
    this.#of = of;
  }

  start(listener: TopicListener): void {
    for (const topics of this.#all) topics.start(listener);
  }

  join(...args: Parameters<TopicPresence['join']>): void {
    this.#of(args[0]).join(...args);
  }

  leave(...args: Parameters<TopicPresence['leave']>): void {
    this.#of(args[0]).leave(...args);
  }

  watch(topic: string): void {
    this.#of(topic).watch?.(topic);
  }

  unwatch(topic: string): void {
    this.#of(topic).unwatch?.(topic);
  }

  isOnline(topic: string, id: string): boolean | null {
    return this.#of(topic).isOnline(topic, id);
  }

  list(topic: string): string[] | null {
    return this.#of(topic).list(topic);
  }
}
