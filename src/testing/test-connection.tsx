'use client';

import type { JSX, ReactNode } from 'react';
import { createElement, useEffect, useState } from 'react';
import type { Connection } from '../core/connection.ts';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Snapshot } from '../core/machine/snapshot.ts';
import { WebSocketProvider } from '../react/provider.tsx';
import type { StagedCalls, StagedPresence } from './staged-connection.ts';
import { createStagedConnection } from './staged-connection.ts';

/** The props of {@link TestConnection}. */
export interface TestConnectionProps<In = Frame, Out = OutFrame> extends StagedCalls<Out> {
  /** The components that use the connection. */
  readonly children?: ReactNode;
  /** The state of the connection. What is left out fits the `status`. @defaultValue an open connection */
  readonly snapshot?: Partial<Snapshot> | undefined;
  /**
   * The messages that have arrived, the oldest first. All hooks get them when they are mounted: `useMessage`, `useMessages`,
   * `useTopic`, `lastMessage`. Messages that are added later arrive then. @defaultValue none
   */
  readonly messages?: readonly In[] | undefined;
  /** Returns the topic of a message, for `useTopic`. @defaultValue no message has one */
  readonly topicOf?: ((message: NoInfer<In>) => string | null | undefined) | undefined;
  /** Who is online, and who is subscribed to each topic. @defaultValue the server has not told */
  readonly presence?: StagedPresence | undefined;
  /**
   * The provider of the hooks that the components use, if they come from `createWebSocketHooks()`.
   * @defaultValue the exported `WebSocketProvider`
   */
  readonly provider?:
    | ((props: {
        readonly connection: Connection<In, Out>;
        readonly children?: ReactNode;
      }) => JSX.Element)
    | undefined;
}

/**
 * Shows components in any state of a connection, without a server: in unit tests and in stories. All hooks work below it that
 * use the connection of a provider. Nothing is sent, and nothing happens by itself.
 *
 * @example
 * ```tsx
 * <TestConnection snapshot={{ status: 'reconnecting', attempt: 3 }} messages={['hello']} onSend={fn()}>
 *   <Chat />
 * </TestConnection>
 * ```
 */
export function TestConnection<In = Frame, Out = OutFrame>({
  children,
  provider,
  ...staged
}: TestConnectionProps<In, Out>): JSX.Element {
  const [{ connection, show }] = useState(() => createStagedConnection<In, Out>(staged));
  // After the effects of the children, which listen by then.
  useEffect(() => show(staged));
  return createElement(
    (provider ?? WebSocketProvider) as NonNullable<typeof provider>,
    { connection },
    children,
  );
}
