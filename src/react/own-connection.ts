import type { Connection } from '../core/connection.ts';
import { createBareConnection } from '../core/connection.ts';
import type { Snapshot } from '../core/machine/snapshot.ts';
import { emptySnapshot, IDLE } from '../core/machine/snapshot.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { scopeOf } from '../core/options/scope.ts';

type Scope = Connection['scope'];

/** Whether a value is a connection, and not a url or options. */
export const isConnection = <In, Out>(value: unknown): value is Connection<In, Out> =>
  'retain' in Object(value);

const VIEW: unique symbol = Symbol('view');

/** What a view knows besides the connection. */
interface ViewDetails<In, Out> {
  /** The connection, which is the same for all views of it. */
  readonly connection: Connection<In, Out>;
  /** The scope that the render requests; undefined if the url function decides. */
  readonly scope: Scope;
  /** Whether the connection still has the data of another scope, which must not be shown. */
  isOutdated(): boolean;
  /** Returns the snapshot of the connection, of which nothing is known but a scope. */
  empty(scope: Scope): Snapshot;
  /**
   * Takes the options of a committed render. No listener is called, because React allows no state updates in insertion
   * effects. The options are applied before the next use of the connection, and in a microtask at the latest.
   */
  stage(options: ConnectionOptions<In, Out>): void;
  /** Applies the options of the last committed render, if an effect has not done so yet. */
  flush(): void;
}

/**
 * A connection as a render with a certain scope sees it: empty until the options of that render are applied. Later, also
 * in another scope, it reads as the connection does.
 */
interface View<In, Out> extends Connection<In, Out> {
  readonly [VIEW]: ViewDetails<In, Out>;
}

/** Returns the details if the connection is a view: one that a component made for itself. */
export const viewOf = <In, Out>(
  connection: Connection<In, Out> | null,
): ViewDetails<In, Out> | undefined => (connection as Partial<View<In, Out>> | null)?.[VIEW];

/** A connection that a component makes for itself. */
export interface OwnConnection<In, Out> {
  /** Makes the connection as renders with this scope see it. */
  createView(scope: Scope): Connection<In, Out>;
  /** Ends the wait for `open()`. */
  start(): void;
  /**
   * Applies the options of the last committed render. If `isShown` is false, the component is hidden or unmounted: its
   * handlers are removed.
   */
  apply(isShown: boolean): void;
}

/**
 * Calls `retain` when a promise has resolved, and releases again when the returned function is called. If that is called
 * first, `retain` is not.
 */
export function retainAfter(after: Promise<void>, retain: Connection['retain']): () => void {
  let isWanted = true;
  const held = after.then(() => (isWanted ? retain() : undefined));
  return () => {
    isWanted = false;
    void held.then((release) => release?.());
  };
}

/** Returns the options whose names start with `start`, with the value undefined, which restores their defaults. */
function restoreDefaults(options: object, start = ''): object {
  const changes: Record<string, undefined> = {};
  for (const name in options) if (name.startsWith(start)) changes[name] = undefined;
  return changes;
}

/**
 * Makes an {@link OwnConnection}. It is inert until it is retained or opened, so this is safe in render.
 *
 * @param isWaiting - Whether it waits for the first `open()` or `reconnect()`, although it is held.
 */
export function createOwnConnection<In, Out>(
  initial: ConnectionOptions<In, Out>,
  isWaiting?: boolean,
): OwnConnection<In, Out> {
  let applied = initial;
  let staged = initial;
  let hasHandlers = true;

  function apply(isShown: boolean): void {
    if (applied === staged && hasHandlers === isShown) return;
    const before = applied;
    // Set before the update, because listeners that the update calls read them.
    applied = staged;
    hasHandlers = isShown;
    const removed = isShown ? {} : restoreDefaults(staged, 'on');
    connection.update({ ...restoreDefaults(before), ...staged, ...removed });
  }
  const flush = () => apply(hasHandlers);

  let start!: () => void;
  const started = new Promise<void>((resolve) => {
    start = () => {
      isWaiting = false;
      resolve();
    };
  });
  const connection = createBareConnection(initial, (isOpening) => {
    if (isOpening) start();
    flush();
  });

  const { retain } = connection;
  // Whoever holds it: a hook that is given a connection holds it, too.
  if (isWaiting) connection.retain = () => retainAfter(started, retain);

  const empty = (scope: Scope) => (isWaiting ? IDLE : emptySnapshot(scope));

  function createView(scope: Scope): Connection<In, Out> {
    let isCommitted = false;
    const isOutdated = () => {
      const current = scopeOf(applied);
      // A view that was kept from an older scope must not be empty for ever.
      return scope !== current && !(isCommitted && scopeOf(staged) === current);
    };
    const stage = (options: ConnectionOptions<In, Out>) => {
      isCommitted = true;
      staged = options;
      // A hidden component waits until it is shown. A promise and not queueMicrotask(), which fake timers replace.
      if (hasHandlers) void Promise.resolve().then(flush);
    };
    const read = (name: keyof Connection, none: unknown) => ({
      get: () => (isOutdated() ? none : connection[name]),
    });
    // Not by Object.create(): Rollup takes it for pure, and what it is given for unchanged.
    return Object.defineProperties(Object.create(connection) as Connection<In, Out>, {
      [VIEW]: { value: { connection, scope, isOutdated, empty, stage, flush } },
      scope: read('scope', scope),
      socket: read('socket', null),
      lastMessage: read('lastMessage', null),
      outbox: read('outbox', []),
      getSnapshot: {
        value: () => (isOutdated() ? empty(scope) : connection.getSnapshot()),
      },
    });
  }

  return { createView, apply, start };
}
