import type { Cause } from '../machine/cause.ts';
import type { Frame, OutFrame } from './frame.ts';

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

/** What an attempt needs to know. */
export interface AttemptOptions {
  readonly url?: PerAttempt<Url>;
  readonly protocols?: PerAttempt<string | readonly string[] | undefined>;
  readonly WebSocket?: WebSocketConstructor | undefined;
  readonly binaryType: 'arraybuffer' | 'blob';
}

/** Who is told what becomes of an attempt, until it is let go. */
export interface AttemptListener {
  /** The url is known and is about to be dialled. `publicUrl`: the url without its secrets; null if there is no url now. */
  resolved(publicUrl: string | null): void;
  /** The socket opened: the attempt is a link now. */
  opened(): void;
  /** The attempt failed, or its link was lost. `isFinal`: another attempt would fail the same way. */
  lost(cause: Cause, isFinal: boolean): void;
  /** A frame arrived. */
  received(frame: Frame): void;
}

/** One attempt at one socket, and the link that it becomes. */
export interface Attempt {
  /** The socket, once there is one. */
  readonly socket: WebSocketLike | null;
  /** Ends it: its listener hears nothing more, and its socket is closed. */
  discard(): void;
}
