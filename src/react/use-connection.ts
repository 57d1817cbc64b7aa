'use client';

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Connection } from '../core/connection.ts';
import { createBareConnection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { scopeOf } from '../core/options/scope.ts';

/** The options of a connection that a component makes and holds. */
export interface HeldConnectionOptions<In, Out> extends ConnectionOptions<In, Out> {
  /** `false` means the same as a null url: closed at once, and nothing is kept. @defaultValue true */
  readonly enabled?: boolean | undefined;
}

/** The options of one render, and the scope that they name. */
interface Requested<In, Out> {
  readonly options: ConnectionOptions<In, Out>;
  readonly scope: string | null | undefined;
}

/** A connection as of one render. */
export interface Source<In, Out> {
  readonly connection: Connection<In, Out>;
  /** The scope that the render asks for; undefined where the connection decides. */
  readonly scope?: string | null | undefined;
  /** What the connection has been given, in an effect. */
  readonly applied?: { readonly current: Requested<In, Out> | null } | null;
}

/** Whether the connection still has the options of another scope: nothing that it holds may be shown. */
export const isOutdated = <In, Out>({ scope, applied }: Source<In, Out>): boolean => {
  const current = applied?.current;
  return current ? current.scope !== scope : false;
};

/** Not enabled means: nowhere to connect to. */
const withEnabled = <In, Out>(options: HeldConnectionOptions<In, Out>) =>
  (options.enabled ?? true) ? options : { ...options, url: null };

/** Names the options whose names start as given, each with the value undefined: the default takes its place. */
function unset(options: object, start = ''): object {
  const changes: Record<string, undefined> = {};
  for (const name in options) if (name.startsWith(start)) changes[name] = undefined;
  return changes;
}

/** Gives a connection the options of a render, unless it has them. */
function apply<In, Out>(
  connection: Connection<In, Out>,
  applied: { current: Requested<In, Out> | null },
  requested: Requested<In, Out>,
): void {
  const before = applied.current;
  if (before?.options === requested.options) return;
  // Before the update, since those who hear of it read this.
  applied.current = requested;
  try {
    connection.update({ ...unset(before?.options ?? {}), ...requested.options });
  } catch (error) {
    // A wrong option: the connection keeps those that it has.
    applied.current = before;
    throw error;
  }
}

/** While the connection lingers, the component is not there any more to hear of it. */
function removeHandlers<In, Out>(
  connection: Connection<In, Out>,
  applied: { current: Requested<In, Out> | null },
): void {
  if (!applied.current) return;
  const { options, scope } = applied.current;
  apply(connection, applied, { options: { ...options, ...unset(options, 'on') }, scope });
}

// React 18 warns of a layout effect on the server, where neither runs.
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** Whether it is a connection, rather than the url or the options of one. */
export const isConnection = <In, Out>(value: unknown): value is Connection<In, Out> =>
  'retain' in Object(value);

/**
 * Holds a connection while the component is mounted: the given one, or one of its own, which it makes in render, where
 * it does nothing yet, and keeps up to date with the options. Null holds nothing.
 */
export function useConnection<In, Out>(
  target: Connection<In, Out> | HeldConnectionOptions<In, Out> | null,
): Source<In, Out> | null {
  const given = isConnection<In, Out>(target) ? target : null;
  const options = target && !given ? withEnabled(target as HeldConnectionOptions<In, Out>) : null;
  const [kept, keep] = useState(() => options && createBareConnection(options));
  const own = options && (kept ?? createBareConnection(options));
  if (own && own !== kept) keep(own);

  const scope = options ? scopeOf(options) : undefined;
  const requested = options && { options, scope };
  const applied = useRef(requested);
  const latest = useRef(requested);
  useCommitEffect(() => {
    // While a connection is given, the one of its own keeps the options that it has.
    if (!own || !requested) return;
    latest.current = requested;
    apply(own, applied, requested);
  });

  const connection = given ?? own;
  useEffect(() => {
    if (!connection) return undefined;
    // A hot reload runs the clean-up below after the effect above.
    if (own && latest.current) apply(own, applied, latest.current);
    let isGone = false;
    let release = () => {};
    const retain = () => {
      if (!isGone) release = connection.retain();
    };
    // What mounts and unmounts within one tick opens nothing. Unlike queueMicrotask(), no fake timer replaces this.
    void Promise.resolve().then(retain);
    return () => {
      isGone = true;
      release();
      if (own) removeHandlers(own, applied);
    };
  }, [connection, own]);

  return useMemo(
    () => connection && { connection, scope, applied: own && applied },
    [connection, scope, own],
  );
}
