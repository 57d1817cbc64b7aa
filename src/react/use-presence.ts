'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import { presence } from '../core/lifeline/presence.ts';
import type { Connection } from '../core/connection.ts';
import { checkText } from './checks.ts';
import { viewOf } from './own-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { useListened } from './use-message.ts';

/** The options of {@link usePresence} and {@link usePresenceData}. */
export interface PresenceOptions<In = Frame, Out = OutFrame> extends ListenOptions<In, Out> {
  /**
   * The topic, a text of 1 to 256 UTF-16 code units: who is subscribed to it at the server. The server must have subscribed
   * this client, too. With null the hook asks nothing, and its result is null. @defaultValue everybody who is online
   */
  readonly topic?: string | null | undefined;
}

/**
 * Returns the ids that are online or, with a topic, those that are subscribed to it. The array is the same until it changes.
 * It is null until the server has told it, and while a client reconnects, the last one stays. The connection needs the
 * heartbeat `lifeline()`, and a server such as `createLifelineServer()`.
 *
 * @throws Error if the connection has another heartbeat, or if there is no `<WebSocketProvider>` above and no
 * `connection` option.
 * @example
 * ```tsx
 * function Visitors() {
 *   const ids = usePresence({ topic: 'lobby' });
 *   return <p>{ids ? `${ids.length} are here` : '…'}</p>;
 * }
 * ```
 */
export function usePresence<In = Frame, Out = OutFrame>(
  options?: PresenceOptions<In, Out>,
): readonly string[] | null;
/**
 * Returns whether an id is online or, with a topic, subscribed to it; null until the server has told. The component renders
 * only when this changes.
 *
 * @param id - The id of an identity. With null the result is null.
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
  options?: PresenceOptions<In, Out>,
): boolean | null;
export function usePresence<In, Out>(
  first?: PresenceOptions<In, Out> | string | null,
  second?: PresenceOptions<In, Out>,
): unknown {
  if (typeof first !== 'object') checkText(first, 'usePresence() takes an id');
  // An id that is undefined by mistake must not ask for everybody.
  const hasId = typeof first === 'string' || first === null || second !== undefined;
  return usePresenceOf(
    'usePresence',
    hasId ? 'isOnline' : 'list',
    hasId ? ((first as string | undefined) ?? null) : '',
    hasId ? second : first,
  );
}

/**
 * Returns the public data of an id: what the option `describe` of the server has returned for it. Null until the server has
 * told, if the id is not online, or if it has no data. The component renders only when the data change. They are JSON, and
 * have the type unknown because they come from the network: check them.
 *
 * @param id - The id of an identity. With null the result is null.
 * @throws Error if the connection has another heartbeat than `lifeline()`, or if there is no `<WebSocketProvider>` above
 * and no `connection` option.
 * @example
 * ```tsx
 * function Name({ userId }: { userId: string }) {
 *   const data = usePresenceData(userId, { topic: 'lobby' });
 *   return <b>{isPerson(data) ? data.name : userId}</b>;
 * }
 * ```
 */
export function usePresenceData<In = Frame, Out = OutFrame>(
  id: string | null,
  options?: PresenceOptions<In, Out>,
): unknown {
  checkText(id, 'usePresenceData() takes an id');
  return usePresenceOf('usePresenceData', 'data', id, options);
}

/** Reads presence for a hook: a list, or what is known of an id. */
function usePresenceOf<In, Out>(
  hook: string,
  field: 'list' | 'isOnline' | 'data',
  id: string | null,
  options: PresenceOptions<In, Out> | undefined,
): unknown {
  const connection = useListened<In, Out>(hook, options, { topic: '' });
  const topic = options?.topic;
  checkText(topic, `${hook}() takes a topic`);
  const [watch, read] = useMemo(
    () => createStore(connection, field, id, topic),
    [connection, field, id, topic],
  );
  return useSyncExternalStore(watch, read, readNothing);
}

const readNothing = () => null;

/** Makes the functions for `useSyncExternalStore`. */
function createStore<In, Out>(
  connection: Connection<In, Out>,
  field: 'list' | 'isOnline' | 'data',
  id: string | null,
  topic: string | null | undefined,
) {
  const view = viewOf(connection);
  if (id === null || topic === null) return [() => readNothing, readNothing] as const;
  const watch = (listener: () => void) => {
    // It asks the server at once, which must be that of this render's options.
    view?.flush();
    return connection.extend(presence).watch(listener, topic);
  };
  const read = () => {
    if (view?.isOutdated()) return null;
    const online = connection.extend(presence);
    return field === 'list' ? online.list(topic) : online[field](id, topic);
  };
  return [watch, read] as const;
}
