'use client';

import { useEffect, useInsertionEffect, useMemo, useRef } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { EventHandler, EventType } from '../core/messages/events.ts';
import type { ConnectionContext } from './provider.tsx';
import { DefaultContext, useSource } from './provider.tsx';
import type { Source } from './use-connection.ts';

/** Which connection a hook listens to. */
export interface ListenOptions<In = Frame, Out = OutFrame> {
  /** The connection to listen to. @defaultValue the nearest provider's */
  readonly connection?: Connection<In, Out> | undefined;
}

/**
 * Calls the handler for every message, in order, outside render, without a render of its own.
 *
 * @param handler - The latest render's is called; it need not be stable.
 */
export function useMessage<In = Frame, Out = OutFrame>(
  handler: EventHandler<'message', NoInfer<In>, NoInfer<Out>>,
  options?: ListenOptions<In, Out>,
): void {
  useEventOf(rawContext<In, Out>(), 'useMessage', 'message', handler, options);
}

/**
 * Calls the handler for every event of a type, outside render.
 *
 * @param handler - The latest render's is called; it need not be stable.
 */
export function useWebSocketEvent<Type extends EventType, In = Frame, Out = OutFrame>(
  type: Type,
  handler: EventHandler<Type, NoInfer<In>, NoInfer<Out>>,
  options?: ListenOptions<In, Out>,
): void {
  useEventOf(rawContext<In, Out>(), 'useWebSocketEvent', type, handler, options);
}

/** {@link useWebSocketEvent} over a context. */
export function useEventOf<Type extends EventType, In, Out>(
  context: ConnectionContext<In, Out>,
  hook: string,
  type: Type,
  handler: EventHandler<Type, In, Out>,
  options?: ListenOptions<In, Out>,
): void {
  const { connection } = useListened(context, hook, options);
  const latest = useLatest(handler);
  // A passive effect outlives suspension: a suspended component misses nothing.
  useEffect(
    () => connection.on(type, (...args) => latest.current(...args)),
    [connection, type, latest],
  );
}

/** The connection that a hook listens to. */
export function useListened<In, Out>(
  context: ConnectionContext<In, Out>,
  hook: string,
  { connection }: ListenOptions<In, Out> = {},
): Source<In, Out> {
  const given = useMemo(() => connection && { connection }, [connection]);
  return useSource(context, given, hook, 'connection');
}

/** The latest render's value, for what runs outside render. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** The default context carries raw frames; whoever names other types vouches for them. */
export const rawContext = <In, Out>(): ConnectionContext<In, Out> =>
  DefaultContext as unknown as ConnectionContext<In, Out>;
