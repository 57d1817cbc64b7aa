import type { Backoff } from './backoff.ts';
import { isRefusal, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import { GOING_AWAY } from './protocol.ts';
import type { Signal } from './signals.ts';

/** What is remembered from one link to the next: how often it failed in a row, and why the last time. */
interface History {
  /** Failures in a row since the last stable link. */
  readonly attempt: number;
  /** Those of them in which the server refused us (1008, 4401, 4403). */
  readonly refusals: number;
  readonly cause: Cause | null;
}

/** A ping in flight. */
interface Probe {
  readonly at: number;
  /** Sent because of a hint instead of the schedule, and judged without a second chance. */
  readonly hinted: boolean;
  /** A frame has come since: the peer is alive, even if its pong is late or lost. */
  readonly answered: boolean;
}

/**
 * The state of a connection. Times are milliseconds on the monotonic clock. A state has at most one `deadline`: the
 * moment at which it leaves by itself, `Infinity` for never.
 */
export type State =
  /** Nobody wants a link, or, `off`, there is nothing to link to (no url, or not enabled). */
  | { readonly status: 'idle'; readonly off: boolean }
  | (History & {
      readonly status: 'connecting';
      readonly deadline: number;
    })
  | (History & {
      readonly status: 'open';
      readonly since: number;
      readonly probe: Probe | null;
      readonly latency: number | null;
      readonly deadline: number;
    })
  | (History & { readonly status: 'waiting'; readonly deadline: number })
  | { readonly status: 'closing'; readonly deadline: number }
  | { readonly status: 'closed'; readonly cause: Cause };

/** What happens to a connection. */
export type Event =
  /** The application, or a component that retains the connection, wants it open. */
  | { readonly type: 'open' }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  | { readonly type: 'reconnect' }
  /** The url or the protocols changed, from none perhaps. `fresh`: so did the scope, and nothing of the past counts. */
  | { readonly type: 'replace'; readonly fresh: boolean }
  /** The last holder has been gone for `linger`. */
  | { readonly type: 'release' }
  /** There is nothing to link to any more. */
  | { readonly type: 'disable' }
  /** The options of the heartbeat may have changed. */
  | { readonly type: 'configure' }
  /** The attempt's socket opened. */
  | { readonly type: 'opened' }
  /** The attempt failed, or its link was lost. */
  | { readonly type: 'lost'; readonly cause: Cause }
  /** The attempt failed in a way that would only repeat. */
  | { readonly type: 'refused'; readonly cause: Cause }
  /** A frame came while a probe waits for its answer. */
  | { readonly type: 'frame' }
  /** The answer to a probe came. */
  | { readonly type: 'pong' }
  /** The state's deadline has passed. `heard`: when the last frame came. */
  | { readonly type: 'deadline'; readonly heard: number }
  /** The machine has slept. */
  | { readonly type: 'wake' }
  | { readonly type: Signal };

/** What the driver is to do, in this order, before it publishes the new state. */
export type Effect =
  /** Start an attempt. */
  | { readonly type: 'dial'; readonly attempt: number; readonly cause: Cause | null }
  /** Detach from the present attempt or link and close it, without waiting. */
  | { readonly type: 'let-go' }
  /** Start the closing handshake. */
  | { readonly type: 'hang-up'; readonly code: number; readonly reason: string }
  /** Send a heartbeat frame. */
  | { readonly type: 'ping' }
  /** Tell of the new link, then send what waits for it. */
  | { readonly type: 'greet' }
  /** Tell that a link or an attempt ended. `final`: no other follows. */
  | { readonly type: 'ended'; readonly cause: Cause; readonly final: boolean }
  /** Empty the outbox: nothing in it will be sent. */
  | { readonly type: 'discard' };

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

/** How long the answer to a probe may take that a hint (wake, online, visible …) asked for. */
const HINTED_TIMEOUT = 3_000;

/** The longest wait once a hint says that the next attempt may succeed. */
const HURRY = 1_000;

/** A deadline noticed later than this was held up with the whole page, and with it the frames that would meet it. */
const LATE = 500;

const NO_HISTORY: History = { attempt: 0, refusals: 0, cause: null };
const REQUESTED: Cause = { kind: 'requested' };
const PAGE_HIDDEN: Cause = { kind: 'close', code: GOING_AWAY, reason: '', wasClean: false };

/** The state of a connection that nobody has asked for yet. */
export const INITIAL: State = { status: 'idle', off: false };
/** The state of a connection that has nothing to link to. */
export const OFF: State = { status: 'idle', off: true };
const CLOSED: State = { status: 'closed', cause: REQUESTED };

const LET_GO: Effect = { type: 'let-go' };
const DISCARD: Effect = { type: 'discard' };
const ended = (cause: Cause, final: boolean): Effect => ({ type: 'ended', cause, final });

/** What a transition may look at besides the state and the event. */
export interface Context {
  /** The monotonic time, in milliseconds. */
  readonly now: number;
  readonly policy: Policy;
}

/** The state that follows, and what is to be done on the way. */
type Step = [State, Effect[]];

type Open = Extract<State, { status: 'open' }>;
type Live = Extract<State, History>;
type Timed = Extract<State, { deadline: number }>;

/** Whether there is a link, or is to be one. */
export const isLive = (state: State): state is Live => 'attempt' in state;

/**
 * Decides the whole life of a connection. Pure: it reads no clock and calls nothing but the policy. An event that
 * means nothing in a state leaves that very state, with nothing to do.
 */
export function transition(state: State, event: Event, context: Context): Step {
  const { now, policy } = context;
  const { status } = state;

  switch (event.type) {
    case 'open':
      if (!isLive(state)) return dial(NO_HISTORY, context, ...end(state, REQUESTED, false));
      break;

    case 'reconnect':
      return isLive(state)
        ? redial(state, history(state, context), context)
        : transition(state, { type: 'open' }, context);

    case 'replace':
      if (isLive(state))
        return redial(state, event.fresh ? NO_HISTORY : history(state, context), context);
      // What the application closed stays closed; what had to be given up is worth another try.
      if (
        event.fresh ||
        status === 'idle' ||
        (status === 'closed' && state.cause.kind !== 'requested')
      )
        return stop(state, INITIAL);
      break;

    case 'close':
      if (status === 'open')
        return [
          { status: 'closing', deadline: now + policy.closeTimeout },
          [DISCARD, { type: 'hang-up', code: event.code, reason: event.reason }],
        ];
      if (isLive(state) || (status === 'idle' && !state.off)) return stop(state, CLOSED);
      break;

    case 'release':
      if (isLive(state)) return stop(state, INITIAL);
      break;

    case 'disable':
      return stop(state, OFF);

    case 'configure':
      if (status === 'open') return [watch(state, context), []];
      break;

    case 'opened':
      if (status === 'connecting') {
        const link: Open = {
          ...state,
          status: 'open',
          since: now,
          deadline: Infinity,
          probe: null,
          latency: null,
        };
        return [watch(link, context), [{ type: 'greet' }]];
      }
      break;

    case 'lost':
      if (status === 'closing') return stop(state, CLOSED);
      if (isLive(state)) return fail(state, event.cause, context);
      break;

    case 'refused':
      if (isLive(state)) return giveUp(event.cause);
      break;

    case 'frame':
    case 'pong':
      if (status === 'open') return [answer(state, event.type, context), []];
      break;

    case 'deadline':
      if ('deadline' in state && now >= state.deadline) return expire(state, event.heard, context);
      break;

    case 'pagehide':
      if (status === 'closing') return stop(state, CLOSED);
      if (isLive(state)) return park(state, context);
      break;

    case 'pageshow':
      if (status === 'waiting' && state.deadline === Infinity) return dial(state, context);
      break;

    default:
      return hint(state, event.type, context);
  }
  return [state, []];
}

/** A new attempt. */
function dial({ attempt, refusals, cause }: History, context: Context, ...before: Effect[]): Step {
  const deadline = context.now + context.policy.connectTimeout;
  return [
    { status: 'connecting', attempt, refusals, cause, deadline },
    [...before, { type: 'dial', attempt, cause }],
  ];
}

/** A new attempt in place of the present link, attempt or wait, because the application wants one. */
function redial(state: Live, past: History, context: Context): Step {
  const cause = past === NO_HISTORY || state.status !== 'open' ? past.cause : REQUESTED;
  return dial({ ...past, cause }, context, ...end(state, REQUESTED, false));
}

/** What ends a link, an attempt or a wait. What never was a link is only told of if no other follows. */
function end(state: State, cause: Cause, final: boolean): Effect[] {
  if (!('deadline' in state)) return [];
  const tell = final || state.status === 'open' || state.status === 'closing';
  return tell ? [LET_GO, ended(cause, final)] : [LET_GO];
}

/** The end that the application wanted. */
function stop(state: State, next: State): Step {
  const effects = end(state, REQUESTED, true);
  return [next, next === INITIAL ? effects : [...effects, DISCARD]];
}

/** The end for a reason that is not the application's. */
function giveUp(cause: Cause): Step {
  return [{ status: 'closed', cause }, [LET_GO, ended(cause, true), DISCARD]];
}

/** The failures up to now: a link that was stable makes up for those before it. */
function history(state: Live, { now, policy: { reconnect } }: Context): History {
  const stable =
    state.status === 'open' && now - state.since >= (reconnect ? reconnect.stableAfter : 0);
  return stable ? { ...NO_HISTORY, cause: state.cause } : state;
}

/** A link was lost or an attempt failed: try again now or later, or give up, as the policy says. */
function fail(state: Live, cause: Cause, context: Context): Step {
  const past = history(state, context);
  const attempt = past.attempt + 1;
  const refusals = past.refusals + Number(isRefusal(cause));
  const delay = retryDelay(context.policy, cause, attempt, refusals);

  if (delay === null) return giveUp(cause);
  const next = { attempt, refusals, cause };
  const effects = [LET_GO, ended(cause, false)];
  // At once means without a timer, which a hidden tab would hold up for a minute.
  if (delay === 0) return dial(next, context, ...effects);
  return [{ ...next, status: 'waiting', deadline: context.now + delay }, effects];
}

/** The page enters the back/forward cache, which no socket survives: wait for its return, however long. */
function park(state: Live, context: Context): Step {
  const deadline = Infinity;
  if (state.status === 'waiting') return [{ ...state, deadline }, []];
  const { attempt, refusals } = history(state, context);
  return [
    { status: 'waiting', attempt: attempt + 1, refusals, cause: PAGE_HIDDEN, deadline },
    [LET_GO, ended(PAGE_HIDDEN, false)],
  ];
}

/** A deadline has passed. */
function expire(state: Timed, heard: number, context: Context): Step {
  const { now, policy } = context;
  if (state.status === 'closing') return stop(state, CLOSED);
  if (state.status === 'waiting') return dial(state, context);
  if (state.status === 'connecting')
    return fail(state, { kind: 'timeout', phase: 'connect' }, context);

  const { probe } = state;
  if (probe && !probe.answered) {
    const late = now - state.deadline > LATE;
    return late && !probe.hinted
      ? ask(state, true, context)
      : fail(state, { kind: 'timeout', phase: 'heartbeat' }, context);
  }
  // Who only listens has nothing to ask as long as it hears something.
  const quiet = listens(policy) ? heard + policy.heartbeat.interval : now;
  return quiet > now ? [{ ...state, deadline: quiet }, []] : ask(state, false, context);
}

type Heartbeat = Exclude<Policy['heartbeat'], false>;

const listens = (policy: Policy): policy is Policy & { heartbeat: Heartbeat } =>
  policy.heartbeat && policy.heartbeat.ping === null;

/** Sends a probe, on schedule or because of a hint. */
function ask(state: Open, hinted: boolean, { now, policy }: Context): Step {
  if (!policy.heartbeat) return [state, []];
  const { interval, timeout, ping } = policy.heartbeat;
  // Who only listens cannot ask: its second chance is a whole new silence.
  const second = ping === null ? interval + timeout : Math.min(timeout, HINTED_TIMEOUT);
  return [
    {
      ...state,
      probe: { at: now, hinted, answered: false },
      deadline: now + (hinted ? second : timeout),
    },
    ping === null ? [] : [{ type: 'ping' }],
  ];
}

/** A frame has come while a probe was out: the peer is alive, and if it was the pong, this far away. */
function answer(state: Open, by: 'frame' | 'pong', { now, policy: { heartbeat } }: Context): Open {
  const { probe } = state;
  if (!probe || !heartbeat) return state;
  return {
    ...state,
    probe: by === 'pong' ? null : { ...probe, answered: true },
    latency: by === 'pong' ? now - probe.at : state.latency,
    deadline: probe.answered ? state.deadline : Math.max(now, probe.at + heartbeat.interval),
  };
}

/** Starts or ends the heartbeat of a link when it has been switched on or off. */
function watch(state: Open, { now, policy: { heartbeat } }: Context): Open {
  if (!heartbeat) return { ...state, probe: null, deadline: Infinity };
  return state.deadline < Infinity ? state : { ...state, deadline: now + heartbeat.interval };
}

/** Something has changed around us. It proves nothing: an open link is asked, the next attempt comes nearer. */
function hint(state: State, type: Event['type'], context: Context): Step {
  const { now, policy } = context;
  if (state.status === 'open' && !listens(policy)) {
    const asking = state.probe?.hinted && !state.probe.answered;
    return asking ? [state, []] : ask(state, true, context);
  }
  // Parked with the page, only its return ends the wait.
  if (state.status === 'waiting' && state.deadline < Infinity && type !== 'offline')
    return [{ ...state, deadline: Math.min(state.deadline, now + policy.random() * HURRY) }, []];
  return [state, []];
}
