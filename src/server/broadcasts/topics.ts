import { MAX_TOPICS } from '../limits/topics.ts';
import { isId } from '../protocol/id.ts';

/** What hears of each subscription that begins and ends. */
export interface SubscriptionListener<Client> {
  subscribed(client: Client, topic: string): void;
  unsubscribed(client: Client, topic: string): void;
}

/** What hears of each topic that gets its first subscriber, or loses its last one. */
export interface UseListener {
  used(topic: string): void;
  unused(topic: string): void;
}

/** The subscriptions of clients to topics. */
export class Topics<Client> {
  readonly #listener: SubscriptionListener<Client> | undefined;
  readonly #clientsOf = new Map<string, Set<Client>>();
  readonly #topicsOf = new Map<Client, Set<string>>();
  #useListener: UseListener | undefined;

  constructor(listener?: SubscriptionListener<Client>) {
    this.#listener = listener;
  }

  /** Sets the listener that hears which topics are used. */
  onUse(listener: UseListener): void {
    this.#useListener = listener;
  }

  /** The clients that are subscribed to a topic. */
  clientsOf(topic: string): Iterable<Client> {
    return this.#clientsOf.get(topic) ?? [];
  }

  /** Whether somebody is subscribed to a topic. */
  hasClients(topic: string): boolean {
    return this.#clientsOf.has(topic);
  }

  isSubscribed(client: Client, topic: string): boolean {
    return this.#clientsOf.get(topic)?.has(client) ?? false;
  }

  /** @returns False if the topic is not valid, or the client has 1,000 other topics already. */
  subscribe(client: Client, topic: string): boolean {
    const topics = this.#topicsOf.get(client) ?? new Set();
    if (topics.has(topic)) return true;
    if (!isId(topic) || topics.size >= MAX_TOPICS) return false;
    const clients = this.#clientsOf.get(topic) ?? new Set();
    this.#topicsOf.set(client, topics.add(topic));
    this.#clientsOf.set(topic, clients.add(client));
    if (clients.size === 1) this.#useListener?.used(topic);
    this.#listener?.subscribed(client, topic);
    return true;
  }

  unsubscribe(client: Client, topic: string): void {
    if (!this.isSubscribed(client, topic)) return;
    removeValue(this.#topicsOf, client, topic);
    removeValue(this.#clientsOf, topic, client);
    if (!this.#clientsOf.has(topic)) this.#useListener?.unused(topic);
    this.#listener?.unsubscribed(client, topic);
  }

  /** Ends all subscriptions of a client. */
  unsubscribeAll(client: Client): void {
    for (const topic of this.#topicsOf.get(client) ?? []) this.unsubscribe(client, topic);
  }
}

/** Removes a value from the set of a key. Removes the key if its set is empty then. */
function removeValue<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}
