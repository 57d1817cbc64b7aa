import { tryCall } from '../platform/emitter.ts';
import type { Cause } from './cause.ts';
import { HOPELESS_CODES, REFUSAL_CODES, TRY_AGAIN_LATER } from '../protocol/close-codes.ts';

/** How failed attempts and lost links are tried again, with the defaults filled in. */
export interface ReconnectPolicy {
  readonly stableAfter: number;
  readonly minDelay: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
  readonly maxAttempts: number;
  readonly shouldReconnect: (cause: Cause, attempt: number, refused: boolean) => boolean | number;
}

const codeOf = (cause: Cause) => (cause.kind === 'close' ? cause.code : 0);

/** Whether the server refused us, which fresh credentials may mend. */
export const isRefusal = (cause: Cause): boolean => REFUSAL_CODES.includes(codeOf(cause));

/**
 * The default of `reconnect.shouldReconnect`: everything that the application did not ask for is tried again, except
 * the close codes that would only repeat (1002, 1003, 1007, 1009, 1010). After 1008, 4401 and 4403 there is one more
 * try, for which the url and protocols functions are called afresh.
 *
 * @param cause - Why the link or the attempt ended.
 * @param attempt - Failures in a row, 1 from the first.
 * @param refused - Whether an earlier one of these failures was 1008, 4401 or 4403.
 */
export function shouldReconnect(
  cause: Cause,
  attempt: number,
  refused: boolean = attempt > 1,
): boolean {
  if (isRefusal(cause)) return !refused;
  return !HOPELESS_CODES.includes(codeOf(cause));
}

/** A random part of a range. What throws or is no number from 0 to 1 must not become a wait without end. */
export const jitter = (random: () => number, range: number): number =>
  tryCall(() => Math.max(0, Math.min(1, random())) * range) || 0;

/**
 * The delay before the next attempt in milliseconds, or null to give up: `minDelay` plus a random part of a range
 * that starts at `baseDelay`, doubles with each failure and ends at `maxDelay`. Without jitter, all clients of a
 * server that restarts would come back in step.
 */
export function retryDelay(
  { reconnect, random }: { readonly reconnect: ReconnectPolicy; readonly random: () => number },
  cause: Cause,
  attempt: number,
  refused: boolean,
): number | null {
  if (attempt > reconnect.maxAttempts) return null;
  const answer = tryCall(reconnect.shouldReconnect, cause, attempt, refused);
  if (typeof answer === 'number' && answer >= 0 && answer < Infinity) return answer;
  // What throws or is no answer leaves the default in force.
  if (!(typeof answer === 'boolean' ? answer : shouldReconnect(cause, attempt, refused)))
    return null;

  // A peer that fell silent has cost its timeout already.
  if (cause.kind === 'timeout' && cause.phase === 'heartbeat') return 0;
  // Beyond any maxDelay already; without a bound, a baseDelay of 0 would become 0 * Infinity one day.
  const range = Math.min(reconnect.maxDelay, reconnect.baseDelay * 2 ** Math.min(attempt - 1, 31));
  const delay = reconnect.minDelay + jitter(random, range);
  return codeOf(cause) === TRY_AGAIN_LATER ? delay * 4 : delay;
}
