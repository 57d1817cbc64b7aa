import { BATCH } from './batch.ts';
import type { RedisLink } from './link.ts';
import { parsePresenceMessage } from './online-view.ts';
import type { PresenceTopics } from './presence-topics.ts';
import type { RunScript } from './scripts.ts';

/** How many topics are subscribed or listed at once. */
const TOPICS_AT_ONCE = 100;

/** Reports to Redis who is in topics by connections of this server, and follows topics, over one link. */
export class PresenceTopicSync {
  readonly #topics: PresenceTopics;
  readonly #link: RedisLink;
  readonly #base: string;
  readonly #subscribed = new Set<string>();
  /** The topics whose list is to be read, the first of them perhaps from the cursor on. */
  readonly #unlisted = new Set<string>();
  #cursor = '';

  constructor(topics: PresenceTopics, link: RedisLink, base: string) {
    this.#topics = topics;
    this.#link = link;
    this.#base = base;
  }

  /** Whether there is something to do at once. */
  get hasWork(): boolean {
    const { members, followed } = this.#topics;
    return (
      members.hasUnreported || this.#unlisted.size > 0 || followed.size > this.#subscribed.size
    );
  }

  /** The data in Redis is another, or may have missed reports: all is reported, and read, again. */
  startAgain(): void {
    this.#topics.members.reportAllAgain();
    this.#unlisted.clear();
    this.#cursor = '';
    for (const topic of this.#subscribed) this.#startList(topic);
  }

  /** Restores who was in topics, as far as this server knew, after the data in Redis was lost. Returns false if it is lost again. */
  async restore(run: RunScript, period: string): Promise<boolean> {
    let values = [period];
    for (const pair of this.#topics.followed.known()) {
      values.push(...pair.map((text) => JSON.stringify(text)));
      if (values.length < 2 * BATCH) continue;
      if ((await run('restoreMembers', values)) === null) return false;
      values = [period];
    }
    return values.length === 1 || (await run('restoreMembers', values)) !== null;
  }

  /** Reports what is unreported. Returns false if the data in Redis was lost. */
  async report(run: RunScript): Promise<boolean> {
    const { members } = this.#topics;
    while (members.hasUnreported) {
      const report = members.nextReport(BATCH);
      if ((await run('reportMembers', report.values)) === null) return false;
      report.confirm();
    }
    return true;
  }

  /** Subscribes to topics, and reads a part of the lists. Returns false if the data in Redis was lost. */
  async follow(run: RunScript): Promise<boolean> {
    await this.#unsubscribe();
    await this.#subscribe();
    const topics = [...this.#unlisted].slice(0, TOPICS_AT_ONCE);
    if (topics.length === 0) return true;
    // Who watches a topic must find in its list who is in it by a connection of this server.
    if (!(await this.report(run))) return false;
    const names = topics.map((topic) => JSON.stringify(topic));
    const answer = await run('publishTopics', [this.#cursor, ...names]);
    if (answer === null) return false;
    const [done, cursor] = answer as [number, string];
    for (const topic of topics.slice(0, done)) this.#unlisted.delete(topic);
    this.#cursor = cursor;
    return true;
  }

  async #unsubscribe(): Promise<void> {
    const ended = this.#topics.followed.takeEnded().filter((topic) => this.#subscribed.has(topic));
    for (const topic of ended) {
      const [first] = this.#unlisted;
      if (topic === first) this.#cursor = '';
      this.#unlisted.delete(topic);
      this.#subscribed.delete(topic);
    }
    await Promise.all(ended.map((topic) => this.#link.unsubscribe(this.#channelOf(topic))));
  }

  async #subscribe(): Promise<void> {
    const { followed } = this.#topics;
    if (followed.size === this.#subscribed.size) return;
    const added = [...followed.topics].filter((topic) => !this.#subscribed.has(topic));
    await Promise.all(added.slice(0, TOPICS_AT_ONCE).map((topic) => this.#subscribeTo(topic)));
  }

  async #subscribeTo(topic: string): Promise<void> {
    const { followed } = this.#topics;
    await this.#link.subscribe(this.#channelOf(topic), (message) =>
      followed.apply(topic, parsePresenceMessage(message)),
    );
    this.#subscribed.add(topic);
    this.#startList(topic);
  }

  #startList(topic: string): void {
    this.#topics.followed.startList(topic);
    this.#unlisted.add(topic);
  }

  #channelOf(topic: string): string {
    return `${this.#base}topic:${JSON.stringify(topic)}`;
  }
}
