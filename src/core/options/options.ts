import type { Clock } from '../platform/clock.ts';
import type { CodecOption } from '../messages/codec.ts';
import type { OpenHandler } from '../messages/actions.ts';
import type { DeliveryOption } from '../messages/delivery-host.ts';
import type { EventHandler } from '../messages/events.ts';
import type { Handshake } from '../messages/handshake.ts';
import type { Frame, OutFrame } from '../link/frame.ts';
import type { Cause } from '../machine/cause.ts';
import type { Signals } from '../platform/signals.ts';
import type { PerAttempt, Url, WebSocketConstructor } from '../link/link.ts';

/** The options of the heartbeat, by which a connection finds out that its peer is gone. */
export interface HeartbeatOptions {
  /**
   * The time from one probe to the next, in milliseconds. Proxies close idle connections after 55 s (Heroku), 60 s
   * (nginx, AWS ALB) or 100 s (Cloudflare). @defaultValue 25_000
   */
  readonly interval?: number | undefined;
  /**
   * How long a probe waits for a frame, in milliseconds. Then the peer counts as dead and the connection reconnects. A
   * probe that is sent because the computer woke up, or the network or the page changed, waits 3 s, or twice as long as
   * the slowest answer of this link if that is more, but never longer than a scheduled one; before the first answer, and while
   * the link has more time by `maxTimeout`, as long as that. With `Infinity` the heartbeat only keeps the link alive: a ping goes out
   * every `interval`, answered or not, and no peer counts as dead. @defaultValue 10_000
   */
  readonly timeout?: number | undefined;
  /**
   * The longest `timeout`, in milliseconds. A message that takes longer to arrive than a probe waits would never arrive, so
   * each link that the heartbeat ends gives the next link three times as much time, up to this limit. After three answers
   * in a row within `timeout`, `timeout` applies again; if another link ends like this afterwards, twice as many answers
   * are needed. @defaultValue 120_000
   */
  readonly maxTimeout?: number | undefined;
  /**
   * The frame of a probe, or a function that makes it. It is sent as it is, without the codec. With null no probe is
   * sent: the peer counts as dead when no frame has arrived for `interval + timeout`. @defaultValue 'ping'
   */
  readonly ping?: OutFrame | (() => OutFrame) | null | undefined;
  /**
   * The text frame that answers a probe, or a function that returns true for it. A pong is not delivered as a message.
   * The function may return `'control'` for another frame that is not a message, such as a keep-alive of the server.
   * @defaultValue 'pong'
   */
  readonly pong?: string | ((frame: Frame) => boolean | 'control') | undefined;
  /**
   * Answers the server's own pings: returns the frame that answers a frame, or nothing. The answer is sent at once, as it is, also
   * during a handshake, and the frame that it answers is not delivered as a message. @defaultValue none
   */
  readonly reply?: ((frame: Frame) => OutFrame | null | undefined) | undefined;
  /**
   * A frame that `close()` sends before it closes an open link: it tells the server that the client does not come back.
   * `lifeline()` sets it. @defaultValue none
   */
  readonly leave?: OutFrame | undefined;
}

/** The options of the reconnection after a lost link or a failed attempt. */
export interface ReconnectOptions {
  /** The shortest delay before an attempt, in milliseconds. @defaultValue 250 */
  readonly minDelay?: number | undefined;
  /**
   * The range of the random delay that is added to `minDelay` after the first failure, in milliseconds. The range doubles
   * with each further failure. With 0 the delay is constant. @defaultValue 3_000
   */
  readonly baseDelay?: number | undefined;
  /** The largest range of the random delay, in milliseconds. @defaultValue 30_000 */
  readonly maxDelay?: number | undefined;
  /** How many attempts may follow in a row before the connection gives up and is closed. @defaultValue Infinity */
  readonly maxAttempts?: number | undefined;
  /** How long a link must be open before earlier failures no longer count, in milliseconds. @defaultValue 5_000 */
  readonly stableAfter?: number | undefined;
  /**
   * Decides after each failure: true for another attempt, a number for another attempt after that many milliseconds,
   * false to give up. `attempt` is the number of failures in a row. `refused` tells whether an earlier one of them had
   * the close code 1008, 3000, 3003, 4401 or 4403. It is not asked after 3000 or 4401 on a link that was open for
   * `stableAfter`: that is the routine end of a token, and no failure. @defaultValue the exported `shouldReconnect`
   */
  readonly shouldReconnect?:
    | ((cause: Cause, attempt: number, refused: boolean) => boolean | number)
    | undefined;
}

