'use client';

import type { JSX } from 'react';
import { createContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import type { EventHandler, EventType } from '../core/messages/events.ts';
import type { PerAttempt, Url } from '../core/link/link.ts';
import type { WebSocketProviderProps } from './provider.tsx';
import { useProvider } from './provider.tsx';
import type { HeldConnectionOptions, Source } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { useEventOf } from './use-message.ts';
import type { MessagesOptions } from './use-messages.ts';
import { useMessagesOf } from './use-messages.ts';
import type { TopicArguments } from './use-topic.ts';
import { useTopicOf } from './use-topic.ts';
import type { UseWebSocketArguments, UseWebSocketResult } from './use-websocket.ts';
import { useWebSocketOf } from './use-websocket.ts';

/** A provider and its hooks, typed, over a context of their own. */
export interface WebSocketHooks<In, Out> {
  /** As the plain `WebSocketProvider`. */
  readonly WebSocketProvider: (props: WebSocketProviderProps<In, Out>) => JSX.Element;
  /** As the plain `useWebSocket`. */
  readonly useWebSocket: {
    (): UseWebSocketResult<In, Out>;
    (connection: Connection<In, Out>): UseWebSocketResult<In, Out>;
    (
      url: PerAttempt<Url>,
      options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
    ): UseWebSocketResult<In, Out>;
  };
  /** As the plain `useMessage`. */
  readonly useMessage: (handler: (message: In) => void, options?: ListenOptions<In, Out>) => void;
  /** As the plain `useMessages`. */
  readonly useMessages: <Kept extends In = In>(
    options?: MessagesOptions<In, Out, Kept>,
  ) => readonly Kept[];
  /** As the plain `useTopic`. */
  readonly useTopic: {
    (topic: string | null | undefined, options?: ListenOptions<In, Out>): In | null;
    (
      topic: string | null | undefined,
      handler: (message: In) => void,
      options?: ListenOptions<In, Out>,
    ): void;
  };
  /** As the plain `useWebSocketEvent`. */
  readonly useWebSocketEvent: <Type extends EventType>(
    type: Type,
    handler: EventHandler<Type, In, Out>,
    options?: ListenOptions<In, Out>,
  ) => void;
}

/**
 * Makes a provider and its hooks over a context of their own: typed by the codec, and several connections can stand
 * side by side in one tree.
 *
 * @param defaults - Options for every connection that the provider or `useWebSocket(url)` makes; their own come first.
 */
export function createWebSocketHooks<In = Frame, Out = OutFrame>(
  defaults: ConnectionOptions<In, Out> = {},
): WebSocketHooks<In, Out> {
  const context = createContext<Source<In, Out> | null>(null);
  return {
    WebSocketProvider: (props) => useProvider(context, props, defaults),
    useWebSocket: (...args: UseWebSocketArguments<In, Out>) =>
      useWebSocketOf(context, args, defaults),
    useMessage: (handler, options) =>
      useEventOf(context, 'useMessage', 'message', handler, options),
    useMessages: (options) => useMessagesOf(context, options),
    useTopic: (topic: string | null | undefined, ...rest: TopicArguments<In, Out>) =>
      useTopicOf(context, topic, rest) as never,
    useWebSocketEvent: (type, handler, options) =>
      useEventOf(context, 'useWebSocketEvent', type, handler, options),
  };
}
