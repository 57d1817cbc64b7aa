import { toMessage } from '../protocol/lifeline-frame.ts';
import type { Counters } from '../stats/stats.ts';
import type { Format } from './format.ts';

/** The function of a socket that an outlet uses. */
interface Socket {
  send(data: string | Uint8Array): void;
}

/** Encodes messages, sends them to the sockets of clients, and counts them. All clients of a server share it. */
export class Outlet<Out> {
  readonly #format: Pick<Format<never, Out>, 'encode'>;
  readonly #counters: Counters;

  constructor(format: Pick<Format<never, Out>, 'encode'>, counters: Counters) {
    this.#format = format;
    this.#counters = counters;
  }

  /** Sends a message. @throws what the codec throws. */
  send(socket: Socket, message: Out): void {
    const data = toMessage(this.#format.encode(message));
    this.#counters.messagesSent++;
    this.sendFrame(socket, data);
  }

  /** Sends a frame that is no message. */
  sendFrame(socket: Socket, data: string | Uint8Array): void {
    this.#counters.bytesSent += Buffer.byteLength(data);
    socket.send(data);
  }
}
