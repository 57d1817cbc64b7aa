import type { WebSocket } from 'ws';
import { nameOf } from './names.ts';
import { Stall } from './stall.ts';
import type { ServerWord } from './words.ts';

/** One connection, as the server sees it. */
export interface Client {
  readonly name: string;
  readonly socket: WebSocket;
  /** Answers no pings. */
  muted: boolean;
  /** The cable is cut: nothing goes in or out. */
  cut: boolean;
  /** Where it gets its prices. */
  readonly stall: Stall;
}

/** The clients that share a `?room=`. Stories take a room each, so that what one of them breaks stays whole elsewhere. */
export class Room {
  readonly clients: Set<Client> = new Set();
  #named = 0;
  #refusing: NodeJS.Timeout | undefined;
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

  join(socket: WebSocket): Client {
    const client: Client = {
      name: nameOf(this.#named++),
      socket,
      muted: false,
      cut: false,
      stall: new Stall((word) => this.tell(client, word)),
    };
    this.clients.add(client);
    this.tell(client, { demo: 'welcome', name: client.name, clients: this.clients.size });
    this.#tellCount(client);
    return client;
  }

  leave(client: Client): void {
    if (!this.clients.delete(client)) return;
    this.#tellCount();
    if (this.clients.size === 0 && !this.refuses) this.#onIdle();
  }

  tell({ cut, socket }: Client, word: ServerWord): void {
    if (!cut) socket.send(JSON.stringify(word));
  }

  broadcast(word: ServerWord, except?: Client): void {
    for (const client of this.clients) if (client !== except) this.tell(client, word);
  }

  #tellCount(except?: Client): void {
    this.broadcast({ demo: 'clients', clients: this.clients.size }, except);
  }
}
