import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** Counts the holders of a connection. Returns `retain()`, which adds a holder and returns the function that removes it. */
export function createHolders<In, Out>(
  {
    clock,
    settings,
    dispatch,
    observeAndDispatch,
  }: Pick<Shared<In, Out>, 'clock' | 'settings' | 'dispatch' | 'observeAndDispatch'>,
  { observe }: Pick<Vitals, 'observe'>,
): () => () => void {
  let count = 0;
  let lingerTimer: unknown;

  return () => {
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
      lingerTimer = clock.setTimeout(
        () => observeAndDispatch({ type: 'lingered' }),
        settings().linger,
      );
    };
  };
}
