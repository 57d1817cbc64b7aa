import type { OutFrame } from '../link/frame.ts';
import { byteLength, copyFrame } from '../link/frame.ts';
import type { DeliveryHost } from '../messages/delivery-host.ts';
import type { Entry } from '../messages/outbox.ts';
import type { Clock } from '../platform/clock.ts';
import { toError } from '../platform/emitter.ts';
import { MAX_AGE } from './counted.ts';
import type { OutboxState, StoredMessage } from './outbox-store.ts';
import { tellDropped } from './owning.ts';

/** Returns what is stored of an entry. */
export const storedMessage = <Out>({ number, item, options }: Entry<Out>): StoredMessage => ({
  number,
  message: item.message,
  since: item.since,
  expires: options.expires,
});

/**
 * Returns an entry for a message that was stored: as old as the message is, and with its number. If the codec refuses it, tells so, and returns
 * null.
 */
export function restoredEntry<In, Out>(
  host: Pick<DeliveryHost<In, Out>, 'clock' | 'emit'>,
  encode: (message: Out) => OutFrame,
  stored: StoredMessage,
  state: OutboxState,
  signal?: AbortSignal,
): Entry<Out> | null {
  try {
    return makeRestored(host.clock, encode(stored.message as Out), stored, state, signal);
  } catch (error) {
    tellDropped(host, stored, state, 'refused');
    host.emit('error', toError(error));
    return null;
  }
}

function makeRestored<Out>(
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
