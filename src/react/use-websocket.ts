'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/codec.ts';
import type { Connection, SendOptions, SendResult } from '../core/connection.ts';
import type { PerAttempt, Url } from '../core/options.ts';
import type { Snapshot } from '../core/snapshot.ts';
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
  return result as Result<In> & UseWebSocketResult<In, Out>;
}

type Fields<In> = Snapshot & { readonly lastMessage: In | null };
type Peek<In> = <Key extends keyof Fields<In>>(key: Key) => Fields<In>[Key];

/**
 * What a component gets. A field keeps the value that it had when it was first read. Accessors of a prototype are not
 * enumerable: neither spreading nor dev tools read, and so track, them all.
 */
class Result<In> implements Fields<In> {
  readonly #peek: Peek<In>;
  readonly #seen: Partial<Fields<In>> = {};

  constructor(peek: Peek<In>, actions: object) {
    this.#peek = peek;
    Object.assign(this, actions);
  }
  see<Key extends keyof Fields<In>>(key: Key): Fields<In>[Key] {
    if (!(key in this.#seen)) this.#seen[key] = this.#peek(key);
    return this.#seen[key] as Fields<In>[Key];
  }
  get status() {
    return this.see('status');
  }
  get readyState() {
    return this.see('readyState');
  }
  get attempt() {
    return this.see('attempt');
  }
  get retryAt() {
    return this.see('retryAt');
  }
  get cause() {
    return this.see('cause');
  }
  get latency() {
    return this.see('latency');
  }
  get lastMessage() {
    return this.see('lastMessage');
  }
}

/** Gives one component the fields of a connection, and tells it when one of those that it has read has changed. */
function createReader<In, Out>({ connection, scope, applied }: Source<In, Out>) {
  const { send, open, close, reconnect } = connection;
  const actions = { connection, send, open, close, reconnect };
  const tracked = new Set<keyof Fields<In>>();
  let notify: (() => void) | null = null;
  let stopMessages: (() => void) | null = null;

  const blank = () => ((scope ?? connection.scope) === null ? IDLE : PENDING);

  const present: Peek<In> = (key) => {
    // What the render asks for has not reached the connection yet: nothing of what it holds is meant.
    const isBehind = applied && applied.current !== scope;
    if (key === 'lastMessage') return (isBehind ? null : connection.lastMessage) as never;
    const snapshot = isBehind ? blank() : connection.getSnapshot();
    // At rest, it is about to be opened: by whoever reads it.
    return (snapshot.status === 'idle' ? blank() : snapshot)[key as keyof Snapshot] as never;
  };

  const watchMessages = () => {
    if (notify && tracked.has('lastMessage')) stopMessages ??= onFrame(connection, notify);
  };
  const track: Peek<In> = (key) => {
    tracked.add(key);
    watchMessages();
    return present(key);
  };

  let result = new Result(track, actions);
  let serverResult: Result<In> | undefined;

  return {
    subscribe(listener: () => void) {
      notify = listener;
      const stop = connection.subscribe(listener);
      watchMessages();
      return () => {
        notify = null;
        stop();
        stopMessages?.();
        stopMessages = null;
      };
    },
    read() {
      for (const key of tracked)
        if (!Object.is(result.see(key), present(key))) {
          result = new Result(track, actions);
          break;
        }
      return result;
    },
    /** The same on the server and while hydrating, whatever the connection has become meanwhile. */
    readOnServer() {
      if (!serverResult) {
        const fields: Fields<In> = { ...blank(), lastMessage: null };
        serverResult = result = new Result((key) => {
          tracked.add(key);
          return fields[key];
        }, actions);
      }
      return serverResult;
    },
  };
}
