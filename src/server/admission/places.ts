import type { Duplex } from 'node:stream';

/**
 * The places for sockets, as many as `maxConnections`. A socket has a place from the moment that the server knows it,
 * with a request or without, until it is closed.
 */
export class Places {
  /** How many places there are. */
  readonly max: number;
  /** Tells of a socket that was refused, or closed without an answer, because there was no place. */
  readonly turnAway: () => void;
  #taken = 0;
  /** One function for all sockets, which also tells those with a place from the others: thousands of them cost nothing. */
  readonly #leave = (): void => void this.#taken--;

  constructor(max: number, turnAway: () => void = () => {}) {
    this.max = max;
    this.turnAway = turnAway;
  }

  /** Gives a socket a place, if it has none yet. @returns False if there is none left. */
  take(socket: Duplex): boolean {
    if (this.max === Infinity || this.has(socket)) return true;
    if (this.#taken >= this.max || socket.destroyed) return false;
    this.#taken++;
    socket.on('close', this.#leave); // A listener of once() would take 200 bytes more.
    return true;
  }

  /** Whether a socket has a place. */
  has(socket: Duplex): boolean {
    return socket.listeners('close').includes(this.#leave);
  }
}
