import type { OutFrame } from './codec.ts';

/** A message that waits for a socket. */
export interface Entry<Out> {
  readonly message: Out;
  readonly frame: OutFrame;
  readonly bytes: number;
  /** The bytes of this message and of all that were ever queued before it, so that no sum has to be made. */
  readonly total: number;
}

/** The bounds of an outbox while no link is open, and who goes when they are exceeded. */
export interface OutboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
}

const NOTHING: OutboxLimits = { maxMessages: 0, maxBytes: 0, overflow: 'drop-oldest' };

/** Takes out of a queue what exceeds the limits, or everything if there are none, and returns it. */
export function trim<Out>(
  queue: Entry<Out>[],
  { maxMessages, maxBytes, overflow }: OutboxLimits = NOTHING,
): Entry<Out>[] {
  const removed: Entry<Out>[] = [];
  for (let first, last; (first = queue[0]) && (last = queue.at(-1));) {
    if (queue.length <= maxMessages && last.total - first.total + first.bytes <= maxBytes) break;
    // A newest message that could never fit goes alone: it must not empty the queue first.
    const newest = overflow === 'drop-newest' || (maxMessages > 0 && last.bytes > maxBytes);
    removed.push((newest ? queue.pop() : queue.shift()) ?? last);
  }
  return removed;
}
