import type { OutFrame } from '../link/frame.ts';

/** A message that waits for a socket. */
export interface Entry<Out> {
  readonly message: Out;
  readonly frame: OutFrame;
  /** The bytes of all that were queued before it, so that no sum has to be made. */
  readonly start: number;
  /** The same, with its own. */
  readonly end: number;
}

/** The bounds of an outbox while no link is open, and who goes when they are exceeded. */
export interface OutboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
}

/** Takes out of a queue what exceeds the limits, and returns it. */
export function trim<Out>(
  queue: Entry<Out>[],
  { maxMessages, maxBytes, overflow }: OutboxLimits,
): Entry<Out>[] {
  let from = 0;
  let to = queue.length;
  for (let first, last; (first = queue[from]) && (last = queue[to - 1]);) {
    if (to - from <= maxMessages && last.end - first.start <= maxBytes) break;
    // A newest message that could never fit goes alone: it must not empty the queue first.
    if (overflow === 'drop-newest' || last.end - last.start > maxBytes) to--;
    else from++;
  }
  const newest = queue.splice(to);
  return [...queue.splice(0, from), ...newest];
}
