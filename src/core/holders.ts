import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** The holders of a connection: those who called `retain()` and have not released it. */
export interface Holders {
  /** Adds a holder. Returns the function that removes it. */
  retain(): () => void;
  /** Applies a changed `linger` to the wait that began with the last release. */
  configure(): void;
}

/** Makes {@link Holders}. */
export function createHolders<In, Out>(
  {
    clock,
    settings,
    dispatch,
    observeAndDispatch,
  }: Pick<Shared<In, Out>, 'clock' | 'settings' | 'dispatch' | 'observeAndDispatch'>,
  { observe }: Pick<Vitals, 'observe'>,
): Holders {
  let count = 0;
  let lingerTimer: unknown;
  /** When the last holder released the connection; undefined if nothing waits for `linger` to pass. */
  let releasedAt: number | undefined;

  function configure(): void {
    clock.clearTimeout(lingerTimer);
    if (releasedAt === undefined) return;
    lingerTimer = clock.setTimeout(
      () => {
        releasedAt = undefined;
        observeAndDispatch({ type: 'lingered' });
      },
      releasedAt + settings().linger - clock.now(),
    );
  }

  return {
    retain() {
      let isReleased = false;
      count++;
      releasedAt = undefined;
      configure();
      observeAndDispatch({ type: 'retain' });
      return () => {
        if (isReleased) return;
        isReleased = true;
        count--;
        // Before the count is read: a listener that this notifies may retain the connection.
        observe();
        if (count > 0) return;
        dispatch({ type: 'release' });
        releasedAt = clock.now();
        configure();
      };
    },
    configure,
  };
}
