'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { SendOptions, SendResult } from '../core/messages/sender.ts';
import type { ConnectionOptions } from '../core/options/options.ts';
import { withDefaults } from '../core/options/defaults.ts';
import type { PerAttempt, Url } from '../core/link/link.ts';
import type { Snapshot } from '../core/machine/snapshot.ts';
import { IDLE, isSame, PENDING } from '../core/machine/snapshot.ts';
import { publisher } from '../core/extensions/publisher.ts';
import type { ConnectionContext } from './provider.tsx';
import { DefaultContext, useSource } from './provider.tsx';
import type { HeldConnectionOptions, Source } from './use-connection.ts';
import { isOutdated, isConnection, useConnection } from './use-connection.ts';

/** The state of a connection, of which a component renders for the fields that it reads, and what can be done with it. */
export interface UseWebSocketResult<In = Frame, Out = OutFrame> extends Snapshot {
  /** The newest message, published at most once a frame; for every one, `useMessage`. */
  readonly lastMessage: In | null;
  /** The connection itself. */
  readonly connection: Connection<In, Out>;
  /** Sends a message, or queues it while no link takes it. */
  readonly send: (message: Out, options?: SendOptions) => SendResult;
  /** Opens a connection that is idle or closed. */
  readonly open: () => void;
  /** Closes the connection until `open()` or `reconnect()`. */
  readonly close: (code?: number, reason?: string) => void;
  /** Drops the link or the wait and connects at once. */
  readonly reconnect: () => void;
}

/** The nearest provider's connection, as state. */
export function useWebSocket(): UseWebSocketResult;
/** A given connection as state, held open while the component is mounted. */
export function useWebSocket<In, Out>(connection: Connection<In, Out>): UseWebSocketResult<In, Out>;
/** A connection of the component's own, held open while it is mounted. Without a url it is idle. */
export function useWebSocket<In = Frame, Out = OutFrame>(
  url: PerAttempt<Url>,
  options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
): UseWebSocketResult<In, Out>;
export function useWebSocket(...args: UseWebSocketArguments<Frame, OutFrame>): unknown {
  return useWebSocketOf(DefaultContext, args);
}

/** What `useWebSocket` takes. */
export type UseWebSocketArguments<In, Out> = [
  target?: PerAttempt<Url> | Connection<In, Out>,
  options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
];

/** {@link useWebSocket} over a context, with defaults for a connection of the component's own. */
export function useWebSocketOf<In, Out>(
  context: ConnectionContext<In, Out>,
  args: UseWebSocketArguments<In, Out>,
  defaults?: ConnectionOptions<In, Out>,
): UseWebSocketResult<In, Out> {
  const [target, options] = args;
  const own = isConnection<In, Out>(target)
    ? target
    : { ...withDefaults(options ?? {}, defaults), url: target };
  // A url that is undefined is none: it does not mean the provider's.
  const held = useConnection<In, Out>(args.length > 0 ? own : null);
  const source = useSource(context, held, 'useWebSocket', 'url');
  const [subscribe, read, readOnServer] = useMemo(() => createReader(source), [source]);
  const result = useSyncExternalStore(subscribe, read, readOnServer);
  return result as unknown as UseWebSocketResult<In, Out>;
}

type Fields = Snapshot & { readonly lastMessage: unknown };
type Key = keyof Fields;

/** What there is to see of a scope where there is nothing yet. */
const blank = (scope: Source<never, never>['scope']): Fields => ({
  ...(scope === null ? IDLE : PENDING),
  lastMessage: null,
});

const KEYS = Object.keys(blank(null)) as Key[];

const READ = Symbol('read');

/** The getters of what a component gets: a thousand components share them. */
const FIELDS: object = {};
// Not enumerable: neither spreading nor dev tools must read, and so track, them all.
for (const key of KEYS)
  Object.defineProperty(FIELDS, key, {
    get(this: { [READ]: (key: Key) => unknown }) {
      return this[READ](key);
    },
  });

/** Gives one component the fields of a connection, and tells it when one of those that it has read has changed. */
function createReader<In, Out>(source: Source<In, Out>) {
  const { connection, scope, applied } = source;
  const { send, open, close, reconnect } = connection;
  const tracked = new Set<Key>();
  let onServer = false;
  let notify: (() => void) | null = null;
  let stopMessages: (() => void) | null = null;

  const present = (): Fields => {
    // The same on the server and while hydrating, whatever the connection has become meanwhile.
    if (onServer || isOutdated(source)) return blank(applied ? scope : connection.scope);
    const snapshot = connection.getSnapshot();
    // At rest, it is about to be opened by whoever reads it.
    const seen = snapshot.status === 'idle' ? blank(connection.scope) : snapshot;
    return { ...seen, lastMessage: connection.lastMessage };
  };

  const watchMessages = () => {
    if (notify && tracked.has('lastMessage'))
      stopMessages ??= connection.extend(publisher).onMessages(notify);
  };

  /** What a component gets: its fields keep the values that they had when they were first read. */
  const createResult = () => {
    const seen: Partial<Record<Key, unknown>> = {};
    const value = (key: Key) => {
      tracked.add(key);
      watchMessages();
      if (!(key in seen)) seen[key] = present()[key];
      return seen[key];
    };
    const fields: object = Object.create(FIELDS, { [READ]: { value } });
    return Object.assign(fields, { connection, send, open, close, reconnect }) as unknown as Fields;
  };

  let result = createResult();

  const subscribe = (listener: () => void) => {
    notify = listener;
    onServer = false;
    const stop = connection.subscribe(listener);
    watchMessages();
    return () => {
      stop();
      stopMessages?.();
      notify = stopMessages = null;
    };
  };
  const read = () => {
    const now = present();
    if (!isSame(result, now, tracked)) result = createResult();
    return result;
  };
  const readOnServer = () => {
    onServer = true;
    return result;
  };
  return [subscribe, read, readOnServer] as const;
}
