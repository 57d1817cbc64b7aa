import { useSyncExternalStore } from 'react';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { DamageName } from '../../src/devtools/recorder/types.ts';
import type { Connection } from '../../src/index.ts';

const { list, subscribe } = recordings();
const NONE: readonly DamageName[] = [];

/** The faults of the devtools for a connection: those that the panel has buttons for. */
export function useDamage<In, Out>(connection: Connection<In, Out>) {
  const recording = useSyncExternalStore(subscribe, () =>
    list().find((each) => each.connection.id === connection.id),
  );
  const active = useSyncExternalStore(
    recording?.subscribe ?? subscribe,
    () => recording?.damage.active ?? NONE,
  );
  return {
    /** Undefined before the first attempt. */
    damage: recording?.damage,
    isSlow: active.includes('slow'),
  };
}