/** The limits of the outbox while no link is open. While a link is open, no message is dropped. */
export interface OutboxOptions {
  /** How many messages may wait. @defaultValue 1_000 */
  readonly maxMessages?: number | undefined;
  /** How many bytes the waiting messages may have together, text as UTF-8. @defaultValue 1_048_576 (1 MiB) */
  readonly maxBytes?: number | undefined;
  /** Which messages are dropped above a limit. @defaultValue 'drop-oldest' */
  readonly overflow?: 'drop-oldest' | 'drop-newest' | undefined;
}

/** The options of topics: which messages belong to a topic, and how to subscribe to it at the server. */
export interface TopicOptions<In, Out> {
  /** Returns the topic of a message, or null if it has none. An error that it throws becomes an `error` event. */
  of(message: In): string | null | undefined;
  /**
   * Returns the messages that subscribe to topics. It is called with all topics that have listeners on a new link, and
   * later with those that get their first listener. An error that it throws is reported like an uncaught error.
   */
  subscribe?(topics: string[]): readonly Out[];
  /**
   * Returns the messages that unsubscribe from topics. It is called `linger` milliseconds after the last listener of a
   * topic is removed. An error that it throws is reported like an uncaught error.
   */
  unsubscribe?(topics: string[]): readonly Out[];
  /**
   * Returns the topic that a message ends, because the server has ended the subscription; null if it ends none. While somebody listens
   * to the topic, it is subscribed to again after the delay of the `reconnect` option, which grows while a topic ends again and again
   * and starts anew after `stableAfter`. With `reconnect: false` it is not. An error that it throws becomes an `error` event.
   */
  ended?(message: In): string | null | undefined;
}

/** How requests and their replies find each other, in a protocol that has an id in both. */
export interface RequestProtocol<In, Out> {
  /**
   * Returns the message that is sent for a request: the given one, with the id in it. Ids count from 1, for the life of the
   * connection. An error that it throws is reported like an uncaught error, and rejects the request.
   */
  tag(message: Out, id: number): Out;
  /**
   * Returns the id of the request that a message replies to, and its error if it refuses the request; null for any other
   * message. A reply reaches no handler, also if nobody waits for it any more. An error that it throws is reported like an
   * uncaught error, and the message is no reply.
   */
  reply(message: In): { readonly id: number | string; readonly error?: unknown } | null | undefined;
}

/** Keeps TypeScript from inferring `In` and `Out` here: only the codec decides them. */
type FromCodec<In, Out> = [In, Out] extends [infer I, infer O] ? TopicOptions<I, O> : never;
type RequestsFromCodec<In, Out> = [In, Out] extends [infer I, infer O]
  ? RequestProtocol<I, O>
  : never;

/**
 * Options that must include a field, `codec` or `connection`, unless messages of these types are what the default codec
 * gives and takes: nothing else can vouch for the types of messages.
 */
export type VouchedBy<Field extends string, Options, In, Out> =
  | (Options & ([Frame, Out] extends [In, OutFrame] ? unknown : Readonly<Record<Field, object>>))
  | ([Frame, Out] extends [In, OutFrame] ? undefined : never);

