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

/** A connection as of one render. */
export interface Source<In, Out> {
  readonly connection: Connection<In, Out>;
  /** The scope that the render asks for; undefined where the connection decides. */
  readonly scope?: string | null | undefined;
  /** The options that the connection has been told of, in an effect. */
  readonly applied?: { readonly current: ConnectionOptions<In, Out> | null } | null;
}

/** Whether what a render asks for has not reached the connection yet: nothing that it holds is meant then. */
export const isBehind = <In, Out>({ scope, applied }: Source<In, Out>): boolean => {
  const told = applied?.current;
  return told ? scopeOf(told) !== scope : false;
};

/** Not enabled means: nowhere to connect to. */
const withEnabled = <In, Out>(options: HeldConnectionOptions<In, Out>) =>
  (options.enabled ?? true) ? options : { ...options, url: null };

/** The options whose names start as given, as if they had not been given: the defaults take their place. */
function unset(options: object | null, start = ''): object {
  const changes: Record<string, undefined> = {};
  for (const name in options) if (name.startsWith(start)) changes[name] = undefined;
  return changes;
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
  const applied = useRef(options);
  useCommitEffect(() => {
    // While one is given, it stays true of its own.
    if (!own) return;
    const before = unset(applied.current);
    applied.current = options;
    own.update({ ...before, ...options });
  });

  const connection = given ?? own;
  useEffect(() => {
    if (!connection) return undefined;
    // A hot reload runs the clean-up below after the effect above.
    if (own && applied.current) own.update(applied.current);
    let isGone = false;
    let release = () => {};
    const retain = () => {
      if (!isGone) release = connection.retain();
    };
    // Who mounts and unmounts within one tick has never wanted it. Unlike queueMicrotask(), no fake timer replaces this.
    void Promise.resolve().then(retain);
    return () => {
      isGone = true;
      release();
      // While it lingers, nobody is there any more to hear of it.
      own?.update(unset(applied.current, 'on'));
    };
  }, [connection, own]);

  return useMemo(
    () => connection && { connection, scope, applied: own && applied },
    [connection, scope, own],
  );
}
