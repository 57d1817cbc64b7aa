import type { OutFrame } from '../../../src/core/link/frame.ts';
import type { SimulatedClock } from './clock.ts';

/** What all sockets of a network share. */
export interface Conditions {
  readonly clock: SimulatedClock;
  /** One way and back, in milliseconds. */
  readonly latency: number;
  readonly answersPings: boolean;
  /** What is sent stays in the buffer of the socket. */
  readonly uplinkIsStuck: boolean;
  /** Lets something arrive at the page, at once unless the page is frozen. */
  delivers(arrive: () => void): void;
  /** Called after each event of a socket, whether or not anybody listened to it. */
  readonly afterEvent: ((client: ClientEnd, type: string, event: object) => void) | null;
}

/** What a server can reach of the client's end. */
interface ClientEnd {
  readyState: number;
  bufferedAmount: number;
  readonly sent: readonly OutFrame[];
  fire(type: string, event?: object): void;
}

/** The server's end of a simulated WebSocket: what it does, the client's end hears at once, unless the wire stalls. */
export class ServerEnd {
  /** As if the cable were cut: nothing comes from it any more. */
  silent = false;
  /** When it last accepted or sent something. */
  spokeAt = -Infinity;

  /** Whether it has started to close the link. */
  isClosing = false;
  /** When the wire last ceased to stall. */
  reachableSince = -Infinity;
  /** What is on the way over a wire that stalls. */
  #onTheWay: (() => void)[] | null = null;
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

  /** Whether what it says arrives without delay. */
  get isReachable(): boolean {
    return !this.silent && this.#onTheWay === null;
  }

  accepts(): void {
    this.#says(() => {
      if (this.#client.readyState !== 0) return;
      this.#client.readyState = 1;
      this.spokeAt = this.#conditions.clock.now();
      this.#client.fire('open');
    });
  }

  /** The handshake fails: all that a page sees is 1006. */
  refuses(): void {
    this.breaks();
  }

  sends(...frames: (string | ArrayBuffer | Blob)[]): void {
    if (this.silent) return;
    for (const data of frames)
      this.#says(() => {
        this.spokeAt = this.#conditions.clock.now();
        this.#client.fire('message', { data });
      });
  }

  closesWith(code: number, reason = '', wasClean = true): void {
    this.#says(() => {
      this.#client.readyState = 3;
      this.#client.fire('close', { code, reason, wasClean });
    });
  }

  /** The TCP connection is gone. */
  breaks(): void {
    this.#says(this.#gone);
  }

  /** The client's end has waited long enough: whatever is on the way, it is gone. */
  clientGivesUp(): void {
    this.#conditions.delivers(this.#gone);
  }

  /** The server's close frame has come, the `close` event not yet. */
  startsClosing(): void {
    this.#says(() => {
      if (this.#client.readyState !== 1) return;
      this.#client.readyState = 2;
      this.isClosing = true;
    });
  }

  goesSilent(): void {
    this.silent = true;
  }

  /** The wire stalls: nothing gets through, and nothing is lost. */
  stalls(): void {
    this.#onTheWay ??= [];
  }

  /** What was on the way arrives. */
  resumes(): void {
    const late = this.#onTheWay ?? [];
    this.#onTheWay = null;
    this.reachableSince = this.#conditions.clock.now();
    for (const arrive of late) this.#conditions.delivers(arrive);
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

  readonly #gone = (): void => {
    this.#client.readyState = 3;
    this.#client.fire('error');
    this.#client.fire('close', { code: 1006, reason: '', wasClean: false });
  };

  #says(arrive: () => void): void {
    if (this.#onTheWay) this.#onTheWay.push(arrive);
    else this.#conditions.delivers(arrive);
  }
}
