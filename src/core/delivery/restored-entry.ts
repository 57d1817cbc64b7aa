import type { Entry } from '../messages/outbox.ts';
import type { Clock } from '../platform/clock.ts';
import { MAX_AGE } from './counted.ts';
import type { OutboxState, StoredMessage } from './outbox-store.ts';

/** Returns an entry for a message that was stored: as old as the message is, and with its number. */
export function restoredEntry<Out>(
  clock: Clock,
  made: Entry<Out>,
  { number, since, expires = Infinity }: StoredMessage,
  { sent, at }: OutboxState,
): Entry<Out> {
  const longest = Math.min(expires, number <= sent ? at - since + MAX_AGE : Infinity);
  // If the clock was set back, nobody knows how long it has waited: it may wait as long again.
  const waited = Math.max(0, clock.wall() - since);
  return {
    ...made,
    item: { ...made.item, since },
    options: { expires: longest },
    deadline: clock.now() + Math.max(1, longest - waited),
    number,
  };
}
