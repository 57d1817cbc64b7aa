import type { Connection } from './connection.ts';
import type { Outbox } from './messages/outbox.ts';
import type { Shared } from './shared.ts';

/** A connection and its parts, as devtools see them. */
export interface Announced {
  readonly connection: Connection;
  readonly shared: Shared<never, never>;
  /** The messages that wait. */
  readonly waiting: Outbox<never>;
}

/** Where connections announce themselves. A list until devtools take its place, so that those made before are seen, too. */
export interface DevtoolsHook {
  /** Returns how many wait for devtools. */
  push(announced: Announced): number;
  /** Forgets the first one. */
  shift(): unknown;
}

type HookedGlobal = { __REACT_LIFELINE__?: DevtoolsHook };

/** How many connections are kept for devtools that may never come. */
const MAX_KEPT = 50;

/**
 * Tells devtools of a new connection. Only in a page: a server that renders makes connections without end. The build for the export
 * condition `production` has nothing of this.
 */
export function announce<In, Out>(made: {
  readonly connection: Connection<In, Out>;
  readonly shared: Shared<In, Out>;
  readonly waiting: Outbox<Out>;
}): void {
  if (!globalThis.document) return;
  const hook = ((globalThis as HookedGlobal).__REACT_LIFELINE__ ??= []);
  if (hook.push(made as unknown as Announced) > MAX_KEPT) hook.shift();
}

/** From now on, connections announce themselves here. Calls it for those that were made before. */
export function listenToAnnouncements(push: (announced: Announced) => void): void {
  if (!globalThis.document) return;
  const world = globalThis as HookedGlobal;
  const before = world.__REACT_LIFELINE__;
  world.__REACT_LIFELINE__ = {
    push(announced) {
      push(announced);
      return 0;
    },
    shift() {},
  };
  if (Array.isArray(before)) for (const announced of before as Announced[]) push(announced);
}
