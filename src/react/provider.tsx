'use client';

import type { Context, JSX, ReactNode } from 'react';
import { createContext, createElement, useContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { withDefaults } from '../core/options/defaults.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import { checkGiven } from './checks.ts';
import type { HeldConnectionOptions } from './use-connection.ts';
import { useConnection } from './use-connection.ts';

/** The props of a provider: either a `connection`, or the options of a connection that the provider makes. */
export type WebSocketProviderProps<In = Frame, Out = OutFrame> = {
  /** The components that use the connection. */
  readonly children?: ReactNode;
} & (
  | ({ readonly connection?: undefined } & HeldConnectionOptions<In, Out>)
  | {
      /** A connection that was made with `createConnection()`. */
      readonly connection: Connection<In, Out>;
    }
);

/** A React context whose value is the connection of the nearest provider. */
export type ConnectionContext<In, Out> = Context<Connection<In, Out> | null>;

/** The context of the exported provider and hooks. */
export const DefaultContext: ConnectionContext<Frame, OutFrame> = createContext<Connection | null>(
  null,
);

/**
 * Provides a connection to the components below, and holds it open while mounted. It makes the connection from its props,
 * or uses the `connection` prop.
 *
 * @throws TypeError if an option is unknown or not valid, with the expected names or values in its message; or if there
 * is both a `connection` and an option.
 * @example
 * ```tsx
 * <WebSocketProvider url="wss://example.com/live" heartbeat>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export function WebSocketProvider(props: WebSocketProviderProps): JSX.Element {
  return useProvider(DefaultContext, props);
}

/** {@link WebSocketProvider} for a given context. `defaults` are options for a connection that it makes. */
export function useProvider<In, Out>(
  { Provider }: ConnectionContext<In, Out>,
  { children, connection, ...props }: WebSocketProviderProps<In, Out>,
  defaults?: ConnectionOptions<In, Out>,
): JSX.Element {
  if (FULL_TEXTS && connection !== undefined) checkGiven(connection, props);
  const value = useConnection<In, Out>(connection ?? withDefaults(props, defaults));
  return createElement(Provider, { value }, children);
}

/**
 * Returns the given connection, or that of the nearest provider.
 *
 * @param hook - The name of the calling hook, for the error.
 * @param other - What the hook could be given instead of a provider, for the error.
 * @throws Error if there is neither a connection nor a provider.
 */
export function useGivenOrNearest<In, Out>(
  context: ConnectionContext<In, Out>,
  given: Connection<In, Out> | null | undefined,
  hook: string,
  other: string,
): Connection<In, Out> {
  const nearest = useContext(context);
  const connection = given ?? nearest;
  if (!connection)
    throw new Error(
      FULL_TEXTS
        ? `${hook}() needs a <WebSocketProvider> above it, or a ${other}.`
        : `${hook}() needs a provider.`,
    );
  return connection;
}
