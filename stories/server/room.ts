import { Client } from './client.ts';
import type { Link } from './link.ts';
import { nameOf } from './names.ts';
import { SharedText } from './shared-text.ts';
import type { Said, ServerWord } from './words.ts';

/** The number of chat messages kept for clients that come later or come back. */
const KEPT = 50;

/** The clients with the same `?room=`. Each story has its own room, so that its faults do not affect others. */
export class Room {
  readonly clients: Set<Client> = new Set();
  /** The chat messages, oldest first. */
  readonly said: Said[] = [];
  readonly text: SharedText = new SharedText();
  #named = 0;
  #refusing: ReturnType<typeof setTimeout> | undefined;
  readonly #onIdle: () => void;

  /** @param onIdle - Called when the room is empty and does not refuse, so that it can be deleted. */
  constructor(onIdle: () => void) {
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
    if (this.clients.size === 0) this.#onIdle();
  }

  /** @param name - The name that the client asks for; null for a name from the list. */
  join(link: Link, name: string | null): Client {
    const client = new Client(name || nameOf(this.#named++), link);
    this.clients.add(client);
    client.tell({ demo: 'welcome', name: client.name, clients: this.clients.size });
    this.tellClients(this.clients);
    return client;
  }

  leave(client: Client): void {
    if (!this.clients.delete(client)) return;
    this.tellClients(this.clients);
    if (this.clients.size === 0 && !this.refuses) this.#onIdle();
  }

  /** Sends a chat message to everybody, unless it was sent before: clients repeat unconfirmed messages. */
  say(said: Said): void {
    if (this.said.some(({ id }) => id === said.id)) return;
    this.said.push(said);
    if (this.said.length > KEPT) this.said.shift();
    this.broadcast({ demo: 'said', ...said });
  }

  broadcast(word: ServerWord): void {
    for (const client of this.clients) client.tell(word);
  }

  /** Sends the list of clients to these clients. */
  tellClients(listeners: Iterable<Client>): void {
    const names = Array.from(this.clients, ({ name }) => name);
    for (const client of listeners) client.tell({ demo: 'clients', clients: names.length, names });
  }
}
