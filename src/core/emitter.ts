/** Hands an error of the user's code to the page, as an uncaught one would be, without disturbing ours. */
export function report(error: unknown): void {
  (globalThis.reportError ?? console.error)(error);
}

/** Calls the user's function; what it throws is reported, and the result is then undefined. */
export function guard<Args extends unknown[], Result>(
  call: ((...args: Args) => Result) | null | undefined,
  ...args: Args
): Result | undefined {
  try {
    return call?.(...args);
  } catch (error) {
    report(error);
    return undefined;
  }
}

/** A list of listeners, each isolated from the others' errors. */
export interface Emitter<Args extends unknown[]> {
  /** Adds a listener and returns the function that removes it. */
  on(listener: (...args: Args) => void): () => void;
  /**
   * Calls the listeners in the order in which they were added. One that is removed meanwhile is not called any
   * more; one that is added meanwhile hears the next event first.
   */
  emit(...args: Args): void;
}

/** Makes an {@link Emitter}. */
export function createEmitter<Args extends unknown[]>(): Emitter<Args> {
  // Replaced, never changed: an emission under way keeps the list that it started with, at no cost per event.
  let entries: { listener: ((...args: Args) => void) | null }[] = [];
  return {
    on(listener) {
      const entry: (typeof entries)[number] = { listener };
      entries = [...entries, entry];
      return () => {
        entry.listener = null;
        entries = entries.filter((other) => other !== entry);
      };
    },
    emit(...args) {
      for (const { listener } of entries) guard(listener, ...args);
    },
  };
}
