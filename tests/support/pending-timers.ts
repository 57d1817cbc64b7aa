import { onTestFinished } from 'vitest';

type Timer = ReturnType<typeof setTimeout>;

/** Counts the timers of the page that have neither fired nor been cleared, from now to the end of the test. */
export function countPendingTimers(): () => number {
  const { setTimeout: set, clearTimeout: clear } = window;
  const pending = new Set<Timer>();
  Object.assign(window, {
    setTimeout(callback: () => void, ms: number): Timer {
      const timer = set.call(
        window,
        () => {
          pending.delete(timer);
          callback();
        },
        ms,
      );
      pending.add(timer);
      return timer;
    },
    clearTimeout(timer: Timer): void {
      pending.delete(timer);
      clear.call(window, timer);
    },
  });
  onTestFinished(() => void Object.assign(window, { setTimeout: set, clearTimeout: clear }));
  return () => pending.size;
}
