/**
 * The time and the timers of a connection. Everything is looked up when used, so that fake timers and replaced
 * globals work.
 */
export interface Clock {
  /** Milliseconds on a clock that never jumps: `performance.now()`. */
  now(): number;
  /** Milliseconds since the epoch: `Date.now()`. */
  wall(): number;
  /** Calls back once, after at least `ms` milliseconds. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Cancels what `setTimeout` returned. */
  clearTimeout(timer: unknown): void;
  /**
   * Calls back at the next frame: `requestAnimationFrame` or 250 ms, whichever comes first, since a hidden tab
   * draws no frames.
   */
  frame(callback: () => void): void;
}

/** The longest delay that `setTimeout` takes; a longer one would fire at once (HTML standard: 32 bits, signed). */
const MAX_TIMEOUT = 2 ** 31 - 1;

const HIDDEN_FRAME = 250;

/** The platform's clock, with the given parts in place of its own. */
export function createClock(own: Partial<Clock> = {}): Clock {
  return {
    now: () => (own.now ? own.now() : performance.now()),
    wall: () => (own.wall ? own.wall() : Date.now()),
    setTimeout: (callback, ms) =>
      (own.setTimeout ? own : globalThis).setTimeout?.(callback, Math.min(ms, MAX_TIMEOUT)),
    clearTimeout: (timer) =>
      own.clearTimeout ? own.clearTimeout(timer) : clearTimeout(timer as number | undefined),
    frame(callback) {
      if (own.frame) return own.frame(callback);
      let due = true;
      const fire = () => {
        if (due) callback();
        due = false;
      };
      this.setTimeout(fire, HIDDEN_FRAME);
      globalThis.requestAnimationFrame?.(fire);
    },
  };
}
