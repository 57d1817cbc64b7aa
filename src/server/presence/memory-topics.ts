import { Graces } from './graces.ts';
import type { TopicListener, TopicPresence } from './store.ts';

/** An identity in a topic. */
interface Member {
  readonly topic: string;
  readonly id: string;
  /** How many of its connections are subscribed; 0 during the grace period. */
  connections: number;
}

/** Keeps who is in each topic in the memory of one server. A topic without members takes no memory. */
export class MemoryTopics implements TopicPresence {
  readonly #membersOf = new Map<string, Map<string, Member>>();
  readonly #graces: Graces<Member>;
  #listener: TopicListener | undefined;

  /** @param grace - In milliseconds. */
  constructor(grace: number) {
    this.#graces = new Graces(grace, (member) => this.#remove(member));
  }

  start(listener: TopicListener): void {
    this.#listener = listener;
  }

  join(topic: string, id: string): void {
    const members = this.#membersOf.get(topic) ?? new Map<string, Member>();
    const member = members.get(id);
    if (member) {
      this.#graces.cancel(member);
      member.connections++;
      return;
    }
    this.#membersOf.set(topic, members.set(id, { topic, id, connections: 1 }));
    this.#listener?.online(topic, id);
  }

  leave(topic: string, id: string, _connection: string, isFinal: boolean): void {
    const member = this.#membersOf.get(topic)?.get(id);
    if (!member?.connections || --member.connections > 0) return;
    if (isFinal) this.#remove(member);
    else this.#graces.start(member);
  }

  isOnline(topic: string, id: string): boolean {
    return this.#membersOf.get(topic)?.has(id) ?? false;
  }

  list(topic: string): string[] {
    return [...(this.#membersOf.get(topic)?.keys() ?? [])];
  }

  stop(): void {
    this.#graces.stop();
    this.#membersOf.clear();
  }

  #remove({ topic, id }: Member): void {
    const members = this.#membersOf.get(topic);
    members?.delete(id);
    if (members?.size === 0) this.#membersOf.delete(topic);
    this.#listener?.offline(topic, id);
  }
}
