import type { Shared } from './shared.ts';
import type { Vitals } from './vitals.ts';

/** The holders of a connection: those who called `retain()` and have not released it. */
export interface Holders {
  /** Adds a holder. Returns the function that removes it. */
  retain(): () => void;
  /** Applies a changed `linger` to the wait that began with the last release. */
  configure(): void;
}

/**
 * Makes {@link Holders}.
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
): Holders {
  let count = 0;
  let lingerTimer: unknown;
  /** When the last holder released the connection; undefined if nothing waits for `linger` to pass. */
  let releasedAt: number | undefined;

  function end(): void {
    releasedAt = undefined;
    observeAndDispatch({ type: 'lingered' });
  }

  function configure(): void {
    clock.clearTimeout(lingerTimer);
    if (releasedAt === undefined) return;
    const ms = linger();
    if (ms > 0) lingerTimer = clock.setTimeout(end, Math.max(0, releasedAt + ms - clock.now()));
    // Without a timer, which a hidden tab delays, and which is lost with fake timers. Held again by then, it goes on.
    else void Promise.resolve().then(() => linger() > 0 || end());
  }

  return {
    retain() {
      beforeRetain?.();
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
