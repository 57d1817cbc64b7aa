import { useSyncExternalStore } from 'react';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { Entry, Recording } from '../../src/devtools/recorder/types.ts';
import type { Connection } from '../../src/index.ts';

const { list, subscribe } = recordings();
const NONE: readonly Entry[] = [];

/** What the devtools record of a connection. Undefined before the first attempt. */
export function useRecording<In, Out>(connection: Connection<In, Out>): Recording | undefined {
  return useSyncExternalStore(subscribe, () =>
    list().find((each) => each.connection.id === connection.id),
  );
}

/** What a connection did, the oldest first. */
export function useEntries<In, Out>(connection: Connection<In, Out>): readonly Entry[] {
  const recording = useRecording(connection);
  return useSyncExternalStore(
    recording?.subscribe ?? subscribe,
    () => recording?.entries() ?? NONE,
  );
}
