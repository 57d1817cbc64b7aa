import { Client } from './client.ts';
import type { Link } from './link.ts';
import { nameOf } from './names.ts';
import { SharedText } from './shared-text.ts';
import type { Said, ServerWord } from './words.ts';

/** Of what was said, so much is kept for those who come later or come back. */
const KEPT = 50;

/** The clients that share a `?room=`. Stories take a room each, so that what one of them breaks stays whole elsewhere. */
export class Room {
  readonly clients: Set<Client> = new Set();
  /** What was said, oldest first. */
  readonly said: Said[] = [];
  readonly text: SharedText = new SharedText();
  #named = 0;
  #refusing: ReturnType<typeof setTimeout> | undefined;
  readonly #onIdle: () => void;

  /** @param onIdle is called when the room is empty and open, and thus needs no remembering. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get refuses(): boolean {
    return this.#refusing !== undefined;
  }

  /** Lets nobody in for so long. */
  refuseFor(seconds: number): void {
    clearTimeout(this.#refusing);
    this.#refusing = setTimeout(() => this.reopen(), seconds * 1000);
  }

  reopen(): void {
    clearTimeout(this.#refusing);
    this.#refusing = undefined;
    if (this.clients.size === 0) this.#onIdle();
  }

  /** @param name is what the client wants to be called; without one it gets a name. */
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

  /** Tells everybody, unless it was said already: who hears no answer says it again. */
  say(said: Said): void {
    if (this.said.some(({ id }) => id === said.id)) return;
    this.said.push(said);
    if (this.said.length > KEPT) this.said.shift();
    this.broadcast({ demo: 'said', ...said });
  }

  broadcast(word: ServerWord): void {
    for (const client of this.clients) client.tell(word);
  }

  /** Tells them who is here. */
  tellClients(listeners: Iterable<Client>): void {
    const names = Array.from(this.clients, ({ name }) => name);
    for (const client of listeners) client.tell({ demo: 'clients', clients: names.length, names });
  }
}
