import type { Clock } from '../core/platform/clock.ts';
import { tryCall } from '../core/platform/emitter.ts';

/** Notifies a component less often than its messages come. */
export interface RateLimit {
  /**
   * A message has come: calls the function if the last call is long enough ago; otherwise plans a call of the listener, so that the
   * last message is always shown.
   */
  call(publish: () => void): void;
  /** Cancels the planned call. */
  stop(): void;
}

/**
 * Makes a {@link RateLimit}.
 *
 * @param maxRate - Returns the largest number of calls a second; undefined for any number.
 */
export function limitRate(
  clock: Clock,
  maxRate: () => number | undefined,
  listener: () => void,
): RateLimit {
  let calledAt = -Infinity;
  let isPlanned = false;
  let timer: unknown;

  function callListener(): void {
    if (!isPlanned) return;
    isPlanned = false;
    calledAt = clock.now();
    tryCall(listener);
  }

  return {
    call(publish) {
      if (isPlanned) return;
      const wait = calledAt + 1_000 / (maxRate() ?? Infinity) - clock.now();
      if (wait <= 0) {
        calledAt = clock.now();
        return publish();
      }
      isPlanned = true;
      // Not more than once in a frame, however large the rate is.
      timer = clock.setTimeout(() => clock.frame(callListener), Math.ceil(wait));
    },
    stop() {
      isPlanned = false;
      clock.clearTimeout(timer);
    },
  };
}

/**
 * Checks the `maxRate` option of a hook.
 *
 * @throws TypeError if it is neither a positive number nor undefined.
 */
export function checkMaxRate(maxRate: unknown, hook: string): void {
  if (maxRate === undefined || (typeof maxRate === 'number' && maxRate > 0)) return;
  const given = typeof maxRate === 'number' ? maxRate : typeof maxRate;
  throw new TypeError(`${hook}() needs a maxRate that is a positive number, not ${given}.`);
}
