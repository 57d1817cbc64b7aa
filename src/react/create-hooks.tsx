'use client';

import type { JSX } from 'react';
import { createContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions, VouchedBy } from '../core/options/options.ts';
import { validateOptions } from '../core/options/validate.ts';
import type { Request } from '../core/extensions/requests.ts';
import type { EventHandler, EventType } from '../core/messages/events.ts';
import type { OutboxItem } from '../core/messages/outbox.ts';
import type { PerAttempt, Url } from '../core/link/link.ts';
import { checkFunction } from './checks.ts';
import { bindHook } from './current-context.ts';
import type { WebSocketProviderProps } from './provider.tsx';
import { useProvider } from './provider.tsx';
import type { HeldConnectionOptions } from './use-connection.ts';
import type { ListenOptions } from './use-message.ts';
import { useMessage, useWebSocketEvent } from './use-message.ts';
import type { FilteredOptions, MessagesOptions } from './use-messages.ts';
import { useMessages } from './use-messages.ts';
import type { PresenceOptions } from './use-presence.ts';
import type { TopicHookOptions } from './use-topic.ts';
import { useTopic } from './use-topic.ts';
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

/** The hooks that can be handed to {@link createWebSocketHooks}, as they are typed then. */
export interface FurtherHooks<In, Out> extends Pick<
  WebSocketHooks<In, Out>,
  'useMessage' | 'useMessages' | 'useTopic' | 'useWebSocketEvent'
> {
  /** The hook `useOutbox`, for this context. */
  readonly useOutbox: (options?: ListenOptions<In, Out>) => readonly OutboxItem<Out>[];
  /** The hook `useRequest`, for this context. */
  readonly useRequest: (options?: ListenOptions<In, Out>) => Request<In, Out>;
  /** The hook `usePresence` of `react-lifeline/presence`, for this context. */
  readonly usePresence: {
    (options?: PresenceOptions<In, Out>): readonly string[] | null;
    (id: string | null, options?: PresenceOptions<In, Out>): boolean | null;
  };
  /** The hook `usePresenceData` of `react-lifeline/presence`, for this context. */
  readonly usePresenceData: (id: string | null, options?: PresenceOptions<In, Out>) => unknown;
}

type AnyHook = (...args: never[]) => unknown;

/** Makes a provider and its hooks for raw frames, with a React context of their own. */
export function createWebSocketHooks(): WebSocketHooks<Frame, OutFrame>;
/**
 * Makes a provider and its hooks with a React context of their own. Their messages have the types of the codec, and one
 * component tree can use several connections. Destructure the result: lint rules and the React Compiler do not recognise
 * hooks that are called as `live.useTopic()`.
 *
 * @param defaults - Options for every connection that the provider or `useWebSocket(url)` makes. Props of the provider and
 * options of the hook replace them.
 * @param hooks - Further hooks: `useOutbox`, `useRequest`, `usePresence`, `usePresenceData`. They are returned for this
 * context, with the types of the codec. They are handed in because a bundler keeps all that a function returns: those that are
 * not, cost nothing.
 * @throws TypeError if a default is unknown or not valid; the message names the option and the expected values.
 * @example
 * ```ts
 * type Message = { price: number };
 *
 * export const { WebSocketProvider, useWebSocket, useTopic, useOutbox } = createWebSocketHooks(
 *   { codec: json<Message, { subscribe: string }>() },
 *   { useOutbox },
 * );
 * ```
 */
export function createWebSocketHooks<
  In = Frame,
  Out = OutFrame,
  Name extends keyof FurtherHooks<In, Out> = never,
>(
  defaults: VouchedBy<'codec', ConnectionOptions<In, Out>, In, Out>,
  hooks?: Readonly<Record<Name, AnyHook>>,
): WebSocketHooks<In, Out> & Pick<FurtherHooks<In, Out>, Name>;
export function createWebSocketHooks<In, Out>(
  defaults: ConnectionOptions<In, Out> = {},
  hooks?: Readonly<Record<string, AnyHook>>,
): WebSocketHooks<In, Out> {
  validateOptions(defaults);
  const context = createContext<Connection<In, Out> | null>(null);
  const bound: Record<string, unknown> = {};
  const all: Record<string, AnyHook> = {
    useMessage,
    useMessages,
    useTopic,
    useWebSocketEvent,
    ...hooks,
  };
  for (const [name, hook] of Object.entries(all)) {
    checkFunction(hook, `createWebSocketHooks() needs a ${name}`);
    bound[name] = bindHook(context, hook);
  }
  return {
    ...(bound as unknown as WebSocketHooks<In, Out>),
    WebSocketProvider: (props) => useProvider(context, props, defaults),
    useWebSocket: (...args: UseWebSocketArguments<In, Out>) =>
      useWebSocketOf(context, args, defaults),
  };
}
