import type { Context, ProbeReason, State, Step } from './state.ts';

/**
 * How long a probe waits for its answer, in milliseconds, if a hint caused it (wake, online, visible …) and the link has
 * answered quickly so far.
 */
const HINT_TIMEOUT = 3_000;

/** The largest delay of a timer, in milliseconds, that is normal. A longer delay means that the whole page was blocked. */
export const MAX_TIMER_DELAY = 500;

/**
 * Whether the deadline was noticed so late that the page must have been blocked: events that came in time may not have been
 * handled yet. This is assumed only once.
 */
export const mayHaveMissedEvents = ({ deadline, isExtended }: State, { now }: Context): boolean =>
  !isExtended && now - deadline > MAX_TIMER_DELAY;

/** How often a new link looks whether its send buffer is empty, in milliseconds. The first probe is sent then. */
const FIRST_PROBE_DELAY = 100;

/** After so many answers in a row within the plain timeout, the link needs no more patience, the first time. */
const QUICK_ANSWERS = 3;

/** How often that number doubles at most: then it takes 40 minutes with the default interval. */
const MAX_DOUBLINGS = 5;

/**
 * Until when the probe that was sent last waits for its answer. After each death, the link gets three times as long, up to
 * `maxTimeout`.
 */
function answerDeadline(state: State, context: Context): number {
  const { probe, patience, latency, slowestAnswer } = state;
  const { interval, timeout, maxTimeout, ping } = context.policy.heartbeat;
  const patientTimeout = Math.max(timeout, Math.min(maxTimeout, timeout * 3 ** patience));
  const probedAt = state.probedAt ?? 0;
  const latest = probedAt + patientTimeout;
  if (probe === 'scheduled') return latest;
  // Without a ping, the peer gets one more whole period in which a frame may arrive.
  if (ping === null) return latest + interval;
  // Before the first answer, nothing is known about the speed of the link. A link that needs patience may be quick between two
  // large messages.
  if (latency === null || patience > 0) return latest;
  return Math.min(latest, probedAt + Math.max(HINT_TIMEOUT, 2 * slowestAnswer));
}

/** Sets the deadline for the answer to the last probe. Where none is needed, the next probe follows as if it had come. */
function awaitAnswer(state: State, context: Context): State {
  const deadline = answerDeadline(state, context);
  return deadline < Infinity ? { ...state, deadline } : awaitNextProbe(state, context);
}

/** Sends a probe, and sets the deadline for its answer. */
function sendProbe(state: State, probe: ProbeReason, context: Context): Step {
  const { now } = context;
  const next = awaitAnswer({ ...state, probe, probedAt: now }, context);
  if (context.policy.heartbeat.ping === null) return [next];
  // A hint may send a second ping before the first pong: the next pong then answers the first ping.
  const pingedAt = probe === 'scheduled' ? now : (state.pingedAt ?? now);
  return [{ ...next, pingedAt }, ['ping']];
}

/**
 * Waits until the next scheduled probe is due: one interval after the last one. The first one of a link is due soon, so that
 * the latency is known.
 */
export function awaitNextProbe(state: State, { now, policy }: Context): State {
  const { interval, ping } = policy.heartbeat;
  const isFirst = state.probedAt === null && ping !== null;
  const delay = isFirst ? Math.min(interval, FIRST_PROBE_DELAY) : interval;
  const dueAt = (state.probedAt ?? state.since) + delay;
  return { ...state, probe: null, isExtended: false, deadline: Math.max(now, dueAt) };
}

/** Applies changed times to the probes. Those of a probe that waits for its answer count from when it was sent. */
export function configureProbes(state: State, context: Context): State {
  const { probe, pingedAt } = state;
  const { interval, ping } = context.policy.heartbeat;
  // A probe without a ping is a silence, and one with a ping is not.
  const isSameKind = (pingedAt === null) === (ping === null);
  if (probe && isSameKind && interval < Infinity) return awaitAnswer(state, context);
  return { ...awaitNextProbe(state, context), pingedAt: ping === null ? null : pingedAt };
}

/** Counts an answer. After some quick ones, a slow link is known to be fast again. */
function countAnswer(state: State, isQuick: boolean): State {
  const quickAnswers = isQuick ? state.quickAnswers + 1 : 0;
  const needed = QUICK_ANSWERS * 2 ** Math.min(MAX_DOUBLINGS, state.hastyDeaths - 1);
  return { ...state, quickAnswers, patience: quickAnswers < needed ? state.patience : 0 };
}

/** A sign of life came while a probe waited for it. */
export function receiveFrame(state: State, context: Context): State {
  if (!state.probe) return state;
  const isQuick = context.now - (state.probedAt ?? 0) <= context.policy.heartbeat.timeout;
  return countAnswer(awaitNextProbe(state, context), isQuick);
}

/** Handles a pong: it is a sign of life, and gives the latency. */
export function receivePong(state: State, context: Context): State {
  const { pingedAt } = state;
  // No ping was sent for this pong.
  if (pingedAt === null) return state;
  const latency = context.now - pingedAt;
  return {
    ...receiveFrame(state, context),
    pingedAt: null,
    latency,
    slowestAnswer: Math.max(state.slowestAnswer, latency),
  };
}

/** No ping was sent, so no pong will come. */
export const skipPong = (state: State, context: Context): State => ({
  ...awaitNextProbe(state, context),
  pingedAt: null,
});

/** Handles the deadline of an open link: sends the next probe, or returns null if the peer counts as dead. */
export function handleProbeDeadline(state: State, context: Context): Step | null {
  const { now, lastHeardAt, buffered, policy } = context;
  const { interval, ping } = policy.heartbeat;
  if (state.probe) {
    if (!mayHaveMissedEvents(state, context)) return null;
    return sendProbe({ ...state, isExtended: true }, 'hint', context);
  }
  // Without a ping, a frame within the last interval is enough.
  if (ping === null && lastHeardAt + interval > now)
    return [{ ...countAnswer(state, true), deadline: lastHeardAt + interval }];
  // The first ping would wait behind what is sent on opening, and so measure that.
  if (state.probedAt === null && buffered > 0 && now < state.since + interval)
    return [{ ...state, deadline: Math.min(now + FIRST_PROBE_DELAY, state.since + interval) }];
  return sendProbe(state, 'scheduled', context);
}

/** Handles a hint on an open link: a signal may mean that the link is dead, so a probe goes out at once. */
export function probeOnHint(state: State, isWake: boolean, context: Context): Step {
  const hasPing = context.policy.heartbeat.ping !== null;
  // Without a ping only a wake counts: the peer could not be heard during the sleep.
  return isWake || (hasPing && state.probe !== 'hint')
    ? sendProbe(state, 'hint', context)
    : [state];
}
