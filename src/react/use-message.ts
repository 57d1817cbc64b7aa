'use client';

import { useEffect, useInsertionEffect, useRef } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { EventHandler, EventType } from '../core/messages/events.ts';
import { checkEventType } from '../core/messages/events.ts';
import type { VouchedBy } from '../core/options/options.ts';
import { checkFunction, checkHookOptions } from './checks.ts';
import { currentContext } from './current-context.ts';
import { viewOf } from './own-connection.ts';
import { useGivenOrNearest } from './provider.tsx';

/** The options of a hook that listens to a connection. */
export interface ListenOptions<In = Frame, Out = OutFrame> {
  /** The connection to listen to. @defaultValue the connection of the nearest provider */
  readonly connection?: Connection<In, Out> | undefined;
}

/** The options of a hook whose messages have these types: those of its connection, or frames. */
export type Vouched<Options, In, Out> = VouchedBy<'connection', Options, In, Out>;

/**
 * Calls the handler for every message, in order. Messages cause no render.
 *
 * @param handler - The handler of the latest render is called, so it may be a new function in each render.
 * @throws Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function Log() {
 *   useMessage((message) => console.log(message));
 *   return null;
 * }
 * ```
 */
export function useMessage<In = Frame, Out = OutFrame>(
  handler: EventHandler<'message', NoInfer<In>, NoInfer<Out>>,
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): void;
/** Calls the handler for every message of the nearest provider, in order. */
export function useMessage(handler: EventHandler<'message'>): void;
export function useMessage<In, Out>(
  handler: EventHandler<'message', In, Out>,
  options?: ListenOptions<In, Out>,
): void {
  useEvent('useMessage', 'message', handler, options);
}

/**
 * Calls the handler for every event of a type. Events cause no render.
 *
 * @param type - The name of the event: `open`, `message`, `close`, `error`, `flush` or `drop`.
 * @param handler - The handler of the latest render is called, so it may be a new function in each render.
 * @throws Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function Refresher({ refetch }: { refetch: () => void }) {
 *   useWebSocketEvent('open', ({ reconnected }) => {
 *     if (reconnected) refetch();
 *   });
 *   return null;
 * }
 * ```
 */
export function useWebSocketEvent<Type extends EventType, In = Frame, Out = OutFrame>(
  type: Type,
  handler: EventHandler<Type, NoInfer<In>, NoInfer<Out>>,
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): void;
/** Calls the handler for every event of a type of the nearest provider. */
export function useWebSocketEvent<Type extends EventType>(
  type: Type,
  handler: EventHandler<Type>,
): void;
export function useWebSocketEvent<Type extends EventType, In, Out>(
  type: Type,
  handler: EventHandler<Type, In, Out>,
  options?: ListenOptions<In, Out>,
): void {
  useEvent('useWebSocketEvent', type, handler, options);
}

/** {@link useWebSocketEvent} for another hook, whose name is in errors. */
function useEvent<Type extends EventType, In, Out>(
  hook: string,
  type: Type,
  handler: EventHandler<Type, In, Out>,
  options?: ListenOptions<In, Out>,
): void {
  checkEventType(type);
  checkFunction(handler, `${hook}() needs a handler`);
  const listened = useListened(hook, options);
  // Not its view, which a new scope replaces: between two of them an event could be missed.
  const connection = viewOf(listened)?.connection ?? listened;
  const latest = useLatest(handler);
  // React keeps passive effects while a component is suspended, so that it misses no event.
  useEffect(
    () => connection.on(type, (...args) => latest.current(...args)),
    [connection, type, latest],
  );
}

/** Returns the connection that a hook listens to. `known` has the names of the further options of the hook. */
export function useListened<In, Out>(
  hook: string,
  options?: ListenOptions<In, Out>,
  known?: Readonly<Record<string, string>>,
): Connection<In, Out> {
  checkHookOptions(hook, options, known);
  return useGivenOrNearest(currentContext<In, Out>(), options?.connection, hook, 'connection');
}

/** Returns a ref to the value of the latest render, for functions that run outside render. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
