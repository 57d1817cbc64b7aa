import type { OutFrame } from '../link/frame.ts';
import { byteLength, copyFrame } from '../link/frame.ts';
import type { Entry } from '../messages/outbox.ts';
import type { Clock } from '../platform/clock.ts';
import { MAX_AGE } from './counted.ts';
import type { OutboxState, StoredMessage } from './outbox-store.ts';

/** Returns what is stored of an entry. */
export const storedMessage = <Out>({ number, item, options }: Entry<Out>): StoredMessage => ({
  number,
  message: item.message,
  since: item.since,
  expires: options.expires,
});

/** Returns an entry for a message that was stored: as old as the message is, and with its number. */
export function restoredEntry<Out>(
  clock: Clock,
  frame: OutFrame,
  { number, message, since, expires }: StoredMessage,
  { sent, at }: OutboxState,
  signal?: AbortSignal,
): Entry<Out> {
  const longest = Math.min(expires ?? Infinity, number <= sent ? at - since + MAX_AGE : Infinity);
  // If the clock was set back, nobody knows how long it has waited: it may wait as long again.
  const waited = Math.max(0, clock.wall() - since);
  return {
    item: { message: message as Out, state: 'waiting', since },
    frame: copyFrame(frame),
    bytes: byteLength(frame) as number,
    options: { expires, signal },
    deadline: clock.now() + Math.max(1, longest - waited),
    expiry: since + longest,
    number,
  };
}
