import type { Cause } from '../machine/cause.ts';
import type { Frame, OutFrame } from './frame.ts';

/**
 * The part of the WebSocket standard that the library uses. The WebSocket of a browser, of Node, of `ws` and of
 * `mock-socket` all match it.
 */
export interface WebSocketLike {
  /** The form in which binary frames arrive: `'arraybuffer'` or `'blob'`. */
  binaryType: string;
  /** How many bytes were given to `send()` and have not left yet. */
  readonly bufferedAmount: number;
  /** The extensions that the server chose, or an empty text. */
  readonly extensions: string;
  /** The subprotocol that the server chose, or an empty text. */
  readonly protocol: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** The url of the socket. */
  readonly url: string;
  /** Sends a frame. */
  send(data: OutFrame): void;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): void;
  /** Adds a listener for an event of the socket. */
  addEventListener(type: string, listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: string, listener: () => void): void;
}

/** A class of sockets, such as the global `WebSocket`. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string | string[],
) => WebSocketLike;

/** The argument of the url, protocols and handshake functions: the attempt that they are called for. */
export interface AttemptContext {
  /** The number of failures in a row before this attempt; 0 for the first attempt. */
  readonly attempt: number;
  /** Why the last link or attempt ended; null for the first attempt. */
  readonly cause: Cause | null;
  /**
   * Aborted when the attempt or its link ends: after `connectTimeout`, because the link is lost, or because it is no longer
   * needed.
   */
  readonly signal: AbortSignal;
}

/**
 * A url; null and undefined mean "do not connect". Relative urls and http(s) urls are resolved to ws(s) urls as the
 * WebSocket standard says, also in browsers that do not do it.
 */
export type Url = string | URL | null | undefined;

/** A fixed value, or a function that is called for every attempt and returns the value or a promise of it. */
export type PerAttempt<Value> = Value | ((context: AttemptContext) => Value | PromiseLike<Value>);

/** The options that an attempt uses; see `ConnectionOptions`. */
export interface AttemptOptions {
  readonly url?: PerAttempt<Url>;
  readonly protocols?: PerAttempt<string | readonly string[] | undefined>;
  readonly WebSocket?: WebSocketConstructor | undefined;
  readonly binaryType: 'arraybuffer' | 'blob';
  readonly closeTimeout: number;
}

/** The listener of an attempt. It is not called any more after `discard()`. */
export interface AttemptListener {
  /** The url is known, and the socket is made next. `publicUrl`: the url without secrets; null if there is no url. */
  resolved(publicUrl: string | null): void;
  /** A function of the application failed with this error; `lost` follows. */
  threw(error: Error): void;
  /** The socket opened. */
  opened(): void;
  /** The attempt failed, or its link was lost. `isFinal`: another attempt would fail the same way. */
  lost(cause: Cause, isFinal?: boolean): void;
  /** A frame arrived. */
  received(frame: Frame): void;
}

/** One attempt to open one socket, and the link that it becomes. */
export interface Attempt {
  /** The socket; null until it is made. */
  readonly socket: WebSocketLike | null;
  /** What the functions of the application get. */
  readonly context: AttemptContext;
  /**
   * Ends the attempt, unless it has ended, because a function of the application has failed.
   *
   * @param name - The name of the function, for the message of the cause.
   * @param error - What it has thrown.
   */
  fail(name: string, error: unknown): void;
  /**
   * Stops listening to the socket and closes it, without waiting for its `close` event.
   *
   * @param isDead - Whether the peer has not answered in time.
   */
  discard(isDead?: boolean): void;
}
