import type { WebSocketConstructor } from '../../../src/core/link/link.ts';
import type { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import type { Conditions } from '../../../src/testing/simulation/server-end.ts';
import { SimulatedSocket } from '../../../src/testing/simulation/socket.ts';

/** How long a handshake takes to arrive, in milliseconds. */
const LATENCY = 5;

/** What happens to handshakes that arrive while another one is being answered. */
export type Backlog =
  /** They are refused, as by a load balancer that answers 503. */
  | 'refuses'
  /** They wait in a queue. One that was given up meanwhile costs no time. */
  | 'queues';

/** A server on a simulated network that answers one handshake after another. */
export interface BusyServer {
  readonly WebSocket: WebSocketConstructor;
  /** When each attempt was made. */
  readonly attempts: readonly number[];
  /** When each link was opened. */
  readonly opened: readonly number[];
  /** All links are lost, and from now on it answers so many handshakes a second. */
  restarts(handshakesPerSecond: number): void;
}

/** Starts a server that takes any number of handshakes until it restarts. */
export function startBusyServer(clock: SimulatedClock, backlog: Backlog): BusyServer {
  const attempts: number[] = [];
  const opened: number[] = [];
  const queue: SimulatedSocket[] = [];
  let links: SimulatedSocket[] = [];
  let pause = 0;
  let freeAt = 0;

  function arrives(socket: SimulatedSocket): void {
    if (clock.now() < freeAt && backlog === 'refuses') return socket.server.refuses();
    queue.push(socket);
    answerNext();
  }

  function answerNext(): void {
    if (clock.now() < freeAt) return;
    const socket = queue.shift();
    if (!socket) return;
    if (socket.readyState !== 0) return answerNext();
    freeAt = clock.now() + pause;
    clock.later(pause, () => {
      if (socket.readyState === 0) {
        opened.push(clock.now());
        links.push(socket);
        socket.server.accepts();
      }
      answerNext();
    });
  }

  const conditions: Conditions = {
    clock,
    latency: 2 * LATENCY,
    uplinkIsStuck: false,
    delivers: (arrive) => arrive(),
    receives: () => {},
    afterEvent: null,
  };
  return {
    attempts,
    opened,
    WebSocket: class extends SimulatedSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(conditions, url, protocols);
        attempts.push(clock.now());
        clock.later(LATENCY, () => arrives(this));
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
