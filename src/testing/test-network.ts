import type { OutFrame } from '../core/link/frame.ts';
import type { SimulatedClock } from './simulation/clock.ts';
import { SimulatedNetwork } from './simulation/network.ts';
import type { ServerEnd } from './simulation/server-end.ts';
import type { SimulatedSocket } from './simulation/socket.ts';

/** What a server does with the clients of a network. */
export interface NetworkHandlers {
  /** A client wants to connect. */
  onDial(socket: SimulatedSocket): void;
  /** A frame has arrived. */
  onFrame(frame: OutFrame, at: ServerEnd): void;
}

/** A network in which all goes by the clock, in order, and takes `latency` milliseconds one way. */
export class TestNetwork extends SimulatedNetwork {
  override latency: number = 0;
  override refusesWrongUrls: boolean = true;
  /** Whether no attempt gets out. */
  isOffline: boolean = false;
  readonly #handlers: NetworkHandlers;
  /** When the last thing arrives that is on its way; nothing overtakes it. */
  readonly #down = new WeakMap<ServerEnd, number>();
  readonly #up = new WeakMap<ServerEnd, number>();

  constructor(clock: SimulatedClock, handlers: NetworkHandlers) {
    super(clock);
    this.#handlers = handlers;
  }

  override delivers(arrive: () => void, from: ServerEnd): void {
    this.clock.later(this.#timeOf(from, this.#down), arrive);
  }

  override receives(frame: OutFrame, at: ServerEnd): void {
    const wait = this.#timeOf(at, this.#up);
    const arrive = () => this.#handlers.onFrame(frame, at);
    if (wait > 0) this.clock.later(wait, arrive);
    else arrive();
  }

  protected override dials(socket: SimulatedSocket): void {
    const { server } = socket;
    this.clock.later(this.#timeOf(server, this.#up), () => {
      if (socket.readyState !== 0) return;
      if (this.isOffline) server.refuses();
      else this.#handlers.onDial(socket);
    });
  }

  #timeOf(end: ServerEnd, arrivals: WeakMap<ServerEnd, number>): number {
    const now = this.clock.now();
    const arrival = Math.max(now + this.latency, arrivals.get(end) ?? 0);
    arrivals.set(end, arrival);
    return arrival - now;
  }
}
