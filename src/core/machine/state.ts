import type { Signal } from '../platform/signals.ts';
import type { ReconnectPolicy } from './backoff.ts';
import type { Cause } from './cause.ts';

/** The state of a connection. It is plain data. Times are in milliseconds on the monotonic clock. */
export interface State {
  /**
   * - `idle`: there is no link, and no attempt is planned
   * - `connecting`: an attempt is in progress, and its socket is not open yet
   * - `handshaking`: the socket is open, and the application's `handshake` function runs; nobody else may use the link
   * - `open`: a link is open
   * - `waiting`: the next attempt starts at `deadline`
   * - `closing`: the application has closed the link; the server has not answered yet
   * - `closed`: the application closed the connection, or the policy gave up
   */
  readonly status:
    | 'idle'
    | 'connecting'
    | 'handshaking'
    | 'open'
    | 'waiting'
    | 'closing'
    | 'closed';
  /** When the current status began, or the attempt, of which a handshake is a part; 0 if it is `idle` or `closed`. */
  readonly since: number;
  /** When this state ends by itself; `Infinity` if it does not. */
  readonly deadline: number;

  /**
   * The key of the data of the connection: null without a url, which only an idle connection is; undefined until the
   * url function has returned a url.
   */
  readonly scope: string | null | undefined;
  /** Whether the connection has a holder: a `retain()` that is not released yet. */
  readonly isHeld: boolean;
  /** Whether the application opened the connection while it had no holder: it then stays open until `close()`. */
  readonly isOpened: boolean;

  /** The number of failures in a row since the last stable link. */
  readonly attempt: number;
  /** Whether one of these failures was a refusal (close code 1008, 3000, 3003, 4401 or 4403). The next one is final. */
  readonly wasRefused: boolean;
  /** Why the last link or attempt ended. */
  readonly cause: Cause | null;

  /**
   * How often the heartbeat found a link dead. Each time, the next link gets three times as long to answer a probe: a
   * message that takes longer to arrive than the link waits would otherwise never arrive.
   */
  readonly patience: number;
  /** How many probes in a row were answered within the plain `timeout`. After three of them, `patience` is 0 again. */
  readonly quickAnswers: number;
  /**
   * How often the heartbeat found a link dead that had the plain `timeout`. From the second time on, twice as many quick
   * answers are needed each time: a large message that starts late would otherwise meet the plain `timeout` on every link.
   */
  readonly hastyDeaths: number;

  /** Whether the attempt or the probe got more time, because the page was blocked when its deadline passed. */
  readonly isExtended: boolean;

  // The rest counts only while a link is open; in all other states it has the values of INITIAL.

  /** Why a probe was sent whose answer has not come yet; null if no answer is expected. */
  readonly probe: ProbeReason | null;
  /** When the last probe was sent; null before the first one of this link. */
  readonly probedAt: number | null;
  /** When the oldest ping without a pong was sent; null if every ping was answered. */
  readonly pingedAt: number | null;
  /** The round trip time of the last answered ping of this link; null before the first answer. */
  readonly latency: number | null;
  /** The longest round trip time of this link; 0 before the first answer. */
  readonly slowestAnswer: number;
}

/**
 * Why a probe was sent. `scheduled`: the interval has passed. `hint`: a signal, a wake, or a late timer may mean that the
 * link is dead.
 */
export type ProbeReason = 'scheduled' | 'hint';

