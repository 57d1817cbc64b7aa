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

const SYSTEM: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, MAX_TIMEOUT)),
  clearTimeout: (timer) => clearTimeout(timer as number),
  frame(callback) {
    const fire = () => {
      this.clearTimeout(timer);
      if (drawn !== undefined) cancelAnimationFrame(drawn);
      callback();
    };
    const timer = this.setTimeout(fire, HIDDEN_FRAME);
    const drawn = globalThis.requestAnimationFrame?.(fire);
  },
};

/** The platform's clock, with the given parts in place of its own. */
export function createClock(own: Partial<Clock>): Clock {
  const clock: Partial<Record<keyof Clock, unknown>> = {};
  let name: keyof Clock;
  for (name in SYSTEM) clock[name] = own[name]?.bind(own) ?? SYSTEM[name];
  return clock as Clock;
}
