'use client';

import type { Context, JSX, ReactNode } from 'react';
import { createContext, createElement, useContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { withDefaults } from '../core/options/defaults.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import { checkGiven } from './checks.ts';
import type { HeldConnectionOptions, Source } from './use-connection.ts';
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
export type ConnectionContext<In, Out> = Context<Source<In, Out> | null>;

/** The context of the exported provider and hooks. */
export const DefaultContext: ConnectionContext<Frame, OutFrame> = createContext<Source<
  Frame,
  OutFrame
> | null>(null);

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
  const source = useConnection<In, Out>(connection ?? withDefaults(props, defaults));
  return createElement(Provider, { value: source }, children);
}

/**
 * Returns the given connection, or that of the nearest provider.
 *
 * @param hook - The name of the calling hook, for the error.
 * @param other - What the hook could be given instead of a provider, for the error.
 * @throws Error if there is neither a connection nor a provider.
 */
export function useSource<In, Out>(
  context: ConnectionContext<In, Out>,
  given: Source<In, Out> | null | undefined,
  hook: string,
  other: string,
): Source<In, Out> {
  const inherited = useContext(context);
  const source = given ?? inherited;
  if (!source)
    throw new Error(
      FULL_TEXTS
        ? `${hook}() needs a <WebSocketProvider> above it, or a ${other}.`
        : `${hook}() needs a provider.`,
    );
  return source;
}
