'use client';

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Connection } from '../core/connection.ts';
import { createConnection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options.ts';
import { scopeOf, UNSET } from '../core/settings.ts';

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
  /** The scope that the connection has been told of, in an effect. */
  readonly applied?: { readonly current: string | null | undefined };
}

const SILENT = {
  onOpen: undefined,
  onMessage: undefined,
  onClose: undefined,
  onError: undefined,
  onFlush: undefined,
  onDrop: undefined,
};

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
  const options = target && !given ? toOptions(target as HeldConnectionOptions<In, Out>) : null;
  const [kept, keep] = useState(() => options && createConnection(options));
  const own = options && (kept ?? createConnection(options));
  if (own !== null && own !== kept) keep(own);

  const scope = options ? scopeOf(options) : undefined;
  const applied = useRef(scope);
  useCommitEffect(() => {
    applied.current = scope;
    if (options) own?.update(options);
  });

  const connection = given ?? own;
  useEffect(() => {
    if (!connection) return undefined;
    const letGo = hold(connection);
    return () => {
      letGo();
      // While it lingers, nobody is there any more to hear of it.
      own?.update(SILENT);
    };
  }, [connection, own]);

  return useMemo(() => connection && { connection, scope, applied }, [connection, scope]);
}

/** What is not given stands for its default, even if the render before gave it. */
function toOptions<In, Out>({
  enabled = true,
  ...options
}: HeldConnectionOptions<In, Out>): ConnectionOptions<In, Out> {
  return { ...UNSET, ...options, url: enabled ? options.url : null };
}

/** Who mounts and unmounts within one tick has never wanted it. */
function hold(connection: Pick<Connection, 'retain'>): () => void {
  let release: (() => void) | undefined;
  let gone = false;
  queueMicrotask(() => {
    if (!gone) release = connection.retain();
  });
  return () => {
    gone = true;
    release?.();
  };
}
