import type { Recordings } from './types.ts';

/** Returns the connections of this page. */
export function recordings(): Recordings {
  return { list: () => [], subscribe: () => () => {}, redact: () => {} };
}
