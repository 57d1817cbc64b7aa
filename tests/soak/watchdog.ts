import type { Connection, Snapshot } from '../../src/core.ts';
import type { Journal } from './journal.ts';

/** Short enough for many links in half a minute. */
export const TIMES = {
  connectTimeout: 500,
  closeTimeout: 300,
  heartbeat: { interval: 250, timeout: 250 },
  reconnect: { minDelay: 5, baseDelay: 60, maxDelay: 250, stableAfter: 1_000 },
};

/** After 1013 it waits four times as long. */
const LONGEST_WAIT = 4 * (TIMES.reconnect.minDelay + TIMES.reconnect.maxDelay);
/** A hint of the browser asks the peer once more, and so does a deadline that the page noticed late. */
const LONGEST_SILENCE = TIMES.heartbeat.interval + 3 * TIMES.heartbeat.timeout;
/** For timers that come a little late. */
const SLACK = 300;

/** What may end a connection for good; the last three only at the second time. */
const FINAL_CODES = [1002, 1003, 1007, 1009, 1010, 1008, 4401, 4403];

const TICK = 20;

/** Looks whether a connection stays in a state for longer than its timeouts allow. */
export class Watchdog {
  /** How long the page could have done something, in milliseconds: while it is held up, no time counts. */
  now = 0;
  readonly #connection: Connection;
  readonly #journal: Journal;
  #socket: unknown = null;
  #buffered = 0;
  /** When the present state began, or the link was last heard. */
  #since = 0;

  constructor(connection: Connection, journal: Journal) {
    this.#connection = connection;
    this.#journal = journal;
    connection.subscribe(() => {
      const snapshot = connection.getSnapshot();
      this.#since = this.now;
      journal.notes(snapshot.status);
      if (snapshot.status === 'closed' && !this.#mayEnd(snapshot))
        journal.accuses(`closed because of ${JSON.stringify(snapshot.cause)}`);
    });
  }

  /** Watches until the returned function is called. */
  start(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const at = performance.now();
      this.now += Math.min(at - last, 5 * TICK);
      last = at;
      this.#look();
    }, TICK);
    return () => clearInterval(timer);
  }

  /** A frame came, a pong or a message. */
  hears(): void {
    this.#since = this.now;
  }

  #look(): void {
    const { socket } = this.#connection;
    // A new attempt, or a buffer that shrinks: the peer takes what we send.
    if (socket !== this.#socket || Number(socket?.bufferedAmount) < this.#buffered) this.hears();
    this.#socket = socket;
    this.#buffered = socket?.bufferedAmount ?? 0;

    const snapshot = this.#connection.getSnapshot();
    const took = this.now - this.#since;
    if (took <= this.#limit(snapshot) + SLACK) return;
    this.#journal.accuses(`${JSON.stringify(snapshot)} for ${Math.round(took)} ms`);
    this.hears();
  }

  #limit({ status, readyState }: Snapshot): number {
    if (status === 'idle' || status === 'closed') return Infinity;
    return (
      [TIMES.connectTimeout, LONGEST_SILENCE, TIMES.closeTimeout, LONGEST_WAIT][readyState] ?? 0
    );
  }

  #mayEnd({ cause }: Snapshot): boolean {
    return (
      cause?.kind === 'requested' || (cause?.kind === 'close' && FINAL_CODES.includes(cause.code))
    );
  }
}
