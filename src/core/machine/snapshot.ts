import type { Cause } from './cause.ts';
import type { State } from './state.ts';
import { INITIAL } from './state.ts';

/** The values of `readyState`, as those of the WebSocket standard. */
export const ReadyState = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;

/** One of the values of {@link (ReadyState:variable)}. */
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/**
 * Where a connection stands. `connecting`: until the first open or failure; `reconnecting`: from a loss or failure
 * until the next open, waiting and dialling alike; `closed`: the application closed it or the policy gave up;
 * `idle`: not wanted.
 */
export type Status = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'closing' | 'closed';

/** The public state of a connection: immutable, and the same object until one of its fields changes. */
export interface Snapshot {
  readonly status: Status;
  /** As the socket would say: 0 dialling, 1 open, 2 closing, 3 all else. */
  readonly readyState: ReadyState;
  /** Failures in a row, 1 from the first; 0 while open. */
  readonly attempt: number;
  /** When the next attempt starts, in milliseconds since the epoch; null unless it is waiting for one. */
  readonly retryAt: number | null;
  /** Why the last link or attempt ended; null while open. */
  readonly cause: Cause | null;
  /** Round trip of the link's last answered probe in milliseconds; null before the first. */
  readonly latency: number | null;
}

const READY_STATES: Partial<Record<State['status'], ReadyState>> = {
  connecting: 0,
  open: 1,
  closing: 2,
};

/** The public view of a state; `epoch` is what the wall clock shows when the monotonic one shows 0. */
export function snapshotOf(state: State, timeOrigin: number): Snapshot {
  const { status, deadline, latency } = state;
  // What a link has survived is no news, and may yet count if it is lost soon.
  const { attempt, cause } = status === 'open' ? INITIAL : state;
  const waiting = status === 'waiting';
  return {
    status: waiting || (status === 'connecting' && cause) ? 'reconnecting' : status,
    readyState: READY_STATES[status] ?? 3,
    attempt,
    retryAt: waiting && deadline < Infinity ? Math.round(timeOrigin + deadline) : null,
    cause,
    latency,
  };
}

/** Whether two objects say the same, in all their fields or in those that are named. */
export function isSame<Fields extends object>(
  a: Fields,
  b: Fields,
  keys: Iterable<keyof Fields> = Object.keys(a) as (keyof Fields)[],
): boolean {
  return [...keys].every((key) => Object.is(a[key], b[key]));
}

/** What is seen of a connection without a url. */
export const IDLE: Snapshot = snapshotOf(INITIAL, 0);

/** What a component sees of a connection that it is about to open. */
export const PENDING: Snapshot = { ...IDLE, status: 'connecting', readyState: 0 };
