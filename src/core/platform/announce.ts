/** Where connections announce themselves. A list until devtools take its place, so that they see those made before, too. */
interface Hook {
  /** Returns how many wait for devtools. */
  push(made: unknown): number;
  /** Forgets the first one. */
  shift(): unknown;
}

/** The same for all copies of the library in a page. */
const HOOK = Symbol.for('react-lifeline devtools');

type HookedGlobal = { [HOOK]?: Hook };

/** How many connections are kept for devtools that may never come. */
const MAX_KEPT = 50;

/**
 * Tells devtools of a new connection. Only in a page: a server that renders makes connections without end. The build for the export
 * condition `production` has nothing of this.
 */
export function announce(made: unknown): void {
  if (!globalThis.document) return;
  const hook = ((globalThis as HookedGlobal)[HOOK] ??= []);
  if (hook.push(made) > MAX_KEPT) hook.shift();
}

/** From now on, connections announce themselves here. Calls it for those that were made before. */
export function listenToAnnouncements(listener: (made: unknown) => void): void {
  if (!globalThis.document) return;
  const world = globalThis as HookedGlobal;
  const before = world[HOOK];
  world[HOOK] = {
    push(made) {
      listener(made);
      return 0;
    },
    shift() {},
  };
  if (Array.isArray(before)) for (const made of before) listener(made);
}
