/**
 * Calls a function of the application. An error that it throws is reported like an uncaught error, by `reportError` or
 * the console, and does not reach the caller: the result is then undefined.
 */
export function tryCall<Args extends unknown[], Result>(
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

/** Returns a thrown value as an error. */
export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** Reports an error like an uncaught one, by `reportError` or the console. */
export function report(error: unknown): void {
  try {
    (globalThis.reportError ?? console.error)(error);
  } catch {
    // Reporting may throw too, for an error whose getters throw.
  }
}

type Lists<Events> = { [Type in keyof Events]: unknown[] };

/** Keeps listeners and calls them. `Events` has the arguments of each event type. An error of a listener stops no other. */
export interface Emitter<Events extends Lists<Events>> {
  /** Adds a listener. Returns the function that removes it. */
  on<Type extends keyof Events>(type: Type, listener: (...args: Events[Type]) => void): () => void;
  /**
   * Calls the listeners in the order in which they were added. A listener that is removed during the call is not called
   * any more; one that is added during the call gets only later events. Returns the number of listeners.
   */
  emit<Type extends keyof Events>(type: Type, ...args: Events[Type]): number;
}

/** Makes an {@link Emitter}. */
export function createEmitter<Events extends Lists<Events>>(): Emitter<Events> {
  type Entry<Type extends keyof Events> = {
    listener?: ((...args: Events[Type]) => void) | undefined;
  };
  // A list is replaced and never changed, so that emit() can loop over it without a copy.
  const lists: { [Type in keyof Events]?: Entry<Type>[] | undefined } = {};
  return {
    on(type, listener) {
      const entry: Entry<typeof type> = { listener };
      lists[type] = [...(lists[type] ?? []), entry];
      return () => {
        entry.listener = undefined;
        lists[type] = lists[type]?.filter((other) => other !== entry);
      };
    },
    emit(type, ...args) {
      const listeners = lists[type] ?? [];
      for (const { listener } of listeners)
        // Not by tryCall(): WebKit takes three times as long for each message to pass the arguments on twice.
        try {
          listener?.(...args);
        } catch (error) {
          report(error);
        }
      return listeners.length;
    },
  };
}
