import type { WebSocketConstructor } from '../../../src/core/link/link.ts';
import type { SimulatedClock } from './clock.ts';
import type { Conditions } from './server.ts';
import { SimulatedSocket } from './socket.ts';

/** How long a handshake travels, in milliseconds. */
const TRAVEL = 5;

/** What becomes of the handshakes that come while another one is being answered. */
export type Backlog =
  /** They are refused, as by a load balancer that answers 503. */
  | 'refuses'
  /** They wait for their turn; one that was given up meanwhile costs no time. */
  | 'queues';

/** A server on a simulated network that answers one handshake after the other. */
export interface BusyServer {
  readonly WebSocket: WebSocketConstructor;
  /** When each handshake was asked for, whatever became of it. */
  readonly asked: readonly number[];
  /** When each link was opened. */
  readonly opened: readonly number[];
  /** All links break, and from now on it answers so many handshakes a second. */
  restarts(handshakesPerSecond: number): void;
}

/** Starts a server that takes any number of handshakes until it restarts. */
export function startBusyServer(clock: SimulatedClock, backlog: Backlog): BusyServer {
  const asked: number[] = [];
  const opened: number[] = [];
  const queue: SimulatedSocket[] = [];
  let links: SimulatedSocket[] = [];
  let pause = 0;
  let freeAt = 0;

  function meets(socket: SimulatedSocket): void {
    if (clock.now() < freeAt && backlog === 'refuses') return socket.server.refuses();
    queue.push(socket);
    answersNext();
  }

  function answersNext(): void {
    if (clock.now() < freeAt) return;
    const socket = queue.shift();
    if (!socket) return;
    if (socket.readyState !== 0) return answersNext();
    freeAt = clock.now() + pause;
    clock.later(pause, () => {
      if (socket.readyState === 0) {
        opened.push(clock.now());
        links.push(socket);
        socket.server.accepts();
      }
      answersNext();
    });
  }

  const conditions: Conditions = {
    clock,
    latency: 2 * TRAVEL,
    answersPings: true,
    uplinkIsStuck: false,
    delivers: (arrive) => arrive(),
    afterEvent: null,
  };
  return {
    asked,
    opened,
    WebSocket: class extends SimulatedSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(conditions, url, protocols);
        asked.push(clock.now());
        clock.later(TRAVEL, () => meets(this));
      }
    },
    restarts(handshakesPerSecond) {
      pause = 1_000 / handshakesPerSecond;
      const lost = links;
      links = [];
      for (const { server } of lost) server.breaks();
    },
  };
}
