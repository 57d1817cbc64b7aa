import type { OutFrame } from '../../core/link/frame.ts';

/** The time of a network. */
export interface Timeline {
  now(): number;
  later(ms: number, run: () => void): void;
}

/** The state that all sockets of a network share. */
export interface Conditions {
  readonly clock: Timeline;
  /** The round trip in milliseconds. */
  readonly latency: number;
  /** Whether sent frames stay in the buffer of the socket. */
  readonly uplinkIsStuck: boolean;
  /** Delivers an event of a server's end to the page. */
  delivers(arrive: () => void, from: ServerEnd): void;
  /** The client has sent a frame. */
  receives(frame: OutFrame, at: ServerEnd): void;
  /** Called after each event of a socket, with or without listeners. */
  readonly afterEvent: ((client: ClientEnd, type: string, event: object) => void) | null;
}

/** The part of the client's socket that the server changes. */
interface ClientEnd {
  readyState: number;
  bufferedAmount: number;
  readonly sent: readonly OutFrame[];
  fire(type: string, event?: object): void;
}

/** The server's end of a simulated WebSocket. Its events reach the client at once, unless the wire stalls. */
export class ServerEnd {
  /** Whether the link is half-open: nothing comes from the server any more. */
  silent: boolean = false;
  /** When it last accepted or sent something. */
  lastSentAt: number = -Infinity;

  /** Whether it has started to close the link. */
  isClosing: boolean = false;
  /** When a stall of the wire last ended. */
  reachableSince: number = -Infinity;
  /** The events on a stalled wire; null while it works. */
  #delayed: (() => void)[] | null = null;
  readonly #client: ClientEnd;
  readonly #conditions: Conditions;

  constructor(client: ClientEnd, conditions: Conditions) {
    this.#client = client;
    this.#conditions = conditions;
  }

  /** The frames that have arrived at the server. */
  get received(): readonly OutFrame[] {
    return this.#client.sent;
  }

  /** Whether its events arrive without delay. */
  get isReachable(): boolean {
    return !this.silent && this.#delayed === null;
  }

  accepts(): void {
    this.#delivers(() => {
      if (this.#client.readyState !== 0) return;
      this.#client.readyState = 1;
      this.lastSentAt = this.#conditions.clock.now();
      this.#client.fire('open');
    });
  }

  /** The handshake fails, which a page sees as 1006. */
  refuses(): void {
    this.breaks();
  }

  sends(...frames: (string | ArrayBuffer | Blob)[]): void {
    if (this.silent) return;
    for (const data of frames)
      this.#delivers(() => {
        if (this.#client.readyState !== 1) return;
        this.lastSentAt = this.#conditions.clock.now();
        this.#client.fire('message', { data });
      });
  }

  closesWith(code: number, reason = '', wasClean = true): void {
    this.#delivers(() => {
      if (this.#client.readyState === 3) return;
      this.#client.readyState = 3;
      this.#client.fire('close', { code, reason, wasClean });
    });
  }

  /** The TCP connection is lost. */
  breaks(): void {
    this.#delivers(this.#lose);
  }

  /** The client has waited long enough: its socket closes, even if the wire stalls. */
  clientGivesUp(): void {
    this.#conditions.delivers(this.#lose, this);
  }

  /** The close frame of the server has arrived, but the `close` event has not come yet. */
  startsClosing(): void {
    this.#delivers(() => {
      if (this.#client.readyState !== 1) return;
      this.#client.readyState = 2;
      this.isClosing = true;
    });
  }

  goesSilent(): void {
    this.silent = true;
  }

  /** The wire stalls: nothing arrives, and nothing is lost. */
  stalls(): void {
    this.#delayed ??= [];
  }

  /** The stall ends, and the delayed events arrive. */
  resumes(): void {
    const late = this.#delayed ?? [];
    this.#delayed = null;
    this.reachableSince = this.#conditions.clock.now();
    for (const arrive of late) this.#conditions.delivers(arrive, this);
  }

  /** Sets the bytes left in the client's send buffer. */
  drainsTo(bytes: number): void {
    this.#client.bufferedAmount = bytes;
  }

  /** The client has sent a frame. */
  receives(frame: OutFrame): void {
    this.#conditions.receives(frame, this);
  }

  readonly #lose = (): void => {
    if (this.#client.readyState === 3) return;
    this.#client.readyState = 3;
    this.#client.fire('error');
    this.#client.fire('close', { code: 1006, reason: '', wasClean: false });
  };

  #delivers(arrive: () => void): void {
    if (this.#delayed) this.#delayed.push(arrive);
    else this.#conditions.delivers(arrive, this);
  }
}
