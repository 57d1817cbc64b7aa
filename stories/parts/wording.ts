import { describeCause } from '../../src/devtools/panel/words.ts';
import { describeFrame } from '../../src/devtools/recorder/bytes.ts';
import type { Cause, Status } from '../../src/index.ts';

export { describeCause, describeFrame };

/** Whether an attempt fails when the connection ends in this status; otherwise, a link is lost. */
export const isOfAttempt = (status: Status): boolean =>
  status === 'connecting' || status === 'reconnecting';

/** Why a link has ended, or an attempt has failed, as a sentence. */
export function describeEnd(cause: Cause, isAttempt: boolean): string {
  if (!isAttempt || cause.kind !== 'close') return describeCause(cause);
  return `The attempt failed (${cause.code}${cause.reason && `: ${cause.reason}`}).`;
}

/** The status as a sentence. `isAttempt`: the cause is that of an attempt. */
export function describeState(status: Status, cause: Cause | null, isAttempt: boolean): string {
  if (status === 'open')
    return 'The connection is open. Break it with the buttons: it reconnects by itself.';
  if (status === 'closed' && cause?.kind === 'requested')
    return 'The connection is closed: the page called close(). It stays closed until open() is called.';
  return `The connection is ${status}.${cause ? ` ${describeEnd(cause, isAttempt)}` : ''}`;
}
