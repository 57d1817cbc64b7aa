'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { Presence } from '../core/lifeline/presence.ts';
import { presence } from '../core/lifeline/presence.ts';
import type { Connection } from '../core/connection.ts';
import { checkText } from './checks.ts';
import { viewOf } from './own-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { rawContext, useListened } from './use-message.ts';

/**
 * Returns the ids that are online. The array is the same until it changes, and empty until the server has answered. The
 * connection needs the heartbeat `lifeline()`, and a server such as `createLifelineServer()`.
 *
 * @throws Error if the connection has another heartbeat, or if there is no `<WebSocketProvider>` above and no
 * `connection` option.
 * @example
 * ```tsx
 * function Visitors() {
 *   const ids = usePresence();
 *   return <p>{ids.length} online</p>;
 * }
 * ```
 */
export function usePresence<In = Frame, Out = OutFrame>(
  options?: ListenOptions<In, Out>,
): readonly string[];
/**
 * Returns whether an id is online. The component renders only when this changes.
 *
 * @param id - The id of an identity. With null the result is false.
 * @throws Error if the connection has another heartbeat than `lifeline()`, or if there is no `<WebSocketProvider>` above
 * and no `connection` option.
 * @example
 * ```tsx
 * function Dot({ userId }: { userId: string }) {
 *   const isOnline = usePresence(userId);
 *   return <span>{isOnline ? 'online' : 'offline'}</span>;
 * }
 * ```
 */
export function usePresence<In = Frame, Out = OutFrame>(
  id: string | null,
  options?: ListenOptions<In, Out>,
): boolean;
export function usePresence<In, Out>(
  first?: ListenOptions<In, Out> | string | null,
  second?: ListenOptions<In, Out>,
): unknown {
  if (typeof first !== 'object') checkText(first, 'usePresence() takes an id');
  const hasId = typeof first === 'string' || first === null;
  const connection = useListened(rawContext<In, Out>(), 'usePresence', hasId ? second : first);
  const id = hasId ? first : undefined;
  const [subscribe, read, readOnServer] = useMemo(
    () =>
      id === undefined
        ? createStore(connection, NO_IDS, (online) => online.list())
        : createStore(connection, false, (online) => id !== null && online.isOnline(id)),
    [connection, id],
  );
  return useSyncExternalStore<unknown>(subscribe, read, readOnServer);
}

const NO_IDS: readonly string[] = [];

/** Makes the functions for `useSyncExternalStore`. `empty` is the value while nothing is known. */
function createStore<In, Out, Value>(
  connection: Connection<In, Out>,
  empty: Value,
  select: (online: Presence) => Value,
) {
  const view = viewOf(connection);
  const watch = (listener: () => void) => {
    // It asks the server at once, which must be that of this render's options.
    view?.flush();
    return connection.extend(presence).watch(listener);
  };
  const read = () => (view?.isOutdated() ? empty : select(connection.extend(presence)));
  return [watch, read, () => empty] as const;
}