/** An event of a connection: an input of the machine. */
export type Event =
  /** A holder was added. */
  | { readonly type: 'retain' }
  /** The last holder was removed. */
  | { readonly type: 'release' }
  /** The connection has had no holder for `linger` milliseconds. */
  | { readonly type: 'lingered' }
  /**
   * The application called `open()` or `reconnect()`. `needsHolder`: only holders keep this connection open, because a component
   * made it for itself.
   */
  | { readonly type: 'open' | 'reconnect'; readonly needsHolder?: boolean }
  /** The application called `close()`. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** The options have another url or protocol list, in the same scope. */
  | { readonly type: 'target' }
  /** The options have another scope: failures and data of the old one no longer count. */
  | { readonly type: 'newScope' }
  /** A time or a limit in the options has changed. */
  | { readonly type: 'configure' }
  /** The url of the attempt is known. `scope`: the key of its data; null if there is no url. */
  | { readonly type: 'resolved'; readonly scope: string | null }
  /** The socket of the current attempt has opened. */
  | { readonly type: 'opened' }
  /** The `handshake` function of the application has succeeded. */
  | { readonly type: 'ready' }
  /** The attempt failed, or its link was lost. `isFinal`: another attempt would fail the same way. */
  | { readonly type: 'lost'; readonly cause: Cause; readonly isFinal?: boolean | undefined }
  /** A sign of life came while a probe waited for it. */
  | { readonly type: 'frame' }
  /** A pong came. */
  | { readonly type: 'pong' }
  /** The function that makes the ping threw, so no pong will come. */
  | { readonly type: 'pingFailed' }
  /** The deadline has passed. */
  | { readonly type: 'deadline' }
  /** The computer has slept. */
  | { readonly type: 'wake' }
  /** A signal of the network or the page. */
  | { readonly type: Signal };

/** An effect: an output of the machine. The driver performs effects in order, then publishes the new state. */
export type Effect =
  /** Discard the current attempt or link, if there is one, and start an attempt. */
  | readonly ['connect']
  /** Start the closing handshake of the link. */
  | readonly ['close', code: number, reason: string]
  /** Send a ping. */
  | readonly ['ping']
  /** Call the `handshake` function of the application. */
  | readonly ['handshake']
  /** Emit `open`, subscribe to topics, then send the outbox. */
  | readonly ['announceOpen']
  /** Discard the current attempt or link, and emit `close`. `isFinal`: no other attempt follows. */
  | readonly ['end', cause: Cause, isFinal: boolean]
  /** Forget the received messages. If `dropsOutbox`, also empty the outbox, with the reason `scope`. */
  | readonly ['enterScope', dropsOutbox: boolean]
  /** Empty the outbox, with the reason `closed`. */
  | readonly ['dropOutbox'];

/** The options that the machine reads. Times are in milliseconds. */
export interface Policy {
  /** The scope that the options give; null if there is no url, undefined if a url function must be called first. */
  readonly scope: State['scope'];
  /** How long an attempt may take, the handshake included. */
  readonly connectTimeout: number;
  /** Whether a new link needs a handshake before it is open: undefined if it needs none. */
  readonly handshake?: unknown;
  /** Likewise: with it, a new link begins a session. */
  readonly delivery?: unknown;
  /** How long the closing handshake may take. */
  readonly closeTimeout: number;
  /** If `ping` is null, no probe is sent: only the time since the last frame counts. */
  readonly heartbeat: {
    readonly interval: number;
    readonly timeout: number;
    readonly maxTimeout: number;
    readonly ping: unknown;
  };
  /** The delays and limits of the reconnection. */
  readonly reconnect: ReconnectPolicy;
  /** Returns a random number from 0 to 1, used for the delay before an attempt. */
  readonly random: () => number;
}

/** What a transition reads besides the state and the event. */
export interface Context {
  /** The current monotonic time, in milliseconds. */
  readonly now: number;
  /** When the last sign of life came; NaN before the first one. */
  readonly lastHeardAt: number;
  /** How many bytes wait in the send buffer of the socket. */
  readonly buffered: number;
  /** Whether the page is rendered before the user has asked for it: browsers let no socket open there. */
  readonly isPrerendering: boolean;
  /** The options of the application. */
  readonly policy: Policy;
}

/** The next state, and the effects to perform. */
export type Step = readonly [State, ...Effect[]];

/** Whether there is a link, or an attempt is in progress or planned. */
export const isLive = ({ status }: State): boolean =>
  ['connecting', 'handshaking', 'open', 'waiting'].includes(status);

/** Whether the messages in the outbox may still be sent later. */
export const keepsOutbox = (state: State): boolean =>
  isLive(state) || (state.status === 'idle' && state.scope !== null);

/** Whether the connection should be open: it has a holder, or the application opened it. */
export const isWanted = ({ isHeld, isOpened }: State): boolean => isHeld || isOpened;

/** Whether the page is in the back/forward cache: only `pageshow` ends the wait. */
export const isWaitingForPageShow = ({ status, deadline }: State): boolean =>
  status === 'waiting' && deadline === Infinity;
