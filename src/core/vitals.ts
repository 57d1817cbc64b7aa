import { MAX_BUFFERED } from './messages/sender.ts';
import type { Shared } from './shared.ts';

/** The wall clock runs ahead of the monotonic one by more than this only if the computer has slept, in milliseconds. */
const MIN_SLEEP = 5_000;

/** Notices signs of life, and what no event tells: a socket's buffer that shrinks, a computer that has slept. */
export interface Vitals {
  /** When the last sign of life came, on the monotonic clock; NaN before the first of the scope. */
  readonly lastHeardAt: number;
  /** What the wall clock shows when the monotonic one shows 0, as of the last look. */
  readonly timeOrigin: number;
  /** A frame came, or what proves life as well. */
  noteSignOfLife(): void;
  /** Milliseconds since the last sign of life; NaN before the first of the scope. */
  silence(): number;
  /** Looks at the buffer and at both clocks. */
  observe(now?: number): void;
  /** Looks at the buffer: if it has shrunk, the peer is alive. */
  watchBuffer(): void;
  /** Another socket: its buffer starts empty. */
  forgetBuffer(): void;
  /** Another scope: nothing that came before counts. */
  forget(): void;
}

/** Makes {@link Vitals}. */
export function createVitals<In, Out>({
  clock,
  socket,
  state,
  dispatch,
}: Pick<Shared<In, Out>, 'clock' | 'socket' | 'state' | 'dispatch'>): Vitals {
  let lastHeardAt = NaN;
  let lastHeardAtWall = NaN;
  let timeOrigin = NaN;
  let buffered = 0;

  function noteSignOfLife(): void {
    lastHeardAt = clock.now();
    lastHeardAtWall = clock.wall();
    // A frame costs the machine nothing unless it awaits a sign of life.
    if (state().probe) dispatch({ type: 'frame' });
  }

  function watchBuffer(): void {
    const before = buffered;
    buffered = socket()?.bufferedAmount ?? 0;
    // A small buffer may have gone no further than our own system.
    if (buffered < before && (buffered > 0 || before > MAX_BUFFERED)) noteSignOfLife();
  }

  return {
    get lastHeardAt() {
      return lastHeardAt;
    },
    get timeOrigin() {
      return timeOrigin;
    },
    noteSignOfLife,
    // The monotonic clock stops while most systems sleep; the wall clock may be set.
    silence: () => Math.max(clock.now() - lastHeardAt, clock.wall() - lastHeardAtWall),
    observe(now = clock.now()) {
      watchBuffer();
      const before = timeOrigin;
      timeOrigin = clock.wall() - now;
      if (timeOrigin - before > MIN_SLEEP) dispatch({ type: 'wake' });
    },
    watchBuffer,
    forgetBuffer() {
      buffered = 0;
    },
    forget() {
      // The old socket may still be there: that its buffer shrinks means nothing in the new scope.
      buffered = 0;
      lastHeardAt = NaN;
    },
  };
}
