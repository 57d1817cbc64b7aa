import type { Event } from './machine/state.ts';
import type { Clock } from './platform/clock.ts';

/** What is needed to count who holds a connection. */
interface HoldersHost {
  readonly clock: Clock;
  /** `linger`: how long the link is kept after the last holder has gone, in milliseconds. */
  settings(): { readonly linger: number };
  happen(event: Event): void;
}

/** Counts who holds a connection. Returns `retain()`, which returns the release of that hold. */
export function createHolders({ clock, settings, happen }: HoldersHost): () => () => void {
  let count = 0;
  let lingerTimer: unknown;

  return () => {
    let isReleased = false;
    count++;
    clock.clearTimeout(lingerTimer);
    happen({ type: 'retain' });
    return () => {
      if (isReleased) return;
      isReleased = true;
      if (--count > 0) return;
      happen({ type: 'release' });
      lingerTimer = clock.setTimeout(() => happen({ type: 'lingered' }), settings().linger);
    };
  };
}
