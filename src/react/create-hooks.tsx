'use client';

import type { JSX } from 'react';
import { createContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions, VouchedBy } from '../core/options/options.ts';
import { validateOptions } from '../core/options/validate.ts';
import type { EventHandler, EventType } from '../core/messages/events.ts';
import type { PerAttempt, Url } from '../core/link/link.ts';
import type { WebSocketProviderProps } from './provider.tsx';
import { useProvider } from './provider.tsx';
import type { HeldConnectionOptions } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { useEventOf } from './use-message.ts';
import type { FilteredOptions, MessagesOptions } from './use-messages.ts';
import { useMessagesOf } from './use-messages.ts';
import type { TopicArguments, TopicHookOptions } from './use-topic.ts';
import { useTopicOf } from './use-topic.ts';
import type { UseWebSocketArguments, UseWebSocketResult } from './use-websocket.ts';
import { useWebSocketOf } from './use-websocket.ts';

/** A provider and its hooks, typed by a codec, that share a React context of their own. */
export interface WebSocketHooks<In, Out> {
  /** The component `WebSocketProvider`, for this context. */
  readonly WebSocketProvider: (props: WebSocketProviderProps<In, Out>) => JSX.Element;
  /** The hook `useWebSocket`, for this context. */
  readonly useWebSocket: {
    (): UseWebSocketResult<In, Out>;
    (connection: Connection<In, Out>): UseWebSocketResult<In, Out>;
    (
      url: PerAttempt<Url>,
      options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
    ): UseWebSocketResult<In, Out>;
  };
  /** The hook `useMessage`, for this context. */
  readonly useMessage: (handler: (message: In) => void, options?: ListenOptions<In, Out>) => void;
  /** The hook `useMessages`, for this context. */
  readonly useMessages: {
    <Kept extends In>(options: FilteredOptions<In, Out, Kept>): readonly Kept[];
    (options?: MessagesOptions<In, Out>): readonly In[];
  };
  /** The hook `useTopic`, for this context. */
  readonly useTopic: {
    (topic: string | null | undefined, options?: TopicHookOptions<In, Out>): In | null;
    (
      topic: string | null | undefined,
      handler: (message: In) => void,
      options?: ListenOptions<In, Out>,
    ): void;
  };
  /** The hook `useWebSocketEvent`, for this context. */
  readonly useWebSocketEvent: <Type extends EventType>(
    type: Type,
    handler: EventHandler<Type, In, Out>,
    options?: ListenOptions<In, Out>,
  ) => void;
}

/** Makes a provider and its hooks for raw frames, with a React context of their own. */
export function createWebSocketHooks(): WebSocketHooks<Frame, OutFrame>;
/**
 * Makes a provider and its hooks with a React context of their own. Their messages have the types of the codec, and one
 * component tree can use several connections. Destructure the result: lint rules and the React Compiler do not recognise
 * hooks that are called as `live.useTopic()`.
 *
 * @param defaults - Options for every connection that the provider or `useWebSocket(url)` makes. Props of the provider and
 * options of the hook replace them.
 * @throws TypeError if a default is unknown or not valid; the message names the option and the expected values.
 * @example
 * ```ts
 * type Message = { price: number };
 *
 * export const { WebSocketProvider, useWebSocket, useTopic } = createWebSocketHooks({
 *   codec: json<Message, { subscribe: string }>(),
 * });
 * ```
 */
export function createWebSocketHooks<In = Frame, Out = OutFrame>(
  defaults: VouchedBy<'codec', ConnectionOptions<In, Out>, In, Out>,
): WebSocketHooks<In, Out>;
export function createWebSocketHooks<In, Out>(
  defaults: ConnectionOptions<In, Out> = {},
): WebSocketHooks<In, Out> {
  validateOptions(defaults);
  const context = createContext<Connection<In, Out> | null>(null);
  return {
    WebSocketProvider: (props) => useProvider(context, props, defaults),
    useWebSocket: (...args: UseWebSocketArguments<In, Out>) =>
      useWebSocketOf(context, args, defaults),
    useMessage: (handler, options) =>
      useEventOf(context, 'useMessage', 'message', handler, options),
    useMessages: (options?: MessagesOptions<In, Out>) => useMessagesOf(context, options) as never,
    useTopic: (topic: string | null | undefined, ...rest: TopicArguments<In, Out>) =>
      useTopicOf(context, topic, rest) as never,
    useWebSocketEvent: (type, handler, options) =>
      useEventOf(context, 'useWebSocketEvent', type, handler, options),
  };
}
