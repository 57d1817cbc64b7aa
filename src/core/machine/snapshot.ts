import type { Cause } from './cause.ts';
import type { State } from './state.ts';
import { INITIAL } from './initial.ts';

/** The values of `readyState`, with the numbers of the WebSocket standard. */
export const ReadyState = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;

/** A value of {@link (ReadyState:variable)}: 0, 1, 2 or 3. */
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/**
 * The status of a connection.
 *
 * - `idle`: no component holds it and the application did not open it, or there is no url
 * - `connecting`: the first attempt is in progress, its `handshake` included
 * - `open`: a link is open
 * - `reconnecting`: after a lost link or a failed attempt, until the next link opens; the wait between attempts included
 * - `closing`: the application called `close()`, and the server has not answered yet
 * - `closed`: the application closed it (the cause is `requested`), or the reconnect policy gave up
 */
export type Status = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'closing' | 'closed';

/** The public state of a connection. It is immutable, and the same object until one of its fields changes. */
export interface Snapshot {
  /** The status of the connection; see {@link Status}. */
  readonly status: Status;
  /** The `readyState` of the WebSocket standard: 0 during an attempt, 1 open, 2 closing, 3 otherwise. */
  readonly readyState: ReadyState;
  /** The number of failures in a row: 1 after the first failure, 0 while a link is open. */
  readonly attempt: number;
  /** When the next attempt starts, in milliseconds since the Unix epoch; null unless the connection waits for it. */
  readonly retryAt: number | null;
  /** Why the last link or attempt ended; null before the first end and while a link is open. */
  readonly cause: Cause | null;
  /** The round trip time of the last answered probe of this link, in milliseconds; null before the first answer. */
  readonly latency: number | null;
}

const READY_STATES: Partial<Record<State['status'], ReadyState>> = {
  connecting: 0,
  open: 1,
  closing: 2,
};

/** Returns the public view of a state. `timeOrigin` is the wall clock time at which the monotonic clock was 0. */
export function snapshotOf(state: State, timeOrigin: number): Snapshot {
  const { deadline, latency } = state;
  // Until the handshake is done, nobody else can use the link.
  const status = state.status === 'handshaking' ? 'connecting' : state.status;
  // The machine keeps earlier failures until the link is stable. They are not shown while the link is open.
  const { attempt, cause } = status === 'open' ? INITIAL : state;
  const isWaiting = status === 'waiting';
  return {
    status: isWaiting || (status === 'connecting' && cause) ? 'reconnecting' : status,
    readyState: READY_STATES[status] ?? 3,
    attempt,
    retryAt: isWaiting && deadline < Infinity ? Math.round(timeOrigin + deadline) : null,
    cause,
    latency,
  };
}

/** Whether two objects have the same values, in all fields or in the given ones. */
export function isSame<Fields extends object>(
  a: Fields,
  b: Fields,
  keys: Iterable<keyof Fields> = Object.keys(a) as (keyof Fields)[],
): boolean {
  return [...keys].every((key) => Object.is(a[key], b[key]));
}

/** The snapshot of a connection without a url. */
export const IDLE: Snapshot = snapshotOf(INITIAL, 0);

/** The snapshot that a component gets in its first render: it retains the connection in an effect after it. */
export const PENDING: Snapshot = { ...IDLE, status: 'connecting', readyState: 0 };

/** The snapshot of a connection of which nothing is known but its scope. */
export const emptySnapshot = (scope: State['scope']): Snapshot => (scope === null ? IDLE : PENDING);
