import { toMessage } from '../protocol/lifeline-frame.ts';
import type { Counters } from '../stats/stats.ts';
import type { Format } from './format.ts';
import { toPayload } from './payload.ts';

/** The function of a socket that an outlet uses. */
interface Socket {
  send(data: string | Uint8Array, options: { readonly binary: boolean }): void;
}

/** Encodes messages, sends them to the sockets of clients, and counts them. All clients of a server share it. */
export class Outlet<Out> {
  readonly #format: Pick<Format<never, Out>, 'encode'>;
  readonly #counters: Counters;

  constructor(format: Pick<Format<never, Out>, 'encode'>, counters: Counters) {
    this.#format = format;
    this.#counters = counters;
  }

  /** Sends a message. `hasHeaders`: whether the client reads headers. @throws what the codec throws. */
  send(socket: Socket, message: Out, hasHeaders = false): void {
    const payload = this.#format.encode(message);
    const data = hasHeaders ? toPayload(payload) : toMessage(payload);
    this.#counters.messagesSent++;
    this.sendFrame(socket, data);
  }

  /** Sends a frame that is no message. */
  sendFrame(
    socket: Socket,
    data: string | Uint8Array,
    binary: boolean = typeof data !== 'string',
  ): void {
    this.#counters.bytesSent += Buffer.byteLength(data);
    socket.send(data, { binary });
  }
}
