import { describeCause } from '../../src/devtools/panel/words.ts';
import { describeFrame } from '../../src/devtools/recorder/bytes.ts';
import type { Cause, Status } from '../../src/index.ts';

export { describeCause, describeFrame };

/** The status as a sentence. */
export function describeState(status: Status, cause: Cause | null): string {
  if (status === 'open')
    return 'The connection is open. Break it with the buttons: it reconnects by itself.';
  if (status === 'closed' && cause?.kind === 'requested')
    return 'The connection is closed: the page called close(). It stays closed until open() is called.';
  return `The connection is ${status}.${cause ? ` ${describeCause(cause)}` : ''}`;
}
