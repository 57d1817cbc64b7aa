import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What Node knows of a socket, and has no public name for. Tests with real sockets notice if the name changes. */
interface SocketInternals {
  /** The answer that is being written. */
  readonly _httpMessage?: object | null;
}

/**
 * Whether an older request on the socket is not answered yet. An upgrade behind it cannot be answered: answers must come in the
 * order of requests (RFC 9112, section 9.3.2), and Node writes the older one into whatever the socket has become.
 */
export function hasOlderRequest(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as Duplex & SocketInternals;
  return Boolean(answer);
}

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
