import type { Clock } from './clock.ts';

/** One timer for the earliest of many deadlines. */
export interface AlarmClock {
  /** Adds a deadline on the monotonic clock; with Infinity it never comes. */
  set(deadline: number): void;
  /** Forgets all deadlines. */
  clear(): void;
}

/**
 * Makes an {@link AlarmClock}.
 *
 * @param ring - Called at the earliest deadline or later, since timers may be late. All deadlines are forgotten then: it sets
 * those again that are still to come.
 */
export function createAlarmClock(clock: Clock, ring: () => void): AlarmClock {
  let next = Infinity;
  let timer: unknown;

  function clear(): void {
    clock.clearTimeout(timer);
    next = Infinity;
  }

  return {
    clear,
    set(deadline) {
      if (!(deadline < next)) return;
      clear();
      next = deadline;
      timer = clock.setTimeout(() => {
        clear();
        ring();
      }, deadline - clock.now());
    },
  };
}
