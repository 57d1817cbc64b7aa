import { GOING_AWAY } from '../protocol/close-codes.ts';
import { hasTokenEnded, isHeartbeatTimeout, isRefusal, jitter, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import {
  awaitNextProbe,
  configureProbes,
  handleProbeDeadline,
  MAX_TIMER_DELAY,
  mayHaveMissedEvents,
  probeOnHint,
  receiveFrame,
  receivePong,
  skipPong,
} from './heartbeat.ts';
import type { Context, Effect, Event, State, Step } from './state.ts';
import {
  INITIAL,
  isLive,
  isWaitingForPageShow,
  isWanted,
  keepsOutbox,
  NO_FAILURES,
  NO_LINK,
} from './state.ts';

/** The longest delay before the next attempt, in milliseconds, after a hint that it may succeed. */
const MAX_HINTED_DELAY = 1_000;

/** Events that end a live connection without a holder: it makes no other attempt. So does a lost link. */
const ENDS_WITHOUT_HOLDER: readonly Event['type'][] = [
  'lingered',
  'target',
  'pagehide',
  'pageshow',
];

const REQUESTED: Cause = { kind: 'requested' };
const PAGE_HIDDEN: Cause = { kind: 'close', code: GOING_AWAY, reason: '', wasClean: false };

/**
 * Returns the next state of a connection, and the effects to perform. The function is pure: it reads no clock, and calls
 * only the application's policy functions. An event that a state ignores returns the same state object, without effects.
 */
export function transition(state: State, event: Event, context: Context): Step {
  const step = next(state, event, context);
  return keepsOutbox(state) && !keepsOutbox(step[0]) ? [...step, ['dropOutbox']] : step;
}

function next(state: State, event: Event, context: Context): Step {
  const { now, policy } = context;
  const { status, scope, isOpened, isHeld } = state;
  const wasLive = isLive(state);
  const isOpen = status === 'open';
  const isClosing = status === 'closing';
  const stay: Step = [state];
  const fresh = reset(state);

  if (wasLive && !isWanted(state) && ENDS_WITHOUT_HOLDER.includes(event.type)) return rest(state);

  switch (event.type) {
    // Holders, and calls of the application.
    case 'retain':
      // A connection that gave up is opened by its next holder. One that the application closed stays closed.
      if (status === 'idle' || (hasGivenUp(state) && !isHeld))
        return connectIfWanted({ ...fresh, isHeld: true }, context);
      return isHeld ? stay : [{ ...state, isHeld: true }];

    case 'release':
      // One that gave up is idle then: the next holder opens it, and what is sent before that waits.
      return [{ ...(hasGivenUp(state) && !isOpened ? fresh : state), isHeld: false }];

    case 'lingered':
      return stay;

    case 'open':
    case 'reconnect': {
      if (policy.scope === null) return stay;
      // The next holder opens it. An effect calls this before its component holds the connection, or when nobody will any more.
      const keepsLink = wasLive && event.type === 'open';
      if (event.needsHolder && !isHeld) return keepsLink ? stay : rest(state);
      const opened = isWanted(state) ? state : { ...state, isOpened: true };
      return keepsLink ? [opened] : replace(opened, context);
    }

    case 'close':
      // Without a url the connection stays idle, so that it opens when the options get a url.
      if (isClosing || scope === null) return isOpened ? [{ ...state, isOpened: false }] : stay;
      if (isOpen)
        return [
          {
            ...fresh,
            isOpened: false,
            status: 'closing',
            since: now,
            deadline: now + policy.closeTimeout,
          },
          ['close', event.code, event.reason],
        ];
      return closeAsRequested(state);

    // The url, the protocols and the scope.
    case 'target':
      if (wasLive) return replace(state, context);
      // A connection that the application closed stays closed. One that gave up tries the new target.
      if (isClosing || state.cause?.kind === 'requested') return stay;
      return connectIfWanted({ ...fresh, scope: scope ?? policy.scope }, context);

    case 'newScope': {
      const entered: State = { ...fresh, scope: policy.scope };
      const hasUrl = policy.scope !== null;
      const enter: Effect[] = scope === policy.scope ? [] : [['enterScope', hasUrl]];
      const isFinal = !(wasLive && hasUrl && isWanted(state));
      return connectIfWanted(entered, context, ...endAsRequested(state, isFinal), ...enter);
    }

    case 'resolved':
      if (status !== 'connecting') return stay;
      // The url function has no url now. It is asked again on open(), reconnect(), retain() or other options.
      if (event.scope === null)
        return [{ ...fresh, scope: null }, ...endAsRequested(state, true), ['enterScope', false]];
      if (event.scope === scope) return stay;
      // The first scope: messages that were queued before it belong to it.
      if (scope === undefined) return [{ ...state, scope: event.scope }];
      return [
        { ...fresh, status, since: state.since, deadline: state.deadline, scope: event.scope },
        ['enterScope', true],
      ];

    // The link.
    case 'opened':
      return status === 'connecting'
        ? [awaitNextProbe({ ...state, status: 'open', since: now }, context), ['announceOpen']]
        : stay;

    case 'lost':
      if (isClosing) return closeAsRequested(state);
      if (!isOpen && status !== 'connecting') return stay;
      return event.isFinal
        ? fail(state, event.cause, null, context)
        : retry(state, event.cause, context);

    // Signs of life.
    case 'frame':
      return [receiveFrame(state, context)];

    case 'pong':
      return [receivePong(state, context)];

    case 'pingFailed':
      return isOpen ? [skipPong(state, context)] : stay;

    // Times, deadlines and signals.
    case 'configure':
      return configure(state, context);

    case 'deadline':
      if (now < state.deadline) return stay;
      if (status === 'waiting') return isWanted(state) ? connect(state, context) : rest(state);
      if (isClosing) return closeAsRequested(state);
      if (isOpen)
        return (
          handleProbeDeadline(state, context) ??
          retry(state, { kind: 'timeout', phase: 'heartbeat' }, context)
        );
      if (mayHaveMissedEvents(state, context))
        return [{ ...state, isExtended: true, deadline: now + MAX_TIMER_DELAY }];
      return retry(state, { kind: 'timeout', phase: 'connect' }, context);

    case 'pagehide':
      // Browsers close the sockets of a page in the back/forward cache: wait until the page is shown again.
      if (status === 'waiting') return [{ ...state, deadline: Infinity }];
      return wasLive ? fail(state, PAGE_HIDDEN, Infinity, context) : stay;

    case 'pageshow':
      return wasLive && !isOpen && state.deadline === Infinity ? connect(state, context) : stay;

    case 'wake':
    case 'online':
    case 'offline':
    case 'visible': {
      if (isOpen) return probeOnHint(state, event.type === 'wake', context);
      if (status !== 'waiting' || isWaitingForPageShow(state) || event.type === 'offline')
        return stay;
      const soon = now + jitter(policy.random, MAX_HINTED_DELAY);
      return [{ ...state, deadline: Math.min(state.deadline, soon) }];
    }
  }
}

/** Returns the idle state of the same connection, with the same holders and scope, and no failures. */
const reset = ({ scope, isHeld, isOpened }: State): State => ({
  ...INITIAL,
  scope,
  isHeld,
  isOpened,
});

/** Whether the link has been open for so long that earlier failures no longer count. */
const isStable = ({ status, since }: State, { now, policy }: Context) =>
  status === 'open' && now - since >= policy.reconnect.stableAfter;

/** Like {@link reset}, but keeps the failures that still count: a stable link ends the row of failures before it. */
function resetKeepingFailures(state: State, context: Context): State {
  return { ...state, ...NO_LINK, ...(isStable(state, context) && NO_FAILURES) };
}

/** Whether the reconnect policy has ended the connection, and not the application. */
const hasGivenUp = ({ status, cause }: State) => status === 'closed' && cause?.kind !== 'requested';

/**
 * The effects of an end that the application asked for. The end of an attempt that never became a link is announced only
 * if no other attempt follows.
 */
function endAsRequested(state: State, isFinal: boolean): Effect[] {
  const hasLink = state.status === 'open' || state.status === 'closing';
  return hasLink || (isLive(state) && isFinal) ? [['end', REQUESTED, isFinal]] : [];
}

/** The link that the application has closed is closed. */
const closeAsRequested = (state: State): Step => [
  { ...reset(state), isOpened: false, status: 'closed', cause: REQUESTED },
  ...endAsRequested(state, true),
];

/** Ends a connection that nobody wants any more. */
const rest = (state: State): Step => [reset(state), ...endAsRequested(state, true)];

/** Starts an attempt, after the given effects. In a page that is not shown yet, `pageshow` starts it. */
function connect(from: State, context: Context, ...before: Effect[]): Step {
  const { now, policy, isPrerendering } = context;
  const deadline = isPrerendering ? Infinity : now + policy.connectTimeout;
  // After a url function returned null, it is called again for this attempt.
  const scope = from.scope ?? policy.scope;
  const state: State = { ...from, status: 'connecting', since: now, deadline, scope };
  return isPrerendering ? [state, ...before] : [state, ...before, ['connect']];
}

/** Starts an attempt at once, in place of the link or the attempt that there is. */
function replace(state: State, context: Context): Step {
  // A live connection keeps its failures, so that reconnect() does not let it hit a failing server without delay.
  const from = isLive(state) ? resetKeepingFailures(state, context) : reset(state);
  const cause = state.status === 'open' ? REQUESTED : from.cause;
  return connect({ ...from, cause }, context, ...endAsRequested(state, false));
}

/** Starts an attempt if the connection is wanted and has a url; otherwise returns the given state. */
function connectIfWanted(from: State, context: Context, ...before: Effect[]): Step {
  return isWanted(from) && context.policy.scope !== null
    ? connect(from, context, ...before)
    : [from, ...before];
}

/** Handles a lost link or a failed attempt: the reconnect policy decides whether another attempt follows. */
function retry(state: State, cause: Cause, context: Context): Step {
  if (!isWanted(state)) return [reset(state), ['end', cause, true]];
  const { policy, now } = context;
  const before = resetKeepingFailures(state, context);
  // The end of a token is routine, and no failure. A random delay, because many tokens may end at the same time.
  if (isStable(state, context) && hasTokenEnded(cause) && policy.reconnect.maxAttempts > 0)
    return wait(before, cause, jitter(policy.random, MAX_HINTED_DELAY), now);
  const delay = retryDelay(policy, cause, before.attempt + 1, before.wasRefused);
  return fail(state, cause, delay, context);
}

/** Adds a failure, and plans the next attempt after a delay in milliseconds; null: gives up. */
function fail(state: State, cause: Cause, delay: number | null, context: Context): Step {
  const from = addFailure(resetKeepingFailures(state, context), cause);
  if (delay === null) return giveUp(from, cause);
  // A lost link with no delay starts the attempt without a timer: in a hidden tab a timer may be a minute late.
  if (state.status === 'open' && delay === 0) return connect(from, context, ['end', cause, false]);
  return wait(from, cause, delay, context.now);
}

const giveUp = (from: State, cause: Cause): Step => [
  { ...from, status: 'closed', cause },
  ['end', cause, true],
];

/** Waits with the next attempt. */
const wait = (from: State, cause: Cause, delay: number, now: number): Step => [
  { ...from, cause, status: 'waiting', since: now, deadline: now + delay },
  ['end', cause, false],
];

function addFailure(before: State, cause: Cause): State {
  const failed: State = {
    ...before,
    attempt: before.attempt + 1,
    wasRefused: before.wasRefused || isRefusal(cause),
    cause,
  };
  if (!isHeartbeatTimeout(cause)) return failed;
  return {
    ...failed,
    patience: before.patience + 1,
    quickAnswers: 0,
    hastyDeaths: before.hastyDeaths + (before.patience > 0 ? 0 : 1),
  };
}

/** Applies changed times and limits to the present state. */
function configure(state: State, context: Context): Step {
  const { status, since, attempt, wasRefused, cause, isExtended } = state;
  const { connectTimeout, closeTimeout, reconnect } = context.policy;
  const stay: Step = [state];
  const until = (deadline: number): Step =>
    deadline === state.deadline ? stay : [{ ...state, deadline }];

  switch (status) {
    case 'connecting':
      return isExtended || state.deadline === Infinity ? stay : until(since + connectTimeout);
    case 'closing':
      return until(since + closeTimeout);
    case 'open':
      return [configureProbes(state, context)];
    case 'waiting': {
      if (!cause || isWaitingForPageShow(state)) return stay;
      // The end of a token is no failure: no policy is asked.
      if (attempt === 0 && reconnect.maxAttempts > 0) return stay;
      // The longest wait that the options allow now. They may also allow none.
      const longest = retryDelay(
        { reconnect, random: () => 1 },
        cause,
        Math.max(1, attempt),
        wasRefused && !isRefusal(cause),
      );
      if (longest !== null) return until(Math.min(state.deadline, since + longest));
      return giveUp({ ...reset(state), attempt }, cause);
    }
    default:
      return stay;
  }
}
