import { MAX_BUFFERED } from './messages/sender.ts';
import type { Shared } from './shared.ts';

/**
 * The shortest sleep that counts, in milliseconds. While a computer sleeps, the monotonic clock stops on most systems and
 * the wall clock goes on, so that their difference grows. A smaller growth may be a correction of the wall clock.
 */
const MIN_SLEEP = 5_000;

/**
 * The vital signs of a connection. A sign of life is a frame from the peer, or a send buffer that shrinks. A shrinking
 * buffer and a computer that has slept cause no event: they are found by observing the socket and the clocks.
 */
export interface Vitals {
  /** When the last sign of life came, on the monotonic clock; NaN if there was none in this scope. */
  readonly lastHeardAt: number;
  /** The wall clock time at which the monotonic clock was 0, as of the last observation. */
  readonly timeOrigin: number;
  /** The size of the send buffer of the socket in bytes, as of the last observation. */
  readonly buffered: number;
  /** Records a sign of life. */
  markAlive(): void;
  /** Milliseconds since the last sign of life; NaN if there was none in this scope. */
  silence(): number;
  /** Reads the buffer and both clocks. Dispatches `wake` if the computer has slept. */
  observe(): void;
  /** Reads the size of the buffer. A buffer that has shrunk is a sign of life. */
  watchBuffer(): void;
  /** Forgets the size of the buffer, because the next socket starts with an empty one. */
  resetBuffer(): void;
  /** Forgets everything, because a new scope begins. */
  reset(): void;
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

  function markAlive(): void {
    lastHeardAt = clock.now();
    lastHeardAtWall = clock.wall();
    // Frames are frequent: one is reported to the machine only while a probe waits for an answer.
    if (state().probe) dispatch({ type: 'frame' });
  }

  function watchBuffer(): void {
    const before = buffered;
    buffered = socket()?.bufferedAmount ?? 0;
    // A small buffer may only have moved into the buffers of this computer: that proves nothing about the peer.
    // Before the link is open, nothing is known of what was missed.
    if (buffered < before && state().status === 'open' && (buffered > 0 || before > MAX_BUFFERED))
      markAlive();
  }

  return {
    get lastHeardAt() {
      return lastHeardAt;
    },
    get timeOrigin() {
      return timeOrigin;
    },
    get buffered() {
      return buffered;
    },
    markAlive,
    // The monotonic clock stops during sleep on most systems, and the wall clock can be set back.
    silence: () => Math.max(clock.now() - lastHeardAt, clock.wall() - lastHeardAtWall),
    observe() {
      watchBuffer();
      const before = timeOrigin;
      timeOrigin = clock.wall() - clock.now();
      if (timeOrigin - before > MIN_SLEEP) dispatch({ type: 'wake' });
    },
    watchBuffer,
    resetBuffer() {
      buffered = 0;
    },
    reset() {
      // The old socket may still exist; its buffer says nothing about the new scope.
      buffered = 0;
      lastHeardAt = NaN;
    },
  };
}
