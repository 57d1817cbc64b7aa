'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { Connection } from '../core/connection.ts';
import type { SendOptions } from '../core/messages/send-options.ts';
import type { SendResult } from '../core/messages/sender.ts';
import type { ConnectionOptions, VouchedBy } from '../core/options/options.ts';
import { withDefaults } from '../core/options/defaults.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import type { PerAttempt, Url } from '../core/link/link.ts';
import type { Cause } from '../core/machine/cause.ts';
import type { ReadyState, Snapshot, Status } from '../core/machine/snapshot.ts';
import { emptySnapshot, IDLE, isSame } from '../core/machine/snapshot.ts';
import { publisher } from '../core/extensions/publisher.ts';
import { checkGiven, checkNoUrl } from './checks.ts';
import type { ConnectionContext } from './provider.tsx';
import { isConnection, viewOf } from './own-connection.ts';
import { DefaultContext, useGivenOrNearest } from './provider.tsx';
import type { HeldConnectionOptions } from './use-connection.ts';
import { useConnection } from './use-connection.ts';

/**
 * The state and the functions of a connection. A component renders only for changes of the state fields that it reads.
 * The functions stay the same for the life of the connection and do not use `this`.
 *
 * The state fields are getters that a spread does not copy. TypeScript knows that only of a class, so this is declared as
 * one; there is no such class at run time.
 */
export declare abstract class UseWebSocketResult<In = Frame, Out = OutFrame> implements Snapshot {
  /** The status of the connection; see {@link Status}. */
  get status(): Status;
  /** The `readyState` of the WebSocket standard: 0 during an attempt, 1 open, 2 closing, 3 otherwise. */
  get readyState(): ReadyState;
  /** The number of failures in a row: 1 after the first failure, 0 while a link is open. */
  get attempt(): number;
  /** When the next attempt starts, in milliseconds since the Unix epoch; null unless the connection waits for it. */
  get retryAt(): number | null;
  /** Why the last link or attempt ended; null before the first end and while a link is open. */
  get cause(): Cause | null;
  /** The round trip time of the last answered probe of this link, in milliseconds; null before the first answer. */
  get latency(): number | null;
  /**
   * The newest message of the current scope, or null. It changes at most once in each animation frame, so some messages
   * may be skipped: use `useMessage` to handle every message.
   */
  get lastMessage(): In | null;
  /** The connection, for functions that need it outside React. */
  readonly connection: Connection<In, Out>;
  /** Sends a message at once, or puts it in the outbox while no link can take it. See {@link Connection.send}. */
  readonly send: (message: Out, options?: SendOptions) => SendResult;
  /** Opens a connection that is idle or closed. See {@link Connection.open}. */
  readonly open: () => void;
  /** Closes the connection until `open()` or `reconnect()` is called. See {@link Connection.close}. */
  readonly close: (code?: number, reason?: string) => void;
  /** Starts a new attempt at once. See {@link Connection.reconnect}. */
  readonly reconnect: () => void;
}

/**
 * Returns the state and the functions of the connection of the nearest provider.
 *
 * @throws Error if there is no `<WebSocketProvider>` above.
 * @example
 * ```tsx
 * function SaveButton() {
 *   const { status, send } = useWebSocket();
 *   return (
 *     <button disabled={status !== 'open'} onClick={() => send('save')}>
 *       Save
 *     </button>
 *   );
 * }
 * ```
 */
export function useWebSocket(): UseWebSocketResult;
/**
 * Returns the state and the functions of a given connection, and holds it open while the component is mounted.
 *
 * @param connection - A connection that was made with `createConnection()`.
 */
export function useWebSocket<In, Out>(connection: Connection<In, Out>): UseWebSocketResult<In, Out>;
/** Makes a connection for this component alone, whose messages are frames. */
export function useWebSocket(url: PerAttempt<Url>): UseWebSocketResult;
/**
 * Makes a connection for this component alone, and holds it open while the component is mounted.
 *
 * @param url - The url, or a function that returns it for every attempt. With null or undefined the connection is idle.
 * @param options - The other options of the connection. With a `codec`, messages have its types. Without one, they are
 * frames.
 * @throws TypeError if an option is not valid; the message names the option and the expected values.
 * @example
 * ```tsx
 * function Ticker() {
 *   const { lastMessage } = useWebSocket('wss://example.com/ticker', {
 *     heartbeat: true,
 *     codec: json<{ price: number }>(),
 *   });
 *   return <p>{lastMessage?.price}</p>;
 * }
 * ```
 */
