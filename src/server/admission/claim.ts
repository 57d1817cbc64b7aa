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

  /** Whether somebody has written to the socket or has ended it, or reads from it. */
  get isAnswered(): boolean {
    const socket = this.#socket;
    return (
      (socket as Partial<Socket>).bytesWritten !== this.#bytesWritten ||
      (socket.writableEnded && !socket.destroyed) ||
      // Node removes its own listeners, and stops the flow, before it hands a socket over.
      socket.readableFlowing === true ||
      socket.listenerCount('data') + socket.listenerCount('readable') > 0
    );
  }

  /** Whether somebody has answered, or has added a listener to the socket in order to answer later. */
  get isMade(): boolean {
    return this.isAnswered || countListeners(this.#socket) !== this.#listeners;
  }
}

const countListeners = (socket: Duplex) =>
  socket.eventNames().reduce((count, name) => count + socket.listenerCount(name), 0);
