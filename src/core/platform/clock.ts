import { tryCall } from './emitter.ts';

/**
 * The time and the timers of a connection. The global functions are looked up at each call, so that fake timers work.
 */
export interface Clock {
  /** Returns the monotonic time in milliseconds, which is never set back: `performance.now()`. */
  now(): number;
  /** Returns the wall clock time, in milliseconds since the Unix epoch: `Date.now()`. */
  wall(): number;
  /** Calls the function once, after at least `ms` milliseconds. Returns the timer. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Cancels a timer that `setTimeout` returned. */
  clearTimeout(timer: unknown): void;
  /**
   * Calls the function at the next animation frame, or after 250 ms if no frame comes: a hidden tab draws no frames.
   */
  frame(callback: () => void): void;
}

/** The longest delay of `setTimeout`, a signed 32-bit number in the HTML standard. A longer one would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** How long a frame may take before the function is called without it, in milliseconds. */
const MAX_FRAME_DELAY = 250;

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
    const timer = this.setTimeout(fire, MAX_FRAME_DELAY);
    const drawn = globalThis.requestAnimationFrame?.(fire);
  },
};

/**
 * Makes a clock from the given functions. Functions of the system replace the missing ones. An error that a function
 * throws is reported, and the connection goes on: with the last known time, or a timer of the system.
 */
export function createClock(own: Partial<Clock>): Clock {
  const clock: Partial<Record<keyof Clock, unknown>> = {};
  let name: keyof Clock;
  for (name in SYSTEM) clock[name] = guard(own[name]?.bind(own), SYSTEM[name].bind(clock as Clock));
  return clock as Clock;
}

type AnyFunction = (...args: never[]) => unknown;

/** Makes a function that calls the first one or, if that throws, the second one. */
function guard(call: AnyFunction | undefined, fallback: AnyFunction): AnyFunction {
  if (!call) return fallback;
  let last: unknown;
  return (...args) => {
    const result = tryCall(() => [call(...args)]);
    if (result) return (last = result[0]);
    // The times are the functions without an argument. Another clock would give another time.
    return args.length > 0 ? fallback(...args) : (last ?? fallback());
  };
}
