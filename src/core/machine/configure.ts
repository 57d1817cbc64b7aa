import { isRefusal, retryDelay } from './backoff.ts';
import { configureProbes } from './heartbeat.ts';
import type { Context, State, Step } from './state.ts';
import { isWaitingForPageShow } from './state.ts';
import { giveUp, reset } from './steps.ts';

/** Applies changed times and limits to the present state. */
export function configure(state: State, context: Context): Step {
  const { status, since, attempt, wasRefused, cause, isExtended } = state;
  const { connectTimeout, closeTimeout, reconnect } = context.policy;
  const stay: Step = [state];
  const until = (deadline: number): Step =>
    deadline === state.deadline ? stay : [{ ...state, deadline }];

  switch (status) {
    case 'connecting':
    case 'handshaking':
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
