/**
 * Calls the user's function. What it throws is handed to the page, as an uncaught error would be, without disturbing
 * ours, and the result is then undefined.
 */
export function tryCall<Args extends unknown[], Result>(
  call: ((...args: Args) => Result) | null | undefined,
  ...args: Args
): Result | undefined {
  try {
    return call?.(...args);
  } catch (error) {
    try {
      (globalThis.reportError ?? console.error)(error);
    } catch {
      // Printing may throw, too: at an error whose getters do.
    }
    return undefined;
  }
}

type Lists<Events> = { [Type in keyof Events]: unknown[] };

/** Lists of listeners, each isolated from the others' errors. `Events` gives the arguments for each type. */
export interface Emitter<Events extends Lists<Events>> {
  /** Adds a listener and returns the function that removes it. */
  on<Type extends keyof Events>(type: Type, listener: (...args: Events[Type]) => void): () => void;
  /**
   * Calls the listeners in the order in which they were added. One that is removed meanwhile is not called any
   * more; one that is added meanwhile hears the next event first.
   */
  emit<Type extends keyof Events>(type: Type, ...args: Events[Type]): void;
}

/** Makes an {@link Emitter}. */
export function createEmitter<Events extends Lists<Events>>(): Emitter<Events> {
  type Entry<Type extends keyof Events> = {
    listener?: ((...args: Events[Type]) => void) | undefined;
  };
  // Replaced, never changed: an emission under way keeps the list that it started with, at no cost per event.
  const lists: { [Type in keyof Events]?: Entry<Type>[] } = {};
  return {
    on(type, listener) {
      const entry: Entry<typeof type> = { listener };
      lists[type] = [...(lists[type] ?? []), entry];
      return () => {
        entry.listener = undefined;
        lists[type] = lists[type]?.filter((other) => other !== entry) ?? [];
      };
    },
    emit(type, ...args) {
      for (const { listener } of lists[type] ?? []) tryCall(listener, ...args);
    },
  };
}