/** The options of a connection. */
export interface ConnectionOptions<In = Frame, Out = OutFrame> {
  /**
   * The url to connect to. Null and undefined mean "do not connect". A function is called for every attempt, so that
   * each attempt can use a new token; it may return a promise, and has `connectTimeout` to answer. If it throws or rejects,
   * the attempt has failed, and the error is an `error` event. If it returns null, the connection becomes idle.
   */
  readonly url?: PerAttempt<Url>;
  /** The subprotocols to offer to the server, or a function that returns them for every attempt. @defaultValue none */
  readonly protocols?: PerAttempt<string | readonly string[] | undefined>;
  /**
   * The key of the data that the connection carries, such as a user or a room. When it changes, the link is replaced and
   * all messages, received or waiting, are dropped: no data of one user reaches the next.
   * @defaultValue the url; for a url function, the origin and path of the url that it returns
   */
  readonly scope?: string | undefined;
  /** `true`, or {@link HeartbeatOptions}. It is off by default because a server must understand the ping. @defaultValue false */
  readonly heartbeat?: boolean | HeartbeatOptions | undefined;
  /** Whether to reconnect, or {@link ReconnectOptions}. @defaultValue true */
  readonly reconnect?: boolean | ReconnectOptions | undefined;
  /** Whether messages wait while no link is open, or {@link OutboxOptions}. @defaultValue true */
  readonly outbox?: boolean | OutboxOptions | undefined;
  /**
   * A function that prepares every new link before anybody else may use it, such as by a login that the server must answer first.
   * Until its promise resolves, the status is `connecting` or `reconnecting`, and topics, the outbox and the `open` event wait. It
   * has what is left of `connectTimeout`. If it throws or rejects, the attempt has failed, and the error is an `error` event; attempts
   * follow without end, unless the server closes with 4401, or `maxAttempts` or `shouldReconnect` ends them. What arrives meanwhile and is not
   * received by it is delivered after `open`. If it reads who is logged in, the connection needs a `scope`: another function does not
   * replace the link, and what one user left in the outbox would be sent as the next one. @defaultValue none
   */
  readonly handshake?: Handshake<NoInfer<In>, NoInfer<Out>> | undefined;
  /** How long an attempt may take, the url and handshake functions included, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** How long `close()` waits for the server to answer the closing handshake, in milliseconds. @defaultValue 3_000 */
  readonly closeTimeout?: number | undefined;
  /** How long the link stays open after the last holder released it, in milliseconds. @defaultValue 1_000 */
  readonly linger?: number | undefined;
  /** The form in which binary frames arrive. @defaultValue 'arraybuffer' */
  readonly binaryType?: 'arraybuffer' | 'blob' | undefined;
  /**
   * Converts messages to frames and back. A function is called for every link, and makes its codec: one that keeps the rest of a
   * frame for the next one, for example. If it throws, the attempt has failed. Messages that wait are encoded again for the link
   * that takes them. @defaultValue `raw`: messages are frames
   */
  readonly codec?: CodecOption<In, Out> | undefined;
  /** Which messages belong to a topic, and how to subscribe to it; see {@link TopicOptions}. @defaultValue no topics */
  readonly topics?: FromCodec<In, Out> | undefined;
  /** How requests and their replies find each other, for `useRequest()`; see {@link RequestProtocol}. @defaultValue no requests */
  readonly requests?: RequestsFromCodec<In, Out> | undefined;
  /**
   * Keeps messages until the server has confirmed them, and tells of what is missing: `confirmed()` of `react-lifeline/delivery`.
   * Later changes have no effect. @defaultValue a message that a socket took is not followed any further
   */
  readonly delivery?: DeliveryOption<NoInfer<In>, NoInfer<Out>> | undefined;
  /** The class of the sockets, such as that of `ws` or `mock-socket`. @defaultValue the global `WebSocket` at each attempt */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Functions that replace those of the system clock, for tests. Later changes have no effect. @defaultValue the system clock */
  readonly clock?: Partial<Clock> | undefined;
  /** The source of the signals of the network and the page. Later changes have no effect. @defaultValue the page or the worker */
  readonly signals?: Signals | undefined;
  /** Returns a random number from 0 to 1, for the delay before an attempt. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;

  /** Called when a link is open. What it sends, by `send()` of its second argument, goes before the messages in the outbox. */
  readonly onOpen?: OpenHandler<NoInfer<Out>> | undefined;
  /** Called for every message, at once and in order. */
  readonly onMessage?: EventHandler<'message', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called when a link was lost or an attempt failed. `final`: no other attempt follows. */
  readonly onClose?: EventHandler<'close', NoInfer<In>, NoInfer<Out>> | undefined;
  /**
   * Called when a frame could not be decoded (`DecodeError`), or `topics.of` or the url, protocols or handshake function threw
   * an error.
   */
  readonly onError?: EventHandler<'error', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with messages from the outbox that were handed to the socket. */
  readonly onFlush?: EventHandler<'flush', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with messages that were removed from the outbox and will not be sent. */
  readonly onDrop?: EventHandler<'drop', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with messages that the server has handled. Only with the option `delivery`, as all that follow. */
  readonly onConfirm?: EventHandler<'confirm', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with messages that were sent, and of which nobody can tell what became. */
  readonly onUncertain?: EventHandler<'uncertain', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with a message whose handler at the server has failed. */
  readonly onFailed?: EventHandler<'failed', NoInfer<In>, NoInfer<Out>> | undefined;
  /** Called with topics of which messages are missing; `''` is the topic of what `sendTo()` of the server sends to this user. */
  readonly onGap?: EventHandler<'gap', NoInfer<In>, NoInfer<Out>> | undefined;
}
