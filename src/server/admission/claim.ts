import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What others have done with the socket of an upgrade since it arrived. Another listener may answer it as well. */
export class Claim {
  readonly #socket: Duplex;
  readonly #bytesWritten: number | undefined;
  readonly #listeners: number;

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#bytesWritten = (socket as Partial<Socket>).bytesWritten;
    this.#listeners = countListeners(socket);
  }

  /** Whether somebody has written to the socket, reads from it, or has ended it. */
  get isAnswered(): boolean {
    const socket = this.#socket;
    return (
      socket.destroyed ||
      socket.writableEnded ||
      (socket as Partial<Socket>).bytesWritten !== this.#bytesWritten ||
      // Node removes its own listeners before it hands a socket over.
      countReaders(socket) > 0
    );
  }

  /** Whether somebody has answered, or has added a listener to the socket in order to answer later. */
  get isMade(): boolean {
    return this.isAnswered || countListeners(this.#socket) !== this.#listeners;
  }
}

const countReaders = (socket: Duplex) =>
  socket.listenerCount('data') + socket.listenerCount('readable');

const countListeners = (socket: Duplex) =>
  socket.eventNames().reduce((count, name) => count + socket.listenerCount(name), 0);
