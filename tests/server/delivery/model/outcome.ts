import { assert } from '../../../core/model/assert.ts';
import { textOf } from './payloads.ts';
import type { Sent } from './sent.ts';

/** What a request is rejected with. */
interface Rejection extends Error {
  readonly reason?: string;
  readonly uncertain?: boolean;
}

/** What the page knows of a request that has settled. */
export interface Outcome {
  readonly sent: Sent;
  readonly isAborted: boolean;
  /** Whether it may have timed out. */
  readonly isExpired: boolean;
  /** Whether its reply may be lost. */
  readonly mayLose: boolean;
  /** Something must be so, if nobody has lied. */
  readonly honest: (holds: boolean, what: string) => void;
}

/** Checks the reply to a request. */
export function checkReply(reply: unknown, { sent: { id, plan, runs }, honest }: Outcome): string {
  honest(runs.length > 0, `got a reply to ${id}, whose handler has not run`);
  const isRefused = plan.does === 'throws' || plan.does === 'refuses';
  honest(!isRefused, `got a reply to ${id}, whose handler throws`);
  honest(textOf(reply) === `reply to ${id}`, `got the reply ${textOf(reply)} to ${id}`);
  return 'reply';
}

/** Checks what a request is rejected with. Returns it as a text; `withdrawn` if it was not sent, and must not run any more. */
export function checkRejection(error: Rejection, outcome: Outcome): string {
  const { sent, isAborted, isExpired, mayLose, honest } = outcome;
  const { name, reason = name, uncertain } = error;
  const { id, runs, payload } = sent;
  switch (reason) {
    case 'refused':
      honest(
        runs.length > 0 || payload.startsWith('!'),
        `was refused ${id}, whose handler has not run`,
      );
      return 'refused';
    case 'RangeError':
      assert(payload.length > 2_000, `${id} is too large`);
      return 'withdrawn';
    case 'TimeoutError':
      assert(isExpired, `${id} timed out too early`);
      break;
    case 'AbortError':
      assert(isAborted, `${id} was not aborted`);
      break;
    case 'lost':
      assert(mayLose || !uncertain, `${id} is lost without a reason`);
      break;
    default:
      assert(reason === 'closed', `${id} was rejected with ${String(error)}`);
  }
  if (uncertain) return `${reason}, uncertain`;
  assert(runs.length === 0, `${id} is ${reason} and was not sent, but its handler has run`);
  return 'withdrawn';
}
