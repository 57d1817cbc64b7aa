import { isId } from '../protocol/lifeline-frame.ts';

/** How many topics a client may subscribe to: a client that asks for more would fill the memory. */
const MAX_TOPICS = 1_000;

/** Who is subscribed to which topic. */
export class Topics<Client> {
  readonly #clients = new Map<string, Set<Client>>();
  readonly #topics = new Map<Client, Set<string>>();

  /** The clients that are subscribed to a topic. */
  of(topic: string): Iterable<Client> {
    return this.#clients.get(topic) ?? [];
  }

  /** @returns false for a topic that is longer than an id may be, and for a client that has 1,000 already. */
  subscribe(client: Client, topic: string): boolean {
    const topics = this.#topics.get(client) ?? new Set();
    if (!isId(topic) || (topics.size >= MAX_TOPICS && !topics.has(topic))) return false;
    const clients = this.#clients.get(topic) ?? new Set();
    this.#topics.set(client, topics.add(topic));
    this.#clients.set(topic, clients.add(client));
    return true;
  }

  unsubscribe(client: Client, topic: string): void {
    remove(this.#topics, client, topic);
    remove(this.#clients, topic, client);
  }

  /** Forgets a client. */
  leave(client: Client): void {
    for (const topic of this.#topics.get(client) ?? []) remove(this.#clients, topic, client);
    this.#topics.delete(client);
  }
}

/** What is left without a value is forgotten. */
function remove<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}
