import { useSyncExternalStore } from 'react';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { DamageName } from '../../src/devtools/recorder/types.ts';
import type { Connection } from '../../src/index.ts';
import { useRecording } from './use-recording.ts';

const { subscribe } = recordings();
const NONE: readonly DamageName[] = [];

/** The faults of the devtools for a connection: those that the panel has buttons for. */
export function useDamage<In, Out>(connection: Connection<In, Out>) {
  const recording = useRecording(connection);
  const active = useSyncExternalStore(
    recording?.subscribe ?? subscribe,
    () => recording?.damage.active ?? NONE,
  );
  return {
    /** Undefined before the first attempt. */
    damage: recording?.damage,
    isSlow: active.includes('slow'),
    isRefusing: active.includes('refuse'),
  };
}
