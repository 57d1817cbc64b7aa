import type { Recordings } from './recording.ts';

/** Returns the connections of this page. */
export function recordings(): Recordings {
  return { list: () => [], subscribe: () => () => {}, redact: () => {} };
}
