import { Client } from './client.ts';
import type { Link } from './link.ts';
import { nameOf } from './names.ts';
import { SharedText } from './shared-text.ts';
import { Talk } from './talk.ts';
import type { ServerWord } from './words.ts';

/** The clients with the same `?room=`. Each story has its own room, so that its faults do not affect others. */
export class Room {
  readonly clients: Set<Client> = new Set();
  readonly text: SharedText = new SharedText();
  readonly talk: Talk;
  /** Sends a message to everybody in the room, also to those who are away. `except`: not to its sender. */
  readonly publish: (word: ServerWord, except?: Link) => void;
  #named = 0;
  #refusing: ReturnType<typeof setTimeout> | undefined;
  readonly #onIdle: () => void;

  /** @param onIdle - Called when the room is empty, and neither refuses nor talks, so that it can be deleted. */
  constructor(publish: Room['publish'], onIdle: () => void) {
    this.publish = publish;
    this.talk = new Talk({
      say: publish,
      isHeard: () => this.clients.size > 0,
      ended: () => this.#endIfIdle(),
    });
    this.#onIdle = onIdle;
  }

  get refuses(): boolean {
    return this.#refusing !== undefined;
  }

  /** Refuses new clients for so many seconds. */
  refuseFor(seconds: number): void {
    clearTimeout(this.#refusing);
    this.#refusing = setTimeout(() => this.reopen(), seconds * 1000);
  }

  reopen(): void {
    clearTimeout(this.#refusing);
    this.#refusing = undefined;
    this.#endIfIdle();
  }

  /** Ends all timers. */
  close(): void {
    this.talk.end();
    this.reopen();
  }

  /**
   * @param name - The name that the client asks for; null for a name from the list.
   * @param perSecond - How many prices a second it asks for.
   * @param isGraphql - Whether it speaks graphql-transport-ws.
   */
  join(link: Link, name: string | null, perSecond: number, isGraphql: boolean): Client {
    const client = new Client(name || nameOf(this.#named++), link, perSecond, isGraphql);
    this.clients.add(client);
    client.tell({ demo: 'welcome', name: client.name, clients: this.clients.size });
    this.tellClients(this.clients);
    return client;
  }

  leave(client: Client): void {
    if (!this.clients.delete(client)) return;
    this.tellClients(this.clients);
    this.#endIfIdle();
  }

  /** Sends the list of clients to these clients. */
  tellClients(listeners: Iterable<Client>): void {
    const names = Array.from(this.clients, ({ name }) => name);
    for (const client of listeners) client.tell({ demo: 'clients', clients: names.length, names });
  }

  #endIfIdle(): void {
    if (this.clients.size === 0 && !this.refuses && !this.talk.isOn) this.#onIdle();
  }
}
