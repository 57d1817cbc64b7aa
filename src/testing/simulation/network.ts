import type { OutFrame } from '../../core/link/frame.ts';
import type { WebSocketConstructor } from '../../core/link/link.ts';
import type { Conditions, ServerEnd, Timeline } from './server-end.ts';
import { SimulatedSocket } from './socket.ts';

/** What becomes of a new socket. `wait`: the test decides. */
type Answer = 'wait' | 'accept' | 'refuse' | 'block';

/** A simulated network. By default, the test answers each new socket. */
export class SimulatedNetwork implements Conditions {
  readonly clock: Timeline;
  latency: number = 10;
  answersPings: boolean = true;
  uplinkIsStuck: boolean = false;
  /** Whether the constructor throws for wrong urls and subprotocols, as that of a browser does. */
  refusesWrongUrls: boolean = false;
  readonly sockets: SimulatedSocket[] = [];
  readonly WebSocket: WebSocketConstructor;
  afterEvent: Conditions['afterEvent'] = null;
  #answer: Answer = 'wait';
  #refusal: Error | null = null;
  /** Events for a frozen page, to be delivered when it resumes. */
  #held: (() => void)[] | null = null;

  constructor(clock: Timeline) {
    this.clock = clock;
    this.WebSocket = socketClassOf(this, (socket) => this.#add(socket));
  }

  /** From now on every new socket opens after the latency. */
  acceptsAll(): void {
    this.#answer = 'accept';
  }

  /** From now on every new socket fails after the latency. */
  refusesAll(): void {
    this.#answer = 'refuse';
  }

  /** From now on only the test answers new sockets. */
  answersNone(): void {
    this.#answer = 'wait';
  }

  /** A Content-Security-Policy forbids new sockets: they are closed from the start and only fire `error`. */
  isBlocked(): void {
    this.#answer = 'block';
  }

  /** The constructor throws this error, until it is set to null. */
  constructorThrows(error: Error | null): void {
    this.#refusal = error;
  }

  /** The links go half-open: no frame arrives any more, not even a close frame. */
  goesSilent(): void {
    for (const { server } of this.sockets) server.goesSilent();
  }

  dropsPongs(): void {
    this.answersPings = false;
  }

  /** The page is frozen: events arrive when it resumes. */
  pageFreezes(): void {
    this.#held ??= [];
  }

  /** The page resumes: everything arrives at once, in order. */
  pageResumes(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const arrive of held) arrive();
  }

  delivers(arrive: () => void, _from: ServerEnd): void {
    if (this.#held) this.#held.push(arrive);
    else arrive();
  }

  receives(frame: OutFrame, at: ServerEnd): void {
    if (frame !== 'ping' || !this.answersPings) return;
    this.clock.later(this.latency, () => at.sends('pong'));
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

  /** The number of sockets that are connecting or open. */
  get liveSockets(): number {
    return this.sockets.filter(({ isLive }) => isLive).length;
  }

  /** The number of listeners on all sockets, without those for errors. */
  get listeners(): number {
    return this.sockets.reduce((count, { listenerCount }) => count + listenerCount, 0);
  }

  #add(socket: SimulatedSocket): void {
    if (this.#refusal) throw this.#refusal;
    if (this.refusesWrongUrls) checkUrl(socket.url, [socket.protocols ?? []].flat());
    this.sockets.push(socket);
    this.dials(socket);
  }

  /** A new socket starts its handshake. */
  protected dials(socket: SimulatedSocket): void {
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
  add: (socket: SimulatedSocket) => void,
): WebSocketConstructor =>
  class extends SimulatedSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(conditions, url, protocols);
      add(this);
    }
  };

/** What a subprotocol may consist of (RFC 9110, section 5.6.2). */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

function checkUrl(url: string, protocols: readonly string[]): void {
  if (!/^wss?:[^#]+$/i.test(url) || !isUrl(url))
    throw new DOMException(`The URL '${url}' is invalid.`, 'SyntaxError');
  if (new Set(protocols).size < protocols.length || !protocols.every((name) => TOKEN.test(name)))
    throw new DOMException(`The subprotocols '${protocols.join()}' are invalid.`, 'SyntaxError');
}

function isUrl(text: string): boolean {
  try {
    return !!new URL(text);
  } catch {
    return false;
  }
}
