import type { Backoff } from './backoff.ts';
import { isRefusal, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import { GOING_AWAY } from './protocol.ts';
import type { Signal } from './signals.ts';

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
  /** What made us ask the peer for a sign of life that has not come yet. */
  readonly asked: 'schedule' | 'hint' | null;
  /** Round trip of the link's last answered probe. */
  readonly latency: number | null;
}

/** What happens to a connection. */
export type Event =
  /** The application, or a component that holds the connection, wants it open. */
  | { readonly type: 'open' }
  /** The application wants it closed. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** Another link is wanted. `fresh`: for another scope, in which nothing of the past counts. */
  | { readonly type: 'redial'; readonly fresh: boolean }
  /** The last holder has been gone for `linger`. */
  | { readonly type: 'release' }
  /** There is nothing to link to any more. */
  | { readonly type: 'disable' }
  /** The heartbeat was switched on or off. */
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
  /** Start an attempt. */
  | readonly ['dial']
  /** Detach from the present attempt or link and close it, without waiting. */
  | readonly ['letGo']
  /** Start the closing handshake. */
  | readonly ['hangUp', code: number, reason: string]
  /** Send a heartbeat frame. */
  | readonly ['ping']
  /** Tell of the new link, then send what waits for it. */
  | readonly ['greet']
  /** Tell that a link or an attempt ended. `final`: no other follows. */
  | readonly ['ended', cause: Cause, final: boolean]
  /** Empty the outbox: nothing in it will be sent. */
  | readonly ['discard'];

/** What the options say about the life of a connection; times in milliseconds. */
export interface Policy {
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly heartbeat:
    | { readonly interval: number; readonly timeout: number; readonly ping: unknown }
    | false;
  readonly reconnect: Backoff | false;
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
  latency: null,
};
/** The state of a connection that has nothing to link to. */
export const OFF: State = { ...INITIAL, status: 'off' };
const CLOSED: State = { ...INITIAL, status: 'closed', cause: REQUESTED };

const LET_GO: Effect = ['letGo'];
const DISCARD: Effect = ['discard'];

/** Whether there is a link, or is to be one. */
export const isLive = ({ status }: State): boolean =>
  status === 'connecting' || status === 'open' || status === 'waiting';

/**
 * Decides the whole life of a connection. Pure: it reads no clock and calls nothing but the policy. An event that
 * means nothing in a state leaves that very state, with nothing to do.
 */
export function transition(state: State, event: Event, context: Context): Step {
  const { now, policy } = context;
  const { status } = state;
  const live = isLive(state);
  const stay: Step = [state];

  switch (event.type) {
    case 'open':
      return live ? stay : dial(INITIAL, context, ...end(state, false));

    case 'redial':
      if (live) return redial(state, event.fresh, context);
      // What the application closed stays closed; what had to be given up is worth another try.
      return event.fresh || (status === 'closed' && state.cause?.kind !== 'requested')
        ? stop(state, INITIAL)
        : stay;

    case 'close':
      if (status === 'open')
        return [
          { ...INITIAL, status: 'closing', deadline: now + policy.closeTimeout },
          DISCARD,
          ['hangUp', event.code, event.reason],
        ];
      return status === 'off' || status === 'closing' ? stay : stop(state, CLOSED);

    case 'release':
      return live ? stop(state, INITIAL) : stay;

    case 'disable':
      return stop(state, OFF);

    case 'opened':
      return status === 'connecting'
        ? [rest({ ...state, status: 'open', since: now }, context), ['greet']]
        : stay;

    case 'configure':
      return status === 'open' ? [rest(state, context)] : stay;

    case 'lost':
      if (status === 'closing') return stop(state, CLOSED);
      return live && status !== 'waiting' ? fail(state, event.cause, context, event.final) : stay;

    case 'frame':
      return status === 'open' && state.asked ? [rest(state, context)] : stay;

    case 'pong':
      if (status !== 'open') return stay;
      return [{ ...(state.asked ? rest(state, context) : state), latency: event.latency }];

    case 'deadline':
      return now >= state.deadline ? expire(state, event.heard, context) : stay;

    case 'pagehide':
      if (status === 'closing') return stop(state, CLOSED);
      return live ? park(state, context) : stay;

    case 'pageshow':
      return status === 'waiting' && state.deadline === Infinity ? dial(state, context) : stay;

    default:
      return hint(state, event.type, context);
  }
}

/** A new attempt, after what ended before it. */
function dial(past: State, { now, policy }: Context, ...before: Effect[]): Step {
  const deadline = now + policy.connectTimeout;
  return [{ ...past, status: 'connecting', deadline }, ...before, ['dial']];
}

