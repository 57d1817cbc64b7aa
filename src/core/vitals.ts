import type { Event } from './machine/state.ts';
import { HIGH_WATER } from './messages/sender.ts';
import type { Clock } from './platform/clock.ts';

/** The wall clock runs ahead of the monotonic one by more than this only if the computer has slept, in milliseconds. */
const SLEEP = 5_000;

/** What is needed of the connection that is watched. */
export interface VitalsHost {
  readonly clock: Clock;
  /** What the socket's buffer holds; 0 without a socket. */
  bufferedAmount(): number;
  /** Whether the machine awaits a sign of life. Otherwise a frame costs it nothing. */
  isProbing(): boolean;
  dispatch(event: Event): void;
}

/** Notices signs of life, and what no event tells: a socket's buffer that shrinks, a computer that has slept. */
export interface Vitals {
  /** When the last sign of life came, on the monotonic clock; NaN before the first of the scope. */
  readonly heardAt: number;
  /** What the wall clock shows when the monotonic one shows 0, as of the last look. */
  readonly epoch: number;
  /** A frame came, or what proves life as well. */
  noteLife(): void;
  /** The same, where the machine hears of it anyway. */
  noteTime(): void;
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
export function createVitals({ clock, bufferedAmount, isProbing, dispatch }: VitalsHost): Vitals {
  let heardAt = NaN;
  let heardAtWall = NaN;
  let epoch = NaN;
  let buffered = 0;

  function noteTime(): void {
    heardAt = clock.now();
    heardAtWall = clock.wall();
  }

  function noteLife(): void {
    noteTime();
    if (isProbing()) dispatch({ type: 'frame' });
  }

  function watchBuffer(): void {
    const before = buffered;
    buffered = bufferedAmount();
    // A small buffer may have gone no further than our own system.
    if (buffered < before && (buffered > 0 || before > HIGH_WATER)) noteLife();
  }

  return {
    get heardAt() {
      return heardAt;
    },
    get epoch() {
      return epoch;
    },
    noteLife,
    noteTime,
    // The monotonic clock stops while most systems sleep; the wall clock may be set.
    silence: () => Math.max(clock.now() - heardAt, clock.wall() - heardAtWall),
    observe(now = clock.now()) {
      watchBuffer();
      const before = epoch;
      epoch = clock.wall() - now;
      if (epoch - before > SLEEP) dispatch({ type: 'wake' });
    },
    watchBuffer,
    forgetBuffer() {
      buffered = 0;
    },
    forget() {
      buffered = 0;
      heardAt = NaN;
    },
  };
}