export function useWebSocket<In = Frame, Out = OutFrame>(
  url: PerAttempt<Url>,
  options: VouchedBy<'codec', Omit<HeldConnectionOptions<In, Out>, 'url'>, In, Out>,
): UseWebSocketResult<In, Out>;
export function useWebSocket(...args: UseWebSocketArguments<Frame, OutFrame>): unknown {
  return useWebSocketOf(DefaultContext, args);
}

/** The arguments of `useWebSocket`. */
export type UseWebSocketArguments<In, Out> = [
  target?: PerAttempt<Url> | Connection<In, Out>,
  options?: Omit<HeldConnectionOptions<In, Out>, 'url'>,
];

/** {@link useWebSocket} for a given context. `defaults` are options for a connection that the component makes. */
export function useWebSocketOf<In, Out>(
  context: ConnectionContext<In, Out>,
  args: UseWebSocketArguments<In, Out>,
  defaults?: ConnectionOptions<In, Out>,
): UseWebSocketResult<In, Out> {
  const [target, options] = args;
  if (FULL_TEXTS && isConnection(target)) checkGiven(target, options);
  else if (FULL_TEXTS) checkNoUrl(options);
  const own = isConnection<In, Out>(target)
    ? target
    : { ...withDefaults(options ?? {}, defaults), url: target };
  // `useWebSocket(undefined)` means a connection without a url, not that of the provider.
  const held = useConnection<In, Out>(args.length > 0 ? own : null);
  const connection = useGivenOrNearest(context, held, 'useWebSocket', 'url');
  const [subscribe, read, readOnServer] = useMemo(() => createReader(connection), [connection]);
  const result = useSyncExternalStore(subscribe, read, readOnServer);
  return result as unknown as UseWebSocketResult<In, Out>;
}

type Fields = Snapshot & { readonly lastMessage: unknown };
type Key = keyof Fields;

const KEYS = Object.keys({ ...IDLE, lastMessage: null }) as Key[];

const READ = Symbol('read');

/** The prototype of all results, so that they share the getters of the fields. */
const FIELDS: object = {};
// The getters are not enumerable, because spreading or dev tools would read, and so track, all fields.
for (const key of KEYS)
  Object.defineProperty(FIELDS, key, {
    get(this: { [READ]: (key: Key) => unknown }) {
      return this[READ](key);
    },
  });

/** Makes the functions for `useSyncExternalStore`: they give a component its result, and track the fields that it reads. */
function createReader<In, Out>(connection: Connection<In, Out>) {
  const { send, open, close, reconnect } = connection;
  const view = viewOf(connection);
  const empty = view?.empty ?? emptySnapshot;
  const tracked = new Set<Key>();
  let isHydrating = false;
  let notify: (() => void) | null = null;
  let stopMessages: (() => void) | null = null;

  const currentFields = (): Fields => {
    // The server and the hydrating browser must render the same, also if the connection has changed since.
    if (isHydrating) return { ...empty((view ?? connection).scope), lastMessage: null };
    const snapshot = connection.getSnapshot();
    // An idle connection with a url reads as connecting: retain() follows in an effect, unless it waits for open().
    const fields = snapshot.status === 'idle' ? empty(connection.scope) : snapshot;
    return { ...fields, lastMessage: connection.lastMessage };
  };

  const watchMessages = () => {
    if (notify && tracked.has('lastMessage'))
      stopMessages ??= connection.extend(publisher).onMessages(notify);
  };

  /** Makes a result. A field keeps the value that it had when it was first read. */
  const createResult = () => {
    const values: Partial<Record<Key, unknown>> = {};
    const value = (key: Key) => {
      tracked.add(key);
      watchMessages();
      if (!(key in values)) values[key] = currentFields()[key];
      return values[key];
    };
    const fields: object = Object.create(FIELDS, { [READ]: { value } });
    return Object.assign(fields, { connection, send, open, close, reconnect }) as unknown as Fields;
  };

  let result = createResult();

  const subscribe = (listener: () => void) => {
    notify = listener;
    isHydrating = false;
    const stop = connection.subscribe(listener);
    watchMessages();
    return () => {
      stop();
      stopMessages?.();
      notify = stopMessages = null;
    };
  };
  const read = () => {
    const fields = currentFields();
    if (!isSame(result, fields, tracked)) result = createResult();
    return result;
  };
  const readOnServer = () => {
    isHydrating = true;
    return result;
  };
  return [subscribe, read, readOnServer] as const;
}
