import type { Clock } from '../platform/clock.ts';
import type { Codec } from '../messages/codec.ts';
import type { EventHandler } from '../messages/events.ts';
import type { Frame, OutFrame } from '../link/frame.ts';
import type { Cause } from '../machine/cause.ts';
import type { Signals } from '../platform/signals.ts';
import type { PerAttempt, Url, WebSocketConstructor } from '../link/link.ts';

/** How a connection finds out that its peer is gone. */
export interface HeartbeatOptions {
  /**
   * Time from one probe to the next, in milliseconds. Proxies cut idle connections after 55 s (Heroku), 60 s (nginx,
   * AWS ALB) or 100 s (Cloudflare). @defaultValue 25_000
   */
  readonly interval?: number | undefined;
  /**
   * How long a probe waits for a frame before the peer counts as dead, in milliseconds; at most 3 s where the wake of
   * the machine or the network asked for it. @defaultValue 10_000
   */
  readonly timeout?: number | undefined;
  /**
   * The frame that is sent as it is, not through the codec, or a function that makes it; null to only listen: silence
   * past `interval + timeout` is then death. @defaultValue 'ping'
   */
  readonly ping?: OutFrame | (() => OutFrame) | null | undefined;
  /**
   * The text frame that answers a probe, or a predicate that knows it. A pong is not delivered as a message; nor is
   * another frame for which the predicate returns `'control'`, such as a server's notes about the connection.
   * @defaultValue 'pong'
   */
  readonly pong?: string | ((frame: Frame) => boolean | 'control') | undefined;
}

/** How lost links and failed attempts are tried again. */
export interface ReconnectOptions {
  /** The least delay before an attempt, in milliseconds. @defaultValue 250 */
  readonly minDelay?: number | undefined;
  /**
   * The range of the random delay that is added for the first attempt, in milliseconds; it doubles with each failure.
   * @defaultValue 3_000
   */
  readonly baseDelay?: number | undefined;
  /** The largest range, in milliseconds. @defaultValue 30_000 */
  readonly maxDelay?: number | undefined;
  /** How many times in a row it is tried again before the connection is closed. @defaultValue Infinity */
  readonly maxAttempts?: number | undefined;
  /** How long a link must be open for earlier failures to be forgotten, in milliseconds. @defaultValue 5_000 */
  readonly stableAfter?: number | undefined;
  /**
   * Whether to try again, or after how many milliseconds. `refused`: an earlier one of these failures was 1008, 4401
   * or 4403. @defaultValue the exported `shouldReconnect`
   */
  readonly shouldReconnect?:
    | ((cause: Cause, attempt: number, refused: boolean) => boolean | number)
    | undefined;
}

/** The bounds of what waits while no link is open; while one is, nothing is dropped. */
export interface OutboxOptions {
  /** How many messages may wait. @defaultValue 1_000 */
  readonly maxMessages?: number | undefined;
  /** How much they may weigh in bytes, text as UTF-8. @defaultValue 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** Which messages go when a bound is exceeded. @defaultValue 'drop-oldest' */
  readonly overflow?: 'drop-oldest' | 'drop-newest' | undefined;
}

/** How topics are told apart and subscribed to. The latest options' functions are called. */
export interface TopicOptions<In, Out> {
  /** The topic of a message, if it has one. What it throws becomes an `error` event. */
  of(message: In): string | null | undefined;
  /**
   * Makes the messages that subscribe: to all topics on a new link, later to those that have gained a listener. What it
   * throws is reported.
   */
  subscribe?(topics: string[]): readonly Out[];
  /** Makes the messages that unsubscribe, from topics whose last listener left `linger` ago. What it throws is reported. */
  unsubscribe?(topics: string[]): readonly Out[];
}

/** `In` and `Out` come from the codec alone: nothing is inferred from what goes through this. */
type FromCodec<In, Out> = [In, Out] extends [infer I, infer O] ? TopicOptions<I, O> : never;

/** Everything that can be said about a connection. */
export interface ConnectionOptions<In = Frame, Out = OutFrame> {
  /**
   * Where to connect: a string or URL, null or undefined for "not now", or a function that is called for every
   * attempt, so that each carries a fresh token. Under `connectTimeout`; a rejection is a failed attempt; null means
   * that there is nothing to connect to.
   */
  readonly url?: PerAttempt<Url>;
  /** The subprotocols to offer, or a function as for `url`. */
  readonly protocols?: PerAttempt<string | readonly string[] | undefined>;
  /**
   * Names what the connection's data belongs to (a user, a room). When it changes, nothing of the old scope reaches
   * the new one: the link is replaced and the outbox emptied. @defaultValue the url; of a function, origin and path
   */
  readonly scope?: string | undefined;
  /** `true`, or {@link HeartbeatOptions}: off by default, since a server must know the ping. @defaultValue false */
  readonly heartbeat?: boolean | HeartbeatOptions | undefined;
  /** `false`, or {@link ReconnectOptions}. @defaultValue true */
  readonly reconnect?: boolean | ReconnectOptions | undefined;
  /** `false`, or {@link OutboxOptions}. @defaultValue true */
  readonly outbox?: boolean | OutboxOptions | undefined;
  /** How long an attempt may take, its url included, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** How long the closing handshake of `close()` may take, in milliseconds. @defaultValue 3_000 */
  readonly closeTimeout?: number | undefined;
  /** How long the link is kept after the last holder has gone, in milliseconds. @defaultValue 1_000 */
  readonly linger?: number | undefined;
  /** The form in which binary frames arrive. @defaultValue 'arraybuffer' */
  readonly binaryType?: 'arraybuffer' | 'blob' | undefined;
  /** How messages become frames and back. @defaultValue `raw` */
  readonly codec?: Codec<In, Out> | undefined;
  /** How topics are told apart and subscribed to; see {@link TopicOptions}. @defaultValue no message has a topic */
  readonly topics?: FromCodec<In, Out> | undefined;
  /** The class of the sockets, looked up for every attempt. @defaultValue the global `WebSocket` */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Parts of the clock to use instead of the platform's. Read once. */
  readonly clock?: Partial<Clock> | undefined;
  /** What tells of the network and the page. Read once. @defaultValue the browser's */
  readonly signals?: Signals | undefined;
  /** Where jitter comes from, in [0, 1). @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;

  /** A link is open. What it sends goes ahead of everything that was queued. */
  readonly onOpen?: EventHandler<'open', NoInfer<In>, NoInfer<Out>> | undefined;
  /** A message arrived: every one, in order, at once. */
  readonly onMessage?: EventHandler<'message', NoInfer<In>, NoInfer<Out>> | undefined;
  /** A link was lost or an attempt failed; `final`: no other follows. */
  readonly onClose?: EventHandler<'close', NoInfer<In>, NoInfer<Out>> | undefined;
  /** A frame could not be decoded (`DecodeError`), or `topics.of` threw. */
  readonly onError?: EventHandler<'error', NoInfer<In>, NoInfer<Out>> | undefined;
  /** What was queued has been handed to the socket. */
  readonly onFlush?: EventHandler<'flush', NoInfer<In>, NoInfer<Out>> | undefined;
  /** What was queued, and will not be sent. */
  readonly onDrop?: EventHandler<'drop', NoInfer<In>, NoInfer<Out>> | undefined;
}