/** A new attempt in place of the present link, attempt or wait, because the application wants one. */
function redial(state: State, fresh: boolean, context: Context): Step {
  const past = fresh ? INITIAL : history(state, context);
  const cause = fresh || state.status !== 'open' ? past.cause : REQUESTED;
  return dial({ ...past, cause }, context, ...end(state, false));
}

/** What ends the present link, attempt or wait. What never was a link is told of only if no other follows. */
function end(state: State, final: boolean): Effect[] {
  const link = state.status === 'open' || state.status === 'closing';
  if (!link && !isLive(state)) return [];
  return link || final ? [LET_GO, ['ended', REQUESTED, final]] : [LET_GO];
}

/** The end that the application wanted. */
function stop(state: State, next: State): Step {
  return [next, ...end(state, true), ...(next === INITIAL ? [] : [DISCARD])];
}

/** What is remembered of the past: a link that was stable makes up for the failures before it. */
function history(
  { status, since, attempt, refused, cause }: State,
  { now, policy: { reconnect } }: Context,
): State {
  const stable = status === 'open' && reconnect && now - since >= reconnect.stableAfter;
  return stable ? INITIAL : { ...INITIAL, attempt, refused, cause };
}

/** A link was lost or an attempt failed: try again now or later, or give up, as the policy says. */
function fail(state: State, cause: Cause, context: Context, final = false): Step {
  const past = history(state, context);
  const attempt = past.attempt + 1;
  const delay = final ? null : retryDelay(context.policy, cause, attempt, past.refused);
  const failed = { ...past, attempt, refused: past.refused || isRefusal(cause), cause };
  const effects: Effect[] = [LET_GO, ['ended', cause, delay === null]];

  if (delay === null) return [{ ...failed, status: 'closed' }, ...effects, DISCARD];
  // At once means without a timer, which a hidden tab would hold up for a minute.
  if (delay === 0) return dial(failed, context, ...effects);
  return [{ ...failed, status: 'waiting', deadline: context.now + delay }, ...effects];
}

/** The page enters the back/forward cache, which no socket survives: wait for its return, however long. */
function park(state: State, context: Context): Step {
  if (state.status === 'waiting') return [{ ...state, deadline: Infinity }];
  const past = history(state, context);
  return [
    { ...past, status: 'waiting', attempt: past.attempt + 1, cause: PAGE_HIDDEN },
    LET_GO,
    ['ended', PAGE_HIDDEN, false],
  ];
}

/** A deadline has passed. */
function expire(state: State, heard: number, context: Context): Step {
  const { now, policy } = context;
  if (state.status === 'closing') return stop(state, CLOSED);
  if (state.status === 'waiting') return dial(state, context);
  if (state.status === 'connecting')
    return fail(state, { kind: 'timeout', phase: 'connect' }, context);

  if (state.asked) {
    const late = now - state.deadline > LATE;
    return late && state.asked === 'schedule'
      ? ask(state, 'hint', context)
      : fail(state, { kind: 'timeout', phase: 'heartbeat' }, context);
  }
  // Who only listens has nothing to ask as long as it hears something.
  const deadline =
    policy.heartbeat && policy.heartbeat.ping === null ? heard + policy.heartbeat.interval : now;
  return deadline > now ? [{ ...state, deadline }] : ask(state, 'schedule', context);
}

/** Gives the peer until a deadline to show that it is alive. */
function ask(
  state: State,
  asked: 'schedule' | 'hint',
  { now, policy: { heartbeat } }: Context,
): Step {
  if (!heartbeat) return [state];
  const { interval, timeout, ping } = heartbeat;
  // Who only listens cannot ask: its second chance is a whole new silence.
  const hinted = ping === null ? interval + timeout : Math.min(timeout, HINTED_TIMEOUT);
  const next: State = { ...state, asked, deadline: now + (asked === 'hint' ? hinted : timeout) };
  return ping === null ? [next] : [next, ['ping']];
}

/** Nothing to worry about until the next probe. */
function rest(state: State, { now, policy: { heartbeat } }: Context): State {
  return { ...state, asked: null, deadline: heartbeat ? now + heartbeat.interval : Infinity };
}

/** Something has changed around us. It proves nothing: an open link is asked, the next attempt comes nearer. */
function hint(state: State, type: Event['type'], context: Context): Step {
  const { now, policy } = context;
  if (
    state.status === 'open' &&
    policy.heartbeat &&
    policy.heartbeat.ping !== null &&
    state.asked !== 'hint'
  )
    return ask(state, 'hint', context);
  // Parked with the page, only its return ends the wait.
  if (state.status === 'waiting' && state.deadline < Infinity && type !== 'offline')
    return [{ ...state, deadline: Math.min(state.deadline, now + policy.random() * HURRY) }];
  return [state];
}
