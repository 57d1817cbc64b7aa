import type { OutFrame } from './codec.ts';

/** A message that waits for a socket. */
export interface Entry<Out> {
  readonly message: Out;
  readonly frame: OutFrame;
  readonly bytes: number;
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
  let excess = queue.reduce((sum, { bytes }) => sum + bytes, -maxBytes);
  const removed: Entry<Out>[] = [];
  for (let last; (last = queue.at(-1)) && (queue.length > maxMessages || excess > 0);) {
    // A newest message that could never fit goes alone: it must not empty the queue first.
    const newest = overflow === 'drop-newest' || (maxMessages > 0 && last.bytes > maxBytes);
    const [entry = last] = queue.splice(newest ? -1 : 0, 1);
    excess -= entry.bytes;
    removed.push(entry);
  }
  return removed;
}
