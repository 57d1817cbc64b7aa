'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/codec.ts';
import type { Connection, SendOptions, SendResult } from '../core/connection.ts';
import type { PerAttempt, Url } from '../core/transport.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { scopeOf } from '../core/settings.ts';
import { IDLE, PENDING } from '../core/snapshot.ts';
import { onFrame } from './frame.ts';
import type { ConnectionContext } from './provider.tsx';
import { DefaultContext, useSource } from './provider.tsx';
import type { HeldConnectionOptions, Source } from './use-connection.ts';
import { isConnection, useConnection } from './use-connection.ts';

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

/** What `useWebSocket` takes: nothing, a url with options, or a connection. */
export type UseWebSocketArguments<In, Out> =
  | []
  | [url: PerAttempt<Url>, options?: Omit<HeldConnectionOptions<In, Out>, 'url'>]
  | [connection: Connection<In, Out>];

/** The nearest provider's connection, as state. */
export function useWebSocket(): UseWebSocketResult;
/** A given connection as state, held open while the component is mounted. */
export function useWebSocket<In, Out>(connection: Connection<In, Out>): UseWebSocketResult<In, Out>;
/** A connection of the component's own, held open while it is mounted. Without a url it is idle. */
export function useWebSocket<In = Frame, Out = OutFrame>(
  url: PerAttempt<Url>,
  options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
): UseWebSocketResult<In, Out>;
export function useWebSocket(...args: unknown[]): unknown {
  return useWebSocketOf(DefaultContext, args as UseWebSocketArguments<Frame, OutFrame>);
}

/** {@link useWebSocket} over a context. */
export function useWebSocketOf<In, Out>(
  context: ConnectionContext<In, Out>,
  args: UseWebSocketArguments<In, Out>,
): UseWebSocketResult<In, Out> {
  const [target, options] = args;
  const own = isConnection<In, Out>(target) ? target : { ...options, url: target };
  const held = useConnection<In, Out>(args.length > 0 ? own : null);
  const source = useSource(context, 'useWebSocket()', held);
  const reader = useMemo(() => createReader(source), [source]);
  const result = useSyncExternalStore(reader.subscribe, reader.read, reader.readOnServer);
  return result as unknown as UseWebSocketResult<In, Out>;
}

type Fields = Snapshot & { readonly lastMessage: unknown };
type Key = keyof Fields;

/** What a component gets: its fields keep the values that they had when they were first read. */
class Result {
  readonly #peek: (key: Key) => unknown;
  readonly #seen = new Map<Key, unknown>();

  constructor(peek: (key: Key) => unknown, actions: object) {
    this.#peek = peek;
    Object.assign(this, actions);
  }

  see(key: Key): unknown {
    const seen = this.#seen;
    if (!seen.has(key)) seen.set(key, this.#peek(key));
    return seen.get(key);
  }
}

// Not enumerable: neither spreading nor dev tools must read, and so track, them all.
for (const key of [...Object.keys(PENDING), 'lastMessage'] as Key[])
  Object.defineProperty(Result.prototype, key, {
    get(this: Result) {
      return this.see(key);
    },
  });

/** Gives one component the fields of a connection, and tells it when one of those that it has read has changed. */
function createReader<In, Out>({ connection, scope, applied }: Source<In, Out>) {
  const { send, open, close, reconnect } = connection;
  const tracked = new Set<Key>();
  let notify: (() => void) | null = null;
  let stopMessages: (() => void) | null = null;

  /** What there is to see where there is nothing yet. */
  const blank = (of: typeof scope) => (of === null ? IDLE : PENDING);

  const present = (key: Key): unknown => {
    const snapshot = connection.getSnapshot();
    const told = applied?.current;
    // What this render asks for has not reached the connection yet: nothing that it holds is meant.
    if (told && scopeOf(told) !== scope) return key === 'lastMessage' ? null : blank(scope)[key];
    if (key === 'lastMessage') return connection.lastMessage;
    // At rest, it is about to be opened by whoever reads it.
    return (snapshot.status === 'idle' ? blank(connection.scope) : snapshot)[key];
  };

  const watchMessages = () => {
    if (notify && tracked.has('lastMessage')) stopMessages ??= onFrame(connection, notify);
  };

  const createResult = (peek: (key: Key) => unknown) =>
    new Result(
      (key) => {
        tracked.add(key);
        watchMessages();
        return peek(key);
      },
      { connection, send, open, close, reconnect },
    );

  let result = createResult(present);
  let onServer: Result | undefined;

  return {
    subscribe(listener: () => void) {
      notify = listener;
      const stop = connection.subscribe(listener);
      watchMessages();
      return () => {
        stop();
        stopMessages?.();
        notify = stopMessages = null;
      };
    },
    read() {
      for (const key of tracked)
        if (!Object.is(result.see(key), present(key))) {
          result = createResult(present);
          break;
        }
      return result;
    },
    /** The same on the server and while hydrating, whatever the connection has become meanwhile. */
    readOnServer() {
      const fields = { ...blank(applied ? scope : connection.scope), lastMessage: null };
      return (onServer ??= result = createResult((key) => fields[key]));
    },
  };
}
