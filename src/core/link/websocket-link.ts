import type { Frame, OutFrame } from '../messages/codec.ts';
import type { Cause } from '../machine/cause.ts';
import { guard } from '../platform/emitter.ts';
import type { Event } from '../machine/transition.ts';
import { NORMAL_CLOSURE } from '../protocol/close-codes.ts';

/** What is needed of a WebSocket: the browser's, that of `ws`, of mock-socket, or any of their shape. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly extensions: string;
  readonly protocol: string;
  readonly readyState: number;
  readonly url: string;
  send(data: OutFrame): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** A class whose instances have the shape of a WebSocket. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string | string[],
) => WebSocketLike;

/** What the url and protocols functions are told about the attempt that they are called for. */
export interface AttemptContext {
  /** Failures in a row before this attempt; 0 at first. */
  readonly attempt: number;
  /** Why the last link or attempt ended; null at first. */
  readonly cause: Cause | null;
  /** Aborted when the attempt is given up: it took longer than `connectTimeout`, or is no longer wanted. */
  readonly signal: AbortSignal;
}

/** A url, or null or undefined for "not now". Relative and http(s) urls are resolved as the standard says. */
export type Url = string | URL | null | undefined;

/** A fixed value, or a function that gives it, or a promise of it, afresh for every attempt. */
export type PerAttempt<Value> = Value | ((context: AttemptContext) => Value | PromiseLike<Value>);

/** What an attempt is made of. */
export interface AttemptOptions {
  readonly url?: PerAttempt<Url>;
  readonly protocols?: PerAttempt<string | readonly string[] | undefined>;
  readonly WebSocket?: WebSocketConstructor | undefined;
  readonly binaryType: 'arraybuffer' | 'blob';
}

/** Who is told of an attempt, until it is let go. */
export interface AttemptListener {
  /** The url is known and is about to be dialled; null if there is none now. `place` is what is not secret of it. */
  resolved(place: string | null): void;
  /** The attempt succeeded or failed, or its link was lost. */
  event(event: Event): void;
  /** A frame arrived. */
  received(frame: Frame): void;
}

/** One attempt at one socket, and the link that comes of it. */
export interface Attempt {
  /** The socket, once there is one. */
  readonly socket: WebSocketLike | null;
  /** Ends it: nothing more is heard of it, and its socket is closed. */
  letGo(): void;
}

/** Starts an attempt: asks for url and protocols, constructs the socket, listens to it. */
export function startAttempt(
  { url, protocols, WebSocket, binaryType }: AttemptOptions,
  { attempt, cause }: Omit<AttemptContext, 'signal'>,
  on: AttemptListener,
): Attempt {
  const abort = new AbortController();
  const { signal } = abort;
  let socket: WebSocketLike | null = null;

  // Each class of sockets has its own types of events. To an error there is nothing to say: its close follows.
  const handlers: Record<string, (event: never) => void> = {
    open: () => on.event({ type: 'opened' }),
    message: ({ data }: { data: Frame }) => on.received(data),
    close: ({ code, reason, wasClean }: CloseEvent) =>
      on.event({ type: 'lost', cause: { kind: 'close', code, reason, wasClean } }),
  };
  const listen = (method: 'addEventListener' | 'removeEventListener') => {
    for (const type in handlers) socket?.[method](type, hear as () => void);
  };
  // Not every class keeps what it was told about listeners.
  const hear = (event: { type: string }) =>
    signal.aborted || handlers[event.type]?.(event as never);

  // What was thrown may be anything, and a cause is plain data.
  const fail = (error: unknown, message: string, final = true) =>
    on.event({
      type: 'lost',
      cause: {
        kind: 'error',
        name: String(guard(() => Object(error).name) ?? 'Error'),
        message,
      },
      final,
    });

  function connect(to: Url, subprotocols: string | readonly string[] | undefined): void {
    const address = to === null || to === undefined ? null : resolveUrl(String(to));
    const place = address && plain(address);
    on.resolved(place);
    if (signal.aborted || address === null) return;

    const Socket: WebSocketConstructor | undefined = WebSocket ?? globalThis.WebSocket;
    try {
      socket = new Socket(address, subprotocols as string[] | undefined);
      // The first and the last of its listeners: in Node an error that nobody hears ends the process.
      socket.addEventListener('error', () => {});
    } catch (error) {
      return fail(
        error,
        Socket
          ? `${place} is refused: check url and protocols; https needs wss.`
          : 'There is no WebSocket here: pass one.',
      );
    }
    // A Content-Security-Policy blocks without a throw, and no close event follows.
    if (socket.readyState === 3)
      return fail(
        { name: 'SecurityError' },
        `${place} is blocked: see the Content-Security-Policy.`,
      );
    socket.binaryType = binaryType;
    listen('addEventListener');
  }

  const ask = async <Value>(value: PerAttempt<Value>) =>
    typeof value === 'function'
      ? (value as (context: AttemptContext) => Value)({ attempt, cause, signal })
      : value;

  if (typeof url === 'function' || typeof protocols === 'function')
    Promise.all([ask(url), ask(protocols)])
      .then((answers) => signal.aborted || connect(...answers))
      // Of an answer that cannot be made a text, too.
      .catch(
        (error) => signal.aborted || fail(error, 'The url or protocols function failed.', false),
      );
  else connect(url, protocols);

  return {
    get socket() {
      return socket;
    },
    letGo() {
      abort.abort();
      listen('removeEventListener');
      socket?.close(NORMAL_CLOSURE);
    },
  };
}

/** The address as the standard resolves it. What it cannot resolve is left for the constructor to refuse. */
function resolveUrl(url: string): string {
  if (/^wss?:/i.test(url)) return url;
  try {
    const resolved = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
    resolved.protocol = resolved.protocol.replace('http', 'ws');
    return resolved.href;
  } catch {
    return url;
  }
}

/** A url without what may be secret in it: query, fragment, user info. */
const plain = (url: string) => url.replace(/[?#].*/s, '').replace(/^(\w+:)?[\\/]*[^\\/]*@/, '$1//');
