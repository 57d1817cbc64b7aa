import { isId } from '../protocol/id.ts';

/** How many topics a client may subscribe to. Without a limit, a client could fill the memory. */
const MAX_TOPICS = 1_000;

/** The subscriptions of clients to topics. */
export class Topics<Client> {
  readonly #clientsOf = new Map<string, Set<Client>>();
  readonly #topicsOf = new Map<Client, Set<string>>();

  /** The clients that are subscribed to a topic. */
  clientsOf(topic: string): Iterable<Client> {
    return this.#clientsOf.get(topic) ?? [];
  }

  /** @returns False if the topic is not valid, or the client has 1,000 other topics already. */
  subscribe(client: Client, topic: string): boolean {
    const topics = this.#topicsOf.get(client) ?? new Set();
    if (!isId(topic) || (topics.size >= MAX_TOPICS && !topics.has(topic))) return false;
    const clients = this.#clientsOf.get(topic) ?? new Set();
    this.#topicsOf.set(client, topics.add(topic));
    this.#clientsOf.set(topic, clients.add(client));
    return true;
  }

  unsubscribe(client: Client, topic: string): void {
    removeValue(this.#topicsOf, client, topic);
    removeValue(this.#clientsOf, topic, client);
  }

  /** Ends all subscriptions of a client. */
  unsubscribeAll(client: Client): void {
    for (const topic of this.#topicsOf.get(client) ?? [])
      removeValue(this.#clientsOf, topic, client);
    this.#topicsOf.delete(client);
  }
}

/** Removes a value from the set of a key. Removes the key if its set is empty then. */
function removeValue<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}
