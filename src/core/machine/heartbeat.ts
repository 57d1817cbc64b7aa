import type { Context, ProbeReason, State, Step } from './state.ts';

/** The longest time, in milliseconds, that a probe waits for its answer if a hint caused it (wake, online, visible …). */
const HINT_TIMEOUT = 3_000;

/**
 * The largest delay of a timer, in milliseconds, that is normal. A longer delay means that the whole page was blocked, so
 * that frames which arrived in time may not have been read yet.
 */
const MAX_TIMER_DELAY = 500;

/** Sends a probe, and sets the deadline for its answer. */
function sendProbe(state: State, reason: ProbeReason, { now, policy }: Context): Step {
  const { interval, timeout, ping } = policy.heartbeat;
  const isListenOnly = ping === null;
  // Without a ping, the peer gets one more whole period in which a frame may arrive.
  const shorter = isListenOnly ? interval + timeout : Math.min(timeout, HINT_TIMEOUT);
  const next: State = {
    ...state,
    probe: reason,
    nextProbeAt: now + interval,
    deadline: now + (reason === 'scheduled' ? timeout : shorter),
  };
  if (isListenOnly) return [next];
  // A hint may send a second ping before the first pong: the next pong then answers the first ping.
  const pingedAt = reason === 'scheduled' ? now : (state.pingedAt ?? now);
  return [{ ...next, pingedAt }, ['ping']];
}

/** A sign of life came: the next deadline is that of the next probe. */
export const awaitNextProbe = (state: State, { now }: Context): State => ({
  ...state,
  probe: null,
  deadline: Math.max(now, state.nextProbeAt),
});

/** Starts the schedule of probes: the first one is due after one interval. */
export const startProbes = (state: State, context: Context): State =>
  awaitNextProbe(
    { ...state, nextProbeAt: context.now + context.policy.heartbeat.interval },
    context,
  );

/** Handles a pong: it is a sign of life, and gives the latency. */
export function receivePong(state: State, context: Context): State {
  const { pingedAt } = state;
  // No ping was sent for this pong.
  if (pingedAt === null) return state;
  return { ...awaitNextProbe(state, context), pingedAt: null, latency: context.now - pingedAt };
}

/** Handles the deadline of an open link: sends the next probe, or returns null if the peer counts as dead. */
export function handleProbeDeadline(state: State, context: Context): Step | null {
  const { now, lastHeardAt, policy } = context;
  const { interval, ping } = policy.heartbeat;
  if (state.probe) {
    const isLate = state.probe !== 'repeated' && now - state.deadline > MAX_TIMER_DELAY;
    return isLate ? sendProbe(state, 'repeated', context) : null;
  }
  // Without a ping, a frame within the last interval is enough.
  if (ping === null && lastHeardAt + interval > now)
    return [{ ...state, deadline: lastHeardAt + interval }];
  return sendProbe(state, 'scheduled', context);
}

/** Handles a hint on an open link: a signal may mean that the link is dead, so a probe goes out at once. */
export function probeOnHint(state: State, isWake: boolean, context: Context): Step {
  const hasPing = context.policy.heartbeat.ping !== null;
  const hasHintProbe = state.probe !== null && state.probe !== 'scheduled';
  // Without a ping only a wake counts: the peer could not be heard during the sleep.
  return isWake || (hasPing && !hasHintProbe) ? sendProbe(state, 'hint', context) : [state];
}
