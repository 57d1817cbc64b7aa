import type { OutFrame } from '../../../src/core/codec.ts';
import type { SimulatedClock } from './clock.ts';

/** What all sockets of a network share. */
export interface Conditions {
  readonly clock: SimulatedClock;
  /** One way and back, in milliseconds. */
  readonly latency: number;
  readonly answersPings: boolean;
  /** What is sent stays in the buffer of the socket. */
  readonly uplinkIsStuck: boolean;
}

/** What a server can reach of the client's end. */
interface ClientEnd {
  readyState: number;
  bufferedAmount: number;
  readonly sent: readonly OutFrame[];
  fire(type: string, event?: object): void;
}

/** The server's end of a simulated WebSocket: what it does, the client's end hears at once. */
export class ServerEnd {
  /** As if the cable were cut: nothing comes from it any more. */
  silent = false;
  /** When it last accepted or sent something. */
  spokeAt = -Infinity;

  readonly #client: ClientEnd;
  readonly #conditions: Conditions;

  constructor(client: ClientEnd, conditions: Conditions) {
    this.#client = client;
    this.#conditions = conditions;
  }

  /** What has arrived here. */
  get received(): readonly OutFrame[] {
    return this.#client.sent;
  }

  accepts(): void {
    if (this.#client.readyState !== 0) return;
    this.#client.readyState = 1;
    this.spokeAt = this.#conditions.clock.now();
    this.#client.fire('open');
  }

  /** The handshake fails: all that a page sees is 1006. */
  refuses(): void {
    this.breaks();
  }

  sends(...frames: (string | ArrayBuffer | Blob)[]): void {
    if (this.silent) return;
    this.spokeAt = this.#conditions.clock.now();
    for (const data of frames) this.#client.fire('message', { data });
  }

  closesWith(code: number, reason = '', wasClean = true): void {
    this.#client.readyState = 3;
    this.#client.fire('close', { code, reason, wasClean });
  }

  /** The TCP connection is gone. */
  breaks(): void {
    this.#client.readyState = 3;
    this.#client.fire('error');
    this.#client.fire('close', { code: 1006, reason: '', wasClean: false });
  }

  /** The server's close frame has come, the `close` event not yet. */
  startsClosing(): void {
    this.#client.readyState = 2;
  }

  goesSilent(): void {
    this.silent = true;
  }

  /** The client's buffer has been sent, down to this many bytes. */
  drainsTo(bytes: number): void {
    this.#client.bufferedAmount = bytes;
  }

  /** What the socket does with a frame that it has taken. */
  hears(frame: OutFrame): void {
    const { clock, latency, answersPings } = this.#conditions;
    if (frame !== 'ping' || !answersPings) return;
    clock.later(latency, () => {
      if (this.#client.readyState === 1) this.sends('pong');
    });
  }
}
