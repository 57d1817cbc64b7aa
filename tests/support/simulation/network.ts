import type { WebSocketConstructor } from '../../../src/core/link/link.ts';
import type { SimulatedClock } from './clock.ts';
import type { Conditions, ServerEnd } from './server.ts';
import { SimulatedSocket } from './socket.ts';

/** What becomes of a new socket. `wait`: it is left to the test. */
type Answer = 'wait' | 'accept' | 'refuse' | 'block';

/** A network without wires. Unless told otherwise it leaves the answer to each new socket to the test. */
export class SimulatedNetwork implements Conditions {
  readonly clock: SimulatedClock;
  latency = 10;
  answersPings = true;
  uplinkIsStuck = false;
  readonly sockets: SimulatedSocket[] = [];
  readonly WebSocket: WebSocketConstructor;
  afterEvent: Conditions['afterEvent'] = null;
  #answer: Answer = 'wait';
  #refusal: Error | null = null;
  /** What is to arrive at a frozen page. */
  #held: (() => void)[] | null = null;

  constructor(clock: SimulatedClock) {
    this.clock = clock;
    this.WebSocket = socketClassOf(this, (socket) => this.#join(socket));
  }

  /** From now on every new socket opens, after the latency. */
  acceptsAll(): void {
    this.#answer = 'accept';
  }

  /** From now on every new socket fails, after the latency. */
  refusesAll(): void {
    this.#answer = 'refuse';
  }

  /** From now on no new socket is answered, unless the test does. */
  answersNone(): void {
    this.#answer = 'wait';
  }

  /** A Content-Security-Policy forbids it: the socket is closed from the start, and only says `error`. */
  isBlocked(): void {
    this.#answer = 'block';
  }

  /** The constructor throws, until it is told null. */
  constructorThrows(error: Error | null): void {
    this.#refusal = error;
  }

  /** The cable is cut: no socket says anything more, not even goodbye. */
  goesSilent(): void {
    for (const { server } of this.sockets) server.goesSilent();
  }

  dropsPongs(): void {
    this.answersPings = false;
  }

  /** The page is frozen: whatever the servers say arrives when it thaws. */
  pageFreezes(): void {
    this.#held ??= [];
  }

  /** Everything arrives at once, in order. */
  pageThaws(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const arrive of held) arrive();
  }

  delivers(arrive: () => void): void {
    if (this.#held) this.#held.push(arrive);
    else arrive();
  }

  /** The newest socket. */
  get socket(): SimulatedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket has been made yet.');
    return socket;
  }

  /** The server's end of the newest socket. */
  get server(): ServerEnd {
    return this.socket.server;
  }

  /** How many sockets connect or are open. */
  get liveSockets(): number {
    return this.sockets.filter(({ isLive }) => isLive).length;
  }

  /** How many listeners, errors aside, there are on all sockets. */
  get listeners(): number {
    return this.sockets.reduce((count, { listenerCount }) => count + listenerCount, 0);
  }

  #join(socket: SimulatedSocket): void {
    if (this.#refusal) throw this.#refusal;
    this.sockets.push(socket);
    const answer = this.#answer;
    if (answer === 'block') socket.readyState = 3;
    this.clock.later(this.latency, () => {
      if (answer === 'block') socket.fire('error');
      if (socket.readyState > 0) return;
      if (answer === 'accept') socket.server.accepts();
      if (answer === 'refuse') socket.server.refuses();
    });
  }
}

const socketClassOf = (
  conditions: Conditions,
  join: (socket: SimulatedSocket) => void,
): WebSocketConstructor =>
  class extends SimulatedSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(conditions, url, protocols);
      join(this);
    }
  };
