import type { Signal } from '../platform/signals.ts';
import type { ReconnectPolicy } from './backoff.ts';
import type { Cause } from './cause.ts';

/** The state of a connection. Plain data. Times are milliseconds on the monotonic clock. */
export interface State {
  /**
   * - `idle`: no link, and none is wanted
   * - `connecting`: an attempt is under way
   * - `open`: a link is open
   * - `waiting`: the next attempt starts at `deadline`
   * - `closing`: the application has closed the link; the server has not answered yet
   * - `closed`: the application closed the connection, or the policy gave up
   */
  readonly status: 'idle' | 'connecting' | 'open' | 'waiting' | 'closing' | 'closed';
  /** The one moment at which this state ends by itself; `Infinity` for never. */
  readonly deadline: number;

  /** What the data belongs to: null without a url, undefined until the url function has answered. */
  readonly scope: string | null | undefined;
  /** Whether somebody holds the connection: a `retain()` that has not been released. */
  readonly isHeld: boolean;
  /** Whether the application opened it while nobody held it: it then stays open until `close()`. */
  readonly isOpened: boolean;

  /** Failures in a row since the last stable link. */
  readonly attempt: number;
  /** Whether one of these failures was a refusal (1008, 4401, 4403): the next refusal is final. */
  readonly wasRefused: boolean;
  /** Why the last link or attempt ended. */
  readonly cause: Cause | null;

  /** When the link opened. */
  readonly openedAt: number;
  /** Why the peer was asked for a sign of life that has not come yet; null if none is awaited. */
  readonly probe: ProbeReason | null;
  /** When the next probe is due, whatever arrives meanwhile. */
  readonly nextProbeAt: number;
  /** When the oldest ping that has no pong yet was sent; null if there is none. */
  readonly pingedAt: number | null;
  /** Round trip of the link's last answered ping, in milliseconds. */
  readonly latency: number | null;
}

/** `scheduled`: the interval was over. `hint`: something around us changed. `repeated`: the deadline was noticed late. */
export type ProbeReason = 'scheduled' | 'hint' | 'repeated';

/** What happens to a connection. */
export type Event =
  /** Somebody has come to hold the connection. */
  | { readonly type: 'retain' }
  /** The last of those who hold the connection has gone. */
  | { readonly type: 'release' }
  /** Nobody has held the connection for `linger`. */
  | { readonly type: 'lingered' }
  /** The application wants it open. */
  | { readonly type: 'open' }
  /** The application wants a new link now. */
  | { readonly type: 'reconnect' }
  /** The application wants it closed. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** The options name another url or protocol list, in the same scope. */
  | { readonly type: 'target' }
  /** The options name another scope: nothing of the past counts in it. */
  | { readonly type: 'newScope' }
  /** The heartbeat was switched on or off, or its times have changed. */
  | { readonly type: 'configure' }
  /** The url function has answered: what the data of this attempt belongs to; null for no url. */
  | { readonly type: 'resolved'; readonly scope: string | null }
  /** The socket of the attempt opened. */
  | { readonly type: 'opened' }
  /** The attempt failed, or its link was lost. `isFinal`: another attempt would fail the same way. */
  | { readonly type: 'lost'; readonly cause: Cause; readonly isFinal?: boolean }
  /** A frame came while a sign of life was awaited. */
  | { readonly type: 'frame' }
  /** The answer to a ping came. */
  | { readonly type: 'pong' }
  /** The ping could not be made, so that no answer will come. */
  | { readonly type: 'pingFailed' }
  /** The deadline has passed. */
  | { readonly type: 'deadline' }
  /** The computer has slept. */
  | { readonly type: 'wake' }
  | { readonly type: Signal };

/** What the driver is to do, in this order, before it publishes the new state. */
export type Effect =
  /** Let go of the present attempt or link, if there is one, and start an attempt. */
  | readonly ['connect']
  /** Start the closing handshake. */
  | readonly ['close', code: number, reason: string]
  /** Send a ping. */
  | readonly ['ping']
  /** Raise `open`, subscribe to topics, then send what waits. */
  | readonly ['announceOpen']
  /** Let go of the present attempt or link without waiting, and observeAndDispatch `close`. `isFinal`: no other follows. */
  | readonly ['end', cause: Cause, isFinal: boolean]
  /** Forget what was received; if `dropsOutbox`, also drop what waits to be sent, with the reason `scope`. */
  | readonly ['enterScope', dropsOutbox: boolean]
  /** Drop what waits to be sent, with the reason `closed`. */
  | readonly ['dropOutbox'];

/** What the options say about the life of a connection; times in milliseconds. */
export interface Policy {
  /** As {@link State.scope}, by the options alone: null where there is nothing to connect to. */
  readonly scope: State['scope'];
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  /** Without `ping` nothing is sent: only the time since the last frame counts. */
  readonly heartbeat: {
    readonly interval: number;
    readonly timeout: number;
    readonly ping: unknown;
  };
  readonly reconnect: ReconnectPolicy;
  /** Where jitter comes from, in [0, 1). */
  readonly random: () => number;
}

/** What a transition may look at besides the state and the event. */
export interface Context {
  /** The monotonic time, in milliseconds. */
  readonly now: number;
  /** When the last sign of life came; NaN before the first. */
  readonly lastHeardAt: number;
  readonly policy: Policy;
}

/** The next state, and the effects to perform. */
export type Step = readonly [State, ...Effect[]];

/** The state of a connection that nobody has asked for yet. */
export const INITIAL: State = {
  status: 'idle',
  deadline: Infinity,
  scope: null,
  isHeld: false,
  isOpened: false,
  attempt: 0,
  wasRefused: false,
  cause: null,
  openedAt: 0,
  probe: null,
  nextProbeAt: 0,
  pingedAt: null,
  latency: null,
};

/** Whether there is a link, or an attempt at one is under way or planned. */
export const isLive = ({ status }: State): boolean =>
  status === 'connecting' || status === 'open' || status === 'waiting';

/** Whether a message that waits may still be sent one day. */
export const keepsOutbox = (state: State): boolean =>
  isLive(state) || (state.status === 'idle' && state.scope !== null);

/** Whether the connection should be open: somebody holds it, or the application opened it. */
export const isWanted = ({ isHeld, isOpened }: State): boolean => isHeld || isOpened;
