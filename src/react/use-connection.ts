'use client';

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Connection } from '../core/connection.ts';
import { createBareConnection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { scopeOf } from '../core/options/scope.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import { checkHeld } from './checks.ts';

/** The options of a connection that a component makes and holds open. */
export interface HeldConnectionOptions<In, Out> extends ConnectionOptions<In, Out> {
  /**
   * Whether to connect. False has the effect of a null url: the link closes at once, and the outbox and all messages are
   * dropped. @defaultValue true
   */
  readonly enabled?: boolean | undefined;
}

/** The options of one render, and the scope that they give. */
interface Requested<In, Out> {
  readonly options: ConnectionOptions<In, Out>;
  readonly scope: string | null | undefined;
}

/** A connection, with the options that one render requests for it. */
export interface Source<In, Out> {
  /** The connection itself. */
  readonly connection: Connection<In, Out>;
  /** The scope that the render requests; undefined if the connection or its url function decides. */
  readonly scope?: string | null | undefined;
  /** The options that an effect has applied to the connection; absent if the component did not make it. */
  readonly applied?: { readonly current: Requested<In, Out> | null } | null;
}

/** Whether the connection still has the options of another scope. Its data must then not be shown. */
export const isOutdated = <In, Out>({ scope, applied }: Source<In, Out>): boolean => {
  const current = applied?.current;
  return current ? current.scope !== scope : false;
};

/** Replaces the url by null if `enabled` is false. */
const withEnabled = <In, Out>({ enabled = true, ...options }: HeldConnectionOptions<In, Out>) =>
  enabled ? options : { ...options, url: null };

/** Returns the options whose names start with `start`, with the value undefined, which restores their defaults. */
function restoreDefaults(options: object, start = ''): object {
  const changes: Record<string, undefined> = {};
  for (const name in options) if (name.startsWith(start)) changes[name] = undefined;
  return changes;
}

/** Applies the options of a render to a connection, if they are not applied yet. */
function apply<In, Out>(
  connection: Connection<In, Out>,
  applied: { current: Requested<In, Out> | null },
  requested: Requested<In, Out>,
): void {
  const before = applied.current;
  if (before?.options === requested.options) return;
  // Set before the update, because listeners that the update calls read it.
  applied.current = requested;
  try {
    connection.update({ ...restoreDefaults(before?.options ?? {}), ...requested.options });
  } catch (error) {
    // An option is not valid, so the connection has kept the earlier ones.
    applied.current = before;
    throw error;
  }
}

/** Removes the handlers of a component that unmounts, because the connection may live on for `linger` milliseconds. */
function removeHandlers<In, Out>(
  connection: Connection<In, Out>,
  applied: { current: Requested<In, Out> | null },
): void {
  if (!applied.current) return;
  const { options, scope } = applied.current;
  apply(connection, applied, { options: { ...options, ...restoreDefaults(options, 'on') }, scope });
}

// React 18 logs a warning for a layout effect on the server. No effect runs there anyway.
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** Whether a value is a connection, and not a url or options. */
export const isConnection = <In, Out>(value: unknown): value is Connection<In, Out> =>
  'retain' in Object(value);

/**
 * Holds a connection open while the component is mounted.
 *
 * @param target - A connection; or options, from which the component makes a connection of its own and updates it at
 * each render; or null for no connection. Making it in render is safe: it opens only when it is retained in an effect.
 */
export function useConnection<In, Out>(
  target: Connection<In, Out> | HeldConnectionOptions<In, Out> | null,
): Source<In, Out> | null {
  const given = isConnection<In, Out>(target) ? target : null;
  if (FULL_TEXTS && target && !given) checkHeld(target as HeldConnectionOptions<In, Out>);
  const options = target && !given ? withEnabled(target as HeldConnectionOptions<In, Out>) : null;
  const [stored, store] = useState(() => options && createBareConnection(options));
  const own = options && (stored ?? createBareConnection(options));
  if (own && own !== stored) store(own);

  const scope = options ? scopeOf(options) : undefined;
  const requested = options && { options, scope };
  const applied = useRef(requested);
  const latest = useRef(requested);
  useCommitEffect(() => {
    // While the component uses a given connection, its own one is not updated.
    if (!own || !requested) return;
    latest.current = requested;
    apply(own, applied, requested);
  });

  const connection = given ?? own;
  useEffect(() => {
    if (!connection) return undefined;
    // A hot reload runs the cleanup below after the effect above: the handlers must be added again.
    if (own && latest.current) apply(own, applied, latest.current);
    let isUnmounted = false;
    let release = () => {};
    const retain = () => {
      if (!isUnmounted) release = connection.retain();
    };
    // A component that unmounts within the same tick must not open a link (StrictMode does that). A promise is used and
    // not queueMicrotask(), which fake timers replace.
    void Promise.resolve().then(retain);
    return () => {
      isUnmounted = true;
      release();
      if (own) removeHandlers(own, applied);
    };
  }, [connection, own]);

  return useMemo(
    () => connection && { connection, scope, applied: own && applied },
    [connection, scope, own],
  );
}
