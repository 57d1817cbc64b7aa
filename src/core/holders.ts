import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/**
 * Counts the holders of a connection. Returns `retain()`, which adds a holder and returns the function that removes it.
 *
 * @param linger - Returns how long the link stays open after the last holder is removed, in milliseconds.
 * @param beforeRetain - Called first by `retain()`.
 */
export function createHolders<In, Out>(
  {
    clock,
    dispatch,
    observeAndDispatch,
  }: Pick<Shared<In, Out>, 'clock' | 'dispatch' | 'observeAndDispatch'>,
  { observe }: Pick<Vitals, 'observe'>,
  linger: () => number,
  beforeRetain?: () => void,
): () => () => void {
  let count = 0;
  let lingerTimer: unknown;
  const end = () => observeAndDispatch({ type: 'lingered' });

  return () => {
    beforeRetain?.();
    let isReleased = false;
    count++;
    clock.clearTimeout(lingerTimer);
    observeAndDispatch({ type: 'retain' });
    return () => {
      if (isReleased) return;
      isReleased = true;
      count--;
      // Before the count is read: a listener that this notifies may retain the connection.
      observe();
      if (count > 0) return;
      dispatch({ type: 'release' });
      const ms = linger();
      if (ms > 0) lingerTimer = clock.setTimeout(end, ms);
      // Without a timer, which a hidden tab delays, and which is lost with fake timers. Held again by then, it goes on.
      else void Promise.resolve().then(end);
    };
  };
}
