/** Throws an error with this text. Vitest's `expect` is too slow for a million steps. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
