import { GOING_AWAY } from '../protocol/close-codes.ts';
import { isRefusal, jitter, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import { awaitNextProbe, probeOnHint, handleProbeDeadline, receivePong, startProbes } from './heartbeat.ts';
import type { Context, Effect, Event, State, Step } from './state.ts';
import { INITIAL, isLive, isWanted, keepsOutbox } from './state.ts';

/** The longest wait, in milliseconds, once a hint says that the next attempt may succeed. */
const MAX_HINTED_DELAY = 1_000;

const REQUESTED: Cause = { kind: 'requested' };
const PAGE_HIDDEN: Cause = { kind: 'close', code: GOING_AWAY, reason: '', wasClean: false };

/**
 * Decides the whole life of a connection: the next state, and what to do on the way. Pure: it reads no clock and calls
 * nothing but the policy. An event that means nothing in a state returns that very state, with nothing to do.
 */
export function transition(state: State, event: Event, context: Context): Step {
  const step = next(state, event, context);
  return keepsOutbox(state) && !keepsOutbox(step[0]) ? [...step, ['dropOutbox']] : step;
}

function next(state: State, event: Event, context: Context): Step {
  const { now, policy } = context;
  const { status, scope, isOpened, isHeld } = state;
  const live = isLive(state);
  const isOpen = status === 'open';
  const isClosing = status === 'closing';
  const stay: Step = [state];
  const fresh = reset(state);

  switch (event.type) {
    // Who wants the connection.
    case 'retain':
      if (status === 'idle') return connectIfWanted({ ...fresh, isHeld: true }, context);
      // What the application closed, or the policy gave up, stays closed.
      return isHeld ? stay : [{ ...state, isHeld: true }];

    case 'release':
      return [{ ...state, isHeld: false }];

    case 'lingered':
      return live && !isWanted(state) ? [fresh, ...endAsRequested(state, true)] : stay;

    case 'open':
    case 'reconnect': {
      if (policy.scope === null) return stay;
      const opened = { isOpened: isOpened || !isHeld };
      if (live && event.type === 'open')
        return opened.isOpened === isOpened ? stay : [{ ...state, ...opened }];
      const from = live ? resetForReplacement(state, context) : fresh;
      return connect({ ...from, ...opened }, context, ...endAsRequested(state, false));
    }

    case 'close':
      // Without a url it stays idle, so that it opens by itself when there is one.
      if (isClosing || (status === 'idle' && scope === null))
        return isOpened ? [{ ...state, isOpened: false }] : stay;
      if (isOpen)
        return [
          { ...fresh, isOpened: false, status: 'closing', deadline: now + policy.closeTimeout },
          ['close', event.code, event.reason],
        ];
      return [closedBy(REQUESTED, { ...fresh, isOpened: false }), ...endAsRequested(state, true)];

    // What it is to connect to.
    case 'target':
      if (live)
        return connect(resetForReplacement(state, context), context, ...endAsRequested(state, false));
      // What the application closed stays closed; what had to be given up is worth another try.
      if (isClosing || state.cause?.kind === 'requested') return stay;
      return connectIfWanted({ ...fresh, scope: scope ?? policy.scope }, context);

    case 'newScope': {
      const entered: State = { ...fresh, scope: policy.scope };
      const hasUrl = policy.scope !== null;
      const enter: Effect[] = scope === policy.scope ? [] : [['enterScope', hasUrl]];
      return live && hasUrl
        ? connect(entered, context, ...endAsRequested(state, false), ...enter)
        : connectIfWanted(entered, context, ...endAsRequested(state, true), ...enter);
    }

    case 'resolved':
      if (status !== 'connecting') return stay;
      if (event.scope === null)
        return [{ ...fresh, scope: null }, ...endAsRequested(state, true), ['enterScope', false]];
      if (event.scope === scope) return stay;
      // Where there was no scope yet, what was queued meant this one.
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
      return isOpen ? [receivePong(state, context)] : stay;

    case 'pingFailed':
      return isOpen ? [{ ...awaitNextProbe(state, context), pingedAt: null }] : stay;

    // Time and surroundings.
    case 'deadline':
      if (now < state.deadline) return stay;
      if (status === 'waiting') return connect(state, context);
      if (isClosing) return [closedBy(REQUESTED, fresh), ...endAsRequested(state, true)];
      if (!isOpen) return retry(state, { kind: 'timeout', phase: 'connect' }, context);
      return (
        handleProbeDeadline(state, context) ?? retry(state, { kind: 'timeout', phase: 'heartbeat' }, context)
      );

    case 'pagehide':
      // No socket survives in the back/forward cache: wait for the page's return, however long.
      if (status === 'waiting') return [{ ...state, deadline: Infinity }];
      return live ? retryAfter(Infinity, state, PAGE_HIDDEN, context) : stay;

    case 'pageshow':
      return isWaitingForPageShow(state) ? connect(state, context) : stay;

    case 'wake':
    case 'online':
    case 'offline':
    case 'visible':
      if (isOpen) return probeOnHint(state, event.type === 'wake', context);
      if (status !== 'waiting' || isWaitingForPageShow(state) || event.type === 'offline') return stay;
      return [{ ...state, deadline: Math.min(state.deadline, now + jitter(policy.random, MAX_HINTED_DELAY)) }];
  }
}

/** The same connection, idle and with nothing behind it. */
const reset = ({ scope, isHeld, isOpened }: State): State => ({
  ...INITIAL,
  scope,
  isHeld,
  isOpened,
});

/** The same connection with the failures that still count: a link that was stable makes up for those before it. */
function resetKeepingFailures(state: State, { now, policy }: Context): State {
  const fresh = reset(state);
  const { status, openedAt, attempt, wasRefused, cause } = state;
  const isStable = status === 'open' && now - openedAt >= policy.reconnect.stableAfter;
  return isStable ? fresh : { ...fresh, attempt, wasRefused, cause };
}

/** The past of a connection whose link or attempt is given up for another. */
function resetForReplacement(state: State, context: Context): State {
  const past = resetKeepingFailures(state, context);
  return state.status === 'open' ? { ...past, cause: REQUESTED } : past;
}

const closedBy = (cause: Cause, from: State): State => ({ ...from, status: 'closed', cause });

/** In the back/forward cache only the return of the page ends the wait. */
const isWaitingForPageShow = ({ status, deadline }: State) => status === 'waiting' && deadline === Infinity;

/**
 * The present link or attempt ends because the application wants it. The end of an attempt that never became a link is
 * told only if no other follows.
 */
function endAsRequested(state: State, isFinal: boolean): Effect[] {
  const hasLink = state.status === 'open' || state.status === 'closing';
  return hasLink || (isLive(state) && isFinal) ? [['end', REQUESTED, isFinal]] : [];
}

/** A new attempt, after what ended before it. */
function connect(from: State, { now, policy }: Context, ...before: Effect[]): Step {
  const deadline = now + policy.connectTimeout;
  // Where the url function had answered that there is no url, it is asked again.
  const scope = from.scope ?? policy.scope;
  return [{ ...from, status: 'connecting', deadline, scope }, ...before, ['connect']];
}

/** Idle, unless somebody wants it and there is something to connect to. */
function connectIfWanted(from: State, context: Context, ...before: Effect[]): Step {
  return isWanted(from) && context.policy.scope !== null
    ? connect(from, context, ...before)
    : [from, ...before];
}

/** A link was lost or an attempt failed: try again as the policy says, or give up. */
function retry(state: State, cause: Cause, context: Context): Step {
  const { attempt, wasRefused } = resetKeepingFailures(state, context);
  const delay = retryDelay(context.policy, cause, attempt + 1, wasRefused);
  return delay === null ? giveUp(state, cause, context) : retryAfter(delay, state, cause, context);
}

function giveUp(state: State, cause: Cause, context: Context): Step {
  return [closedBy(cause, addFailure(state, cause, context)), ['end', cause, true]];
}

/** Waits for the next attempt, or starts it. */
function retryAfter(delay: number, state: State, cause: Cause, context: Context): Step {
  const from = addFailure(state, cause, context);
  const ended: Effect = ['end', cause, false];
  // After a link, at once means without a timer, which a hidden tab would hold up for a minute.
  if (state.status === 'open' && delay === 0) return connect(from, context, ended);
  return [{ ...from, status: 'waiting', deadline: context.now + delay }, ended];
}

/** One failure more. */
function addFailure(state: State, cause: Cause, context: Context): State {
  const past = resetKeepingFailures(state, context);
  const wasRefused = past.wasRefused || isRefusal(cause);
  return { ...past, attempt: past.attempt + 1, wasRefused, cause };
}
