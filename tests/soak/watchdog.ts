import type { Connection, Snapshot } from '../../src/core.ts';
import type { Journal } from './journal.ts';

/** Short times, for many links in half a minute. */
export const TIMES = {
  connectTimeout: 500,
  closeTimeout: 300,
  heartbeat: { interval: 250, timeout: 250, maxTimeout: 750 },
  reconnect: { minDelay: 5, baseDelay: 60, maxDelay: 250, stableAfter: 1_000 },
};

/** After 1013 it waits four times as long. */
const LONGEST_WAIT = 4 * (TIMES.reconnect.minDelay + TIMES.reconnect.maxDelay);
/** A signal of the page sends another ping, and so does a timer that fires late. */
const LONGEST_SILENCE = TIMES.heartbeat.interval + 3 * TIMES.heartbeat.maxTimeout;
/** For timers that fire a little late. */
const SLACK = 300;

/** Codes that may end a connection; the last five only the second time. */
const FINAL_CODES = [1002, 1003, 1007, 1009, 1010, 1008, 3000, 3003, 4401, 4403];

const TICK = 20;

/** Checks that a connection stays in no status for longer than its timeouts allow. */
export class Watchdog {
  /** The time in which the page could run, in milliseconds. Time in which it was blocked does not count. */
  now = 0;
  readonly #connection: Connection;
  readonly #journal: Journal;
  #socket: unknown = null;
  #buffered = 0;
  /** When the present status began, or the link was last active. */
  #since = 0;

  constructor(connection: Connection, journal: Journal) {
    this.#connection = connection;
    this.#journal = journal;
    connection.subscribe(() => {
      const snapshot = connection.getSnapshot();
      this.#since = this.now;
      journal.logs(snapshot.status);
      if (snapshot.status === 'closed' && !this.#mayEnd(snapshot))
        journal.fails(`closed because of ${JSON.stringify(snapshot.cause)}`);
    });
  }

  /** Watches until the returned function is called. */
  start(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const at = performance.now();
      this.now += Math.min(at - last, 5 * TICK);
      last = at;
      this.#checkTime();
    }, TICK);
    return () => clearInterval(timer);
  }

  /** Called when a frame arrives, a pong or a message. */
  noteActivity(): void {
    this.#since = this.now;
  }

  #checkTime(): void {
    const { socket } = this.#connection;
    // A new attempt and a shrinking buffer count as activity.
    if (socket !== this.#socket || Number(socket?.bufferedAmount) < this.#buffered)
      this.noteActivity();
    this.#socket = socket;
    this.#buffered = socket?.bufferedAmount ?? 0;

    const snapshot = this.#connection.getSnapshot();
    const took = this.now - this.#since;
    if (took <= this.#limit(snapshot) + SLACK) return;
    this.#journal.fails(`${JSON.stringify(snapshot)} for ${Math.round(took)} ms`);
    this.noteActivity();
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
