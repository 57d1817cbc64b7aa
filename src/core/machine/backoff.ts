import { tryCall } from '../platform/emitter.ts';
import type { Cause } from './cause.ts';
import {
  PERMANENT_FAILURE_CODES,
  REFUSAL_CODES,
  TOKEN_END_CODES,
  TRY_AGAIN_LATER,
} from '../protocol/close-codes.ts';

/** The options of `reconnect` with the defaults filled in; see `ReconnectOptions`. Times are in milliseconds. */
export interface ReconnectPolicy {
  readonly stableAfter: number;
  readonly minDelay: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
  readonly maxAttempts: number;
  readonly shouldReconnect: (cause: Cause, attempt: number, refused: boolean) => boolean | number;
}

const codeOf = (cause: Cause) => (cause.kind === 'close' ? cause.code : 0);

/** Whether the server refused the client. A new token may help. */
export const isRefusal = (cause: Cause): boolean => REFUSAL_CODES.includes(codeOf(cause));

/** Whether the token of a client that was admitted has ended. A new token helps. */
export const hasTokenEnded = (cause: Cause): boolean => TOKEN_END_CODES.includes(codeOf(cause));

/** Whether the peer has not answered a probe. */
export const isHeartbeatTimeout = (cause: Cause): boolean =>
  cause.kind === 'timeout' && cause.phase === 'heartbeat';

/**
 * The default of `reconnect.shouldReconnect`. It returns true for every cause, with two exceptions. After the close codes
 * 1002, 1003, 1007, 1009 and 1010 it returns false, because the same failure would follow (RFC 6455, section 7.4.1).
 * After 1008, 3000, 3003, 4401 and 4403, which mean that the server refused the client, it allows one more attempt; the url and
 * protocols functions are called again for it.
 *
 * @param cause - Why the link or the attempt ended.
 * @param attempt - The number of failures in a row; 1 after the first failure.
 * @param refused - Whether an earlier one of these failures was a refusal. By default, true from
 * the second failure on.
 */
export function shouldReconnect(
  cause: Cause,
  attempt: number,
  refused: boolean = attempt > 1,
): boolean {
  if (isRefusal(cause)) return !refused;
  return !PERMANENT_FAILURE_CODES.includes(codeOf(cause));
}

/** Returns a random number from 0 to `range`, or 0 if the application's `random` throws or returns no number. */
export const jitter = (random: () => number, range: number): number =>
  tryCall(() => Math.max(0, Math.min(1, random())) * range) || 0;

/**
 * Returns the delay before the next attempt in milliseconds, or null to give up. The delay is `minDelay` plus a random
 * part of a range. The range starts at `baseDelay`, doubles with each failure and ends at `maxDelay`. The random part
 * spreads the clients of a server that restarts: without it they would all reconnect at the same moments. For the same
 * reason it comes on top of a `Retry-After`.
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
  // If the application's policy throws or returns another type, the default policy decides.
  if (!(typeof answer === 'boolean' ? answer : shouldReconnect(cause, attempt, refused)))
    return null;

  // The heartbeat timeout has already passed, so there is no reason to wait more.
  if (isHeartbeatTimeout(cause)) return 0;
  // The exponent is limited because 2 ** 1024 is Infinity, and a baseDelay of 0 times Infinity is NaN.
  const range = Math.min(reconnect.maxDelay, reconnect.baseDelay * 2 ** Math.min(attempt - 1, 31));
  const delay = reconnect.minDelay + jitter(random, range);
  if (cause.kind === 'error') return delay + (cause.retryAfter ?? 0);
  return codeOf(cause) === TRY_AGAIN_LATER ? delay * 4 : delay;
}
