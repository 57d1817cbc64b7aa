import { hasTokenEnded, isHeartbeatTimeout, isRefusal, jitter, retryDelay } from './backoff.ts';
import type { Cause } from './cause.ts';
import { awaitNextProbe } from './heartbeat.ts';
import type { Context, Effect, State, Step } from './state.ts';
import { INITIAL, NO_FAILURES, NO_LINK } from './initial.ts';
import { isLive, isWanted } from './state.ts';

// The steps that several events lead to: how an attempt starts, a link opens, and both end.

/** The longest delay before the next attempt, in milliseconds, after a hint that it may succeed. */
export const MAX_HINTED_DELAY = 1_000;

const REQUESTED: Cause = { kind: 'requested' };

/** Returns the idle state of the same connection, with the same holders and scope, and no failures. */
export const reset = ({ scope, isHeld, isOpened }: State): State => ({
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
export const hasGivenUp = ({ status, cause }: State): boolean =>
  status === 'closed' && cause?.kind !== 'requested';

/**
 * The effects of an end that the application asked for. The end of an attempt that never became a link is announced only
 * if no other attempt follows.
 */
export function endAsRequested(state: State, isFinal: boolean): Effect[] {
  const hasLink = state.status === 'open' || state.status === 'closing';
  return hasLink || (isLive(state) && isFinal) ? [['end', REQUESTED, isFinal]] : [];
}

/** The link that the application has closed is closed. */
export const closeAsRequested = (state: State): Step => [
  { ...reset(state), isOpened: false, status: 'closed', cause: REQUESTED },
  ...endAsRequested(state, true),
];

/** Ends a connection that nobody wants any more. */
export const rest = (state: State): Step => [reset(state), ...endAsRequested(state, true)];

/** Starts an attempt, after the given effects. In a page that is not shown yet, `pageshow` starts it. */
export function connect(from: State, context: Context, ...before: Effect[]): Step {
  const { now, policy, isPrerendering } = context;
  const deadline = isPrerendering ? Infinity : now + policy.connectTimeout;
  // After a url function returned null, it is called again for this attempt.
  const scope = from.scope ?? policy.scope;
  const state: State = { ...from, status: 'connecting', since: now, deadline, scope };
  return isPrerendering ? [state, ...before] : [state, ...before, ['connect']];
}

/** Starts an attempt at once, in place of the link or the attempt that there is. */
export function replace(state: State, context: Context): Step {
  // A live connection keeps its failures, so that reconnect() does not let it hit a failing server without delay.
  const from = isLive(state) ? resetKeepingFailures(state, context) : reset(state);
  const cause = state.status === 'open' ? REQUESTED : from.cause;
  return connect({ ...from, cause }, context, ...endAsRequested(state, false));
}

/** Starts an attempt if the connection is wanted and has a url; otherwise returns the given state. */
export function connectIfWanted(from: State, context: Context, ...before: Effect[]): Step {
  return isWanted(from) && context.policy.scope !== null
    ? connect(from, context, ...before)
    : [from, ...before];
}

/** The link is open for everybody. */
export const openLink = (state: State, context: Context): Step => [
  awaitNextProbe({ ...state, status: 'open', since: context.now }, context),
  ['announceOpen'],
];

/** Handles a lost link or a failed attempt: the reconnect policy decides whether another attempt follows. */
export function retry(state: State, cause: Cause, context: Context): Step {
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
export function fail(state: State, cause: Cause, delay: number | null, context: Context): Step {
  const from = addFailure(resetKeepingFailures(state, context), cause);
  if (delay === null) return giveUp(from, cause);
  // A lost link with no delay starts the attempt without a timer: in a hidden tab a timer may be a minute late.
  if (state.status === 'open' && delay === 0) return connect(from, context, ['end', cause, false]);
  return wait(from, cause, delay, context.now);
}

export const giveUp = (from: State, cause: Cause): Step => [
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
