import { GOING_AWAY } from '../protocol/close-codes.ts';
import { isRefusal, jitter, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import {
  awaitNextProbe,
  probeOnHint,
  handleProbeDeadline,
  receivePong,
  startProbes,
} from './heartbeat.ts';
import type { Context, Effect, Event, State, Step } from './state.ts';
import { INITIAL, isLive, isWanted, keepsOutbox } from './state.ts';

/** The longest delay before the next attempt, in milliseconds, after a hint that it may succeed. */
const MAX_HINTED_DELAY = 1_000;

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

  switch (event.type) {
    // Holders, and calls of the application.
    case 'retain':
      if (status === 'idle') return connectIfWanted({ ...fresh, isHeld: true }, context);
      // A connection that the application closed, or the policy gave up, stays closed.
      return isHeld ? stay : [{ ...state, isHeld: true }];

    case 'release':
      return [{ ...state, isHeld: false }];

    case 'lingered':
      return wasLive && !isWanted(state) ? [fresh, ...endAsRequested(state, true)] : stay;

    case 'open':
    case 'reconnect': {
      if (policy.scope === null) return stay;
      const opened = { isOpened: isOpened || !isHeld };
      if (wasLive && event.type === 'open')
        return opened.isOpened === isOpened ? stay : [{ ...state, ...opened }];
      // A live connection keeps its failures, so that reconnect() does not let it hit a failing server without delay.
      const from = wasLive ? resetForReplacement(state, context) : fresh;
      return connect({ ...from, ...opened }, context, ...endAsRequested(state, false));
    }

    case 'close':
      // Without a url the connection stays idle, so that it opens when the options get a url.
      if (isClosing || scope === null) return isOpened ? [{ ...state, isOpened: false }] : stay;
      if (isOpen)
        return [
          { ...fresh, isOpened: false, status: 'closing', deadline: now + policy.closeTimeout },
          ['close', event.code, event.reason],
        ];
      return [closedBy(REQUESTED, { ...fresh, isOpened: false }), ...endAsRequested(state, true)];

    // The url, the protocols and the scope.
    case 'target':
      if (wasLive)
        return connect(
          resetForReplacement(state, context),
          context,
          ...endAsRequested(state, false),
        );
      // A connection that the application closed stays closed. One that gave up tries the new target.
      if (isClosing || state.cause?.kind === 'requested') return stay;
      return connectIfWanted({ ...fresh, scope: scope ?? policy.scope }, context);

    case 'newScope': {
      const entered: State = { ...fresh, scope: policy.scope };
      const hasUrl = policy.scope !== null;
      const enter: Effect[] = scope === policy.scope ? [] : [['enterScope', hasUrl]];
      return wasLive && hasUrl
        ? connect(entered, context, ...endAsRequested(state, false), ...enter)
        : connectIfWanted(entered, context, ...endAsRequested(state, true), ...enter);
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
        { ...fresh, status, deadline: state.deadline, scope: event.scope },
        ['enterScope', true],
      ];

    // The link.
    case 'opened':
      return status === 'connecting'
        ? [startProbes({ ...state, status: 'open', openedAt: now }, context), ['announceOpen']]
        : stay;

    case 'lost':
      if (isClosing) return [closedBy(REQUESTED, fresh), ...endAsRequested(state, true)];
      if (!isOpen && status !== 'connecting') return stay;
      return event.isFinal
        ? giveUp(state, event.cause, context)
        : retry(state, event.cause, context);

    // Signs of life.
    case 'configure':
      return isOpen ? [startProbes(state, context)] : stay;

    case 'frame':
      return state.probe ? [awaitNextProbe(state, context)] : stay;

    case 'pong':
      return [receivePong(state, context)];

    case 'pingFailed':
      return isOpen ? [{ ...awaitNextProbe(state, context), pingedAt: null }] : stay;

    // Deadlines and signals.
    case 'deadline':
      if (now < state.deadline) return stay;
      if (status === 'waiting') return connect(state, context);
      if (isClosing) return [closedBy(REQUESTED, fresh), ...endAsRequested(state, true)];
      if (!isOpen) return retry(state, { kind: 'timeout', phase: 'connect' }, context);
      return (
        handleProbeDeadline(state, context) ??
        retry(state, { kind: 'timeout', phase: 'heartbeat' }, context)
      );

    case 'pagehide':
      // Browsers close the sockets of a page in the back/forward cache: wait until the page is shown again.
      if (status === 'waiting') return [{ ...state, deadline: Infinity }];
      return wasLive ? retryAfter(Infinity, state, PAGE_HIDDEN, context) : stay;

    case 'pageshow':
      return isWaitingForPageShow(state) ? connect(state, context) : stay;

    case 'wake':
    case 'online':
    case 'offline':
    case 'visible': {
      if (isOpen) return probeOnHint(state, event.type === 'wake', context);
      const isRetryPlanned = status === 'waiting' && !isWaitingForPageShow(state);
      if (!isRetryPlanned || event.type === 'offline') return stay;
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

/** Like {@link reset}, but keeps the failures that still count: a stable link ends the row of failures before it. */
function resetKeepingFailures(state: State, { now, policy }: Context): State {
  const fresh = reset(state);
  const { status, openedAt, attempt, wasRefused, cause } = state;
  const isStable = status === 'open' && now - openedAt >= policy.reconnect.stableAfter;
  return isStable ? fresh : { ...fresh, attempt, wasRefused, cause };
}

/** Resets a connection whose link or attempt is replaced by another one. */
function resetForReplacement(state: State, context: Context): State {
  const from = resetKeepingFailures(state, context);
  return state.status === 'open' ? { ...from, cause: REQUESTED } : from;
}

const closedBy = (cause: Cause, from: State): State => ({ ...from, status: 'closed', cause });

/** Whether the page is in the back/forward cache: only `pageshow` ends the wait. */
const isWaitingForPageShow = ({ status, deadline }: State) =>
  status === 'waiting' && deadline === Infinity;

/**
 * The effects of an end that the application asked for. The end of an attempt that never became a link is announced only
 * if no other attempt follows.
 */
function endAsRequested(state: State, isFinal: boolean): Effect[] {
  const hasLink = state.status === 'open' || state.status === 'closing';
  return hasLink || (isLive(state) && isFinal) ? [['end', REQUESTED, isFinal]] : [];
}

/** Starts an attempt, after the given effects. */
function connect(from: State, { now, policy }: Context, ...before: Effect[]): Step {
  const deadline = now + policy.connectTimeout;
  // After a url function returned null, it is called again for this attempt.
  const scope = from.scope ?? policy.scope;
  return [{ ...from, status: 'connecting', deadline, scope }, ...before, ['connect']];
}

/** Starts an attempt if the connection is wanted and has a url; otherwise returns the given state. */
function connectIfWanted(from: State, context: Context, ...before: Effect[]): Step {
  return isWanted(from) && context.policy.scope !== null
    ? connect(from, context, ...before)
    : [from, ...before];
}

/** Handles a lost link or a failed attempt: the reconnect policy decides whether another attempt follows. */
function retry(state: State, cause: Cause, context: Context): Step {
  const { attempt, wasRefused } = resetKeepingFailures(state, context);
  const delay = retryDelay(context.policy, cause, attempt + 1, wasRefused);
  return delay === null ? giveUp(state, cause, context) : retryAfter(delay, state, cause, context);
}

function giveUp(state: State, cause: Cause, context: Context): Step {
  return [closedBy(cause, addFailure(state, cause, context)), ['end', cause, true]];
}

/** Plans the next attempt after a delay in milliseconds. */
function retryAfter(delay: number, state: State, cause: Cause, context: Context): Step {
  const from = addFailure(state, cause, context);
  const ended: Effect = ['end', cause, false];
  // A lost link with no delay starts the attempt without a timer: in a hidden tab a timer may be a minute late.
  if (state.status === 'open' && delay === 0) return connect(from, context, ended);
  return [{ ...from, status: 'waiting', deadline: context.now + delay }, ended];
}

/** Returns the reset state with one more failure. */
function addFailure(state: State, cause: Cause, context: Context): State {
  const before = resetKeepingFailures(state, context);
  const wasRefused = before.wasRefused || isRefusal(cause);
  return { ...before, attempt: before.attempt + 1, wasRefused, cause };
}
