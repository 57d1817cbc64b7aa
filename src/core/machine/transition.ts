import type { Backoff } from './backoff.ts';
import { isRefusal, jitter, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import { GOING_AWAY } from '../protocol/close-codes.ts';
import type { Signal } from '../platform/signals.ts';

/** The state of a connection. Times are milliseconds on the monotonic clock. */
export interface State {
  /** `idle`: nobody wants a link; `off`: there is nothing to link to; the others say what is going on. */
  readonly status: 'idle' | 'off' | 'connecting' | 'open' | 'waiting' | 'closing' | 'closed';
  /** The one moment at which this state is left by itself; `Infinity` for never. */
  readonly deadline: number;
  /** Failures in a row since the last stable link. */
  readonly attempt: number;
  /** Whether one of them was the server's refusal, so that the next one is the last. */
  readonly refused: boolean;
  /** Why the last link or attempt ended. */
  readonly cause: Cause | null;
  /** When the link opened. */
  readonly since: number;
  /** What made us ask the peer for a sign of life that has not come yet; `again`: we had noticed the deadline late. */
  readonly asked: 'schedule' | 'hint' | 'again' | null;
  /** When the next probe is due, whatever answers come meanwhile. */
  readonly nextProbe: number;
  /** Round trip of the link's last answered probe. */
  readonly latency: number | null;
}

/** What happens to a connection. */
export type Event =
  /** The application, or a component that holds the connection, wants it open. */
  | { readonly type: 'open' }
  /** The application wants it open by another link than this. */
  | { readonly type: 'reconnect' }
  /** The application wants it closed. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** Another address is to be linked to. `fresh`: for another scope, in which nothing of the past counts. */
  | { readonly type: 'redial'; readonly fresh: boolean }
  /** The last holder has been gone for `linger`. */
  | { readonly type: 'release' }
  /** There is nothing to link to any more. */
  | { readonly type: 'disable' }
  /** The address of the attempt turned out to be of another scope, in which nothing of the past counts. */
  | { readonly type: 'elsewhere' }
  /** The heartbeat was switched on or off, or its times have changed. */
  | { readonly type: 'configure' }
  /** The attempt's socket opened. */
  | { readonly type: 'opened' }
  /** The attempt failed, or its link was lost. `final`: it would only fail again. */
  | { readonly type: 'lost'; readonly cause: Cause; readonly final?: boolean }
  /** A frame came while one was asked for. */
  | { readonly type: 'frame' }
  /** The answer to a probe came. */
  | { readonly type: 'pong'; readonly latency: number }
  /** The deadline has passed. `heard`: when the last frame came. */
  | { readonly type: 'deadline'; readonly heard: number }
  /** The machine has slept. */
  | { readonly type: 'wake' }
  | { readonly type: Signal };

/** What the driver is to do, in this order, before it publishes the new state. */
export type Effect =
  /** Let go of the present attempt or link, if there is one, and start an attempt. */
  | readonly ['dial']
  /** Start the closing handshake. */
  | readonly ['hangUp', code: number, reason: string]
  /** Send a heartbeat frame. */
  | readonly ['ping']
  /** Tell of the new link, then send what waits for it. */
  | readonly ['greet']
  /** Let go of the present attempt or link, without waiting, and tell that it ended. `final`: no other follows. */
  | readonly ['ended', cause: Cause, final: boolean];

/** What the options say about the life of a connection; times in milliseconds. */
export interface Policy {
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  /** Without `ping`, it only listens. */
  readonly heartbeat: {
    readonly interval: number;
    readonly timeout: number;
    readonly ping: unknown;
  };
  readonly reconnect: Backoff;
  /** Where jitter comes from, in [0, 1). */
  readonly random: () => number;
}

/** What a transition may look at besides the state and the event. */
export interface Context {
  /** The monotonic time, in milliseconds. */
  readonly now: number;
  readonly policy: Policy;
}

/** The state that follows, and what is to be done on the way. */
export type Step = [State, ...Effect[]];

/** How long the answer to a probe may take that a hint (wake, online, visible …) asked for. */
const HINTED_TIMEOUT = 3_000;

/** The longest wait once a hint says that the next attempt may succeed. */
const HURRY = 1_000;

/** A deadline noticed later than this was held up with the whole page, and with it the frames that would meet it. */
const LATE = 500;

const REQUESTED: Cause = { kind: 'requested' };
const PAGE_HIDDEN: Cause = { kind: 'close', code: GOING_AWAY, reason: '', wasClean: false };

/** The state of a connection that nobody has asked for yet. */
export const INITIAL: State = {
  status: 'idle',
  deadline: Infinity,
  attempt: 0,
  refused: false,
  cause: null,
  since: 0,
  asked: null,
  nextProbe: 0,
  latency: null,
};
/** The state of a connection that has nothing to link to. */
export const OFF: State = { ...INITIAL, status: 'off' };
const CLOSED: State = { ...INITIAL, status: 'closed', cause: REQUESTED };

/** Whether there is a link, or is to be one. */
export const isLive = ({ status }: State): boolean =>
  status === 'connecting' || status === 'open' || status === 'waiting';

/**
 * Decides the whole life of a connection. Pure: it reads no clock and calls nothing but the policy. An event that
 * means nothing in a state leaves that very state, with nothing to do.
 */
export function transition(state: State, event: Event, { now, policy }: Context): Step {
  const { status, asked, attempt, refused, cause } = state;
  const { interval, timeout, ping } = policy.heartbeat;
  const live = isLive(state);
  const isOpen = status === 'open';
  const isClosing = status === 'closing';
  const stay: Step = [state];
  // A link that was stable makes up for the failures before it.
  const isStable = isOpen && now - state.since >= policy.reconnect.stableAfter;
  const past: State = isStable ? INITIAL : { ...INITIAL, attempt, refused, cause };

  switch (event.type) {
    case 'open':
      return live ? stay : redial(true);

    case 'reconnect':
      return redial(!live);

    case 'redial':
      if (live) return redial(event.fresh);
      // What the application closed stays closed; what had to be given up is worth another try.
      return event.fresh || !(isClosing || cause?.kind === 'requested') ? stop(INITIAL) : stay;

    case 'close':
      if (isOpen)
        return [
          { ...INITIAL, status: 'closing', deadline: now + policy.closeTimeout },
          ['hangUp', event.code, event.reason],
        ];
      return status === 'off' || isClosing ? stay : stop(CLOSED);

    case 'release':
      return live ? stop(INITIAL) : stay;

    case 'disable':
      return stop(OFF);

    case 'opened':
      return status === 'connecting'
        ? [schedule({ ...state, status: 'open', since: now }), ['greet']]
        : stay;

    case 'configure':
      return isOpen ? [schedule(state)] : stay;

    case 'elsewhere':
      return status === 'connecting' ? [{ ...INITIAL, status, deadline: state.deadline }] : stay;

    case 'frame':
      return asked ? [rest(state)] : stay;

    case 'pong':
      return isOpen ? [{ ...rest(state), latency: event.latency }] : stay;

    case 'lost':
      if (isClosing) return stop(CLOSED);
      return isOpen || status === 'connecting'
        ? fail(event.cause, event.final ? null : undefined)
        : stay;

    case 'deadline':
      if (now < state.deadline) return stay;
      if (isClosing) return stop(CLOSED);
      if (status === 'waiting') return dial(state);
      if (!isOpen) return fail({ kind: 'timeout', phase: 'connect' });
      if (asked)
        return asked !== 'again' && now - state.deadline > LATE
          ? ask('again')
          : fail({ kind: 'timeout', phase: 'heartbeat' });
      // Who only listens has nothing to ask as long as it hears something.
      return ping === null && event.heard + interval > now
        ? [{ ...state, deadline: event.heard + interval }]
        : ask('schedule');

    case 'pagehide':
      // No socket survives in the back/forward cache: wait for the page's return, however long.
      if (status === 'waiting') return [{ ...state, deadline: Infinity }];
      return live ? fail(PAGE_HIDDEN, Infinity) : stay;

    case 'pageshow':
      return status === 'waiting' && state.deadline === Infinity ? dial(state) : stay;

    default:
      // Something has changed around us. It proves nothing: an open link is asked, the next attempt comes nearer.
      // Who only listens cannot ask, but must not take the time asleep for silence.
      if (
        isOpen &&
        (event.type === 'wake' || (ping !== null && (asked === null || asked === 'schedule')))
      )
        return ask('hint');
      // Parked with the page, only its return ends the wait.
      return status === 'waiting' && state.deadline < Infinity && event.type !== 'offline'
        ? [
            {
              ...state,
              deadline: Math.min(state.deadline, now + jitter(policy.random, HURRY)),
            },
          ]
        : stay;
  }

  /** A new attempt, after what ended before it. */
  function dial(from: State, ...before: Effect[]): Step {
    const deadline = now + policy.connectTimeout;
    return [{ ...from, status: 'connecting', deadline }, ...before, ['dial']];
  }

  /** A new attempt in place of what there is, because the application wants one. */
  function redial(fresh: boolean): Step {
    const from = isOpen ? { ...past, cause: REQUESTED } : past;
    return dial(fresh ? INITIAL : from, ...end(false));
  }

  /** What there is ends as wanted. What never was a link is told of only if no other follows. */
  function end(final: boolean): Effect[] {
    return isOpen || isClosing || (live && final) ? [['ended', REQUESTED, final]] : [];
  }

  /** The end that the application wanted. */
  function stop(next: State): Step {
    return [next, ...end(true)];
  }

  /** A link was lost or an attempt failed: try again after a delay, or give up (null), as the policy says. */
  function fail(
    why: Cause,
    delay: number | null = retryDelay(policy, why, past.attempt + 1, past.refused),
  ): Step {
    const failed = {
      ...past,
      attempt: past.attempt + 1,
      refused: past.refused || isRefusal(why),
      cause: why,
    };
    const ended: Effect = ['ended', why, delay === null];

    if (delay === null) return [{ ...failed, status: 'closed' }, ended];
    // After a link, at once means without a timer, which a hidden tab would hold up for a minute.
    if (isOpen && delay === 0) return dial(failed, ended);
    return [{ ...failed, status: 'waiting', deadline: now + delay }, ended];
  }

  /** Gives the peer until a deadline to show that it is alive. */
  function ask(why: NonNullable<State['asked']>): Step {
    // Who only listens cannot ask: its second chance is a whole new silence.
    const second = ping === null ? interval + timeout : Math.min(timeout, HINTED_TIMEOUT);
    const next = {
      ...state,
      asked: why,
      nextProbe: now + interval,
      deadline: now + (why === 'schedule' ? timeout : second),
    };
    return ping === null ? [next] : [next, ['ping']];
  }

  /** Nothing to worry about until the next probe. */
  function rest(from: State): State {
    return { ...from, asked: null, deadline: Math.max(now, from.nextProbe) };
  }

  /** A schedule that begins now. */
  function schedule(from: State): State {
    return rest({ ...from, nextProbe: now + interval });
  }
}
