import type { Context, ProbeReason, State, Step } from './state.ts';

/** How long the answer to a probe may take that a hint (wake, online, visible …) asked for, in milliseconds. */
const HINT_TIMEOUT = 3_000;

/**
 * A deadline noticed later than this, in milliseconds, was held up with the whole page, and so were the frames that
 * would have met it.
 */
const MAX_TIMER_DELAY = 500;

/** Asks the peer for a sign of life until a deadline. */
function sendProbe(state: State, reason: ProbeReason, { now, policy }: Context): Step {
  const { interval, timeout, ping } = policy.heartbeat;
  const listensOnly = ping === null;
  // Without a ping, the second chance is a whole silence more.
  const shorter = listensOnly ? interval + timeout : Math.min(timeout, HINT_TIMEOUT);
  const next: State = {
    ...state,
    probe: reason,
    nextProbeAt: now + interval,
    deadline: now + (reason === 'scheduled' ? timeout : shorter),
  };
  if (listensOnly) return [next];
  // A hint may ask again before the first answer: the first pong to come then answers the first ping.
  const pingedAt = reason === 'scheduled' ? now : (state.pingedAt ?? now);
  return [{ ...next, pingedAt }, ['ping']];
}

/** The peer is alive: nothing is awaited until the next probe. */
export const awaitNextProbe = (state: State, { now }: Context): State => ({
  ...state,
  probe: null,
  deadline: Math.max(now, state.nextProbeAt),
});

/** A schedule of probes that begins now. */
export const startProbes = (state: State, context: Context): State =>
  awaitNextProbe(
    { ...state, nextProbeAt: context.now + context.policy.heartbeat.interval },
    context,
  );

/** A pong came. */
export function receivePong(state: State, context: Context): State {
  const { pingedAt } = state;
  // Nobody has asked for this one.
  if (pingedAt === null) return state;
  return { ...awaitNextProbe(state, context), pingedAt: null, latency: context.now - pingedAt };
}

/** The deadline of an open link has passed: the next probe, or null if the peer is dead. */
export function handleProbeDeadline(state: State, context: Context): Step | null {
  const { now, lastHeardAt, policy } = context;
  const { interval, ping } = policy.heartbeat;
  if (state.probe) {
    const isLate = state.probe !== 'repeated' && now - state.deadline > MAX_TIMER_DELAY;
    return isLate ? sendProbe(state, 'repeated', context) : null;
  }
  // Without a ping there is nothing to ask for while frames arrive.
  if (ping === null && lastHeardAt + interval > now)
    return [{ ...state, deadline: lastHeardAt + interval }];
  return sendProbe(state, 'scheduled', context);
}

/** Something around us has changed, which proves nothing: ask an open link, if that is possible. */
export function probeOnHint(state: State, isWake: boolean, context: Context): Step {
  const hasPing = context.policy.heartbeat.ping !== null;
  const isHinted = state.probe !== null && state.probe !== 'scheduled';
  // Without a ping only a wake counts: the time asleep must not be taken for silence.
  return isWake || (hasPing && !isHinted) ? sendProbe(state, 'hint', context) : [state];
}
