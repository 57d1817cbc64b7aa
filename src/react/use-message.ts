'use client';

import { useEffect, useInsertionEffect, useRef } from 'react';
import type { Frame, OutFrame } from '../core/codec.ts';
import type { Connection } from '../core/connection.ts';
import type { EventHandler, EventType } from '../core/options.ts';
import type { ConnectionContext } from './provider.tsx';
import { DefaultContext, useSource } from './provider.tsx';

/** Which connection a hook listens to. */
export interface ListenOptions<In = Frame, Out = OutFrame> {
  /** @defaultValue the nearest provider's */
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
  useEvent('useMessage', 'message', handler, options);
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
  useEvent('useWebSocketEvent', type, handler, options);
}

function useEvent<Type extends EventType, In, Out>(
  hook: string,
  type: Type,
  handler: EventHandler<Type, In, Out>,
  { connection: given }: ListenOptions<In, Out> = {},
): void {
  // The default context carries raw frames; whoever names other types vouches for them.
  const context = DefaultContext as unknown as ConnectionContext<In, Out>;
  const { connection } = useSource(context, given && { connection: given }, hook, 'connection');
  const latest = useRef(handler);
  useInsertionEffect(() => {
    latest.current = handler;
  });
  // A passive effect outlives suspension: a suspended component misses nothing.
  useEffect(() => connection.on(type, (...args) => latest.current(...args)), [connection, type]);
}
