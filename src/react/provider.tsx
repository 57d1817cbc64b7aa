'use client';

import type { Context, JSX, ReactNode } from 'react';
import { createContext, createElement, useContext } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { withDefaults } from '../core/options/defaults.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import type { HeldConnectionOptions, Source } from './use-connection.ts';
import { useConnection } from './use-connection.ts';

/** The props of a provider: a connection, or the options of one that it makes. */
export type WebSocketProviderProps<In = Frame, Out = OutFrame> = {
  readonly children?: ReactNode;
} & (
  | ({ readonly connection?: undefined } & HeldConnectionOptions<In, Out>)
  | { readonly connection: Connection<In, Out> }
);

/** A context that carries a connection. */
export type ConnectionContext<In, Out> = Context<Source<In, Out> | null>;

/** The context of the plain exports. */
export const DefaultContext: ConnectionContext<Frame, OutFrame> = createContext<Source<
  Frame,
  OutFrame
> | null>(null);

/** Makes a connection, or takes the given one, and holds it open for the components below while it is mounted. */
export function WebSocketProvider(props: WebSocketProviderProps): JSX.Element {
  return useProvider(DefaultContext, props);
}

/** {@link WebSocketProvider} over a context, with defaults for a connection that it makes. */
export function useProvider<In, Out>(
  { Provider }: ConnectionContext<In, Out>,
  { children, ...props }: WebSocketProviderProps<In, Out>,
  defaults?: ConnectionOptions<In, Out>,
): JSX.Element {
  const source = useConnection<In, Out>(props.connection ?? withDefaults(props, defaults));
  return createElement(Provider, { value: source }, children);
}

/** The given connection, or the nearest provider's. */
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
