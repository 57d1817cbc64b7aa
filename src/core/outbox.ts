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

/** A queue of the messages that no socket has taken yet, in the order of their sending. */
export interface Outbox<Out> {
  /** Appends an entry. */
  push(entry: Entry<Out>): void;
  /** The entry that is next, if any. */
  peek(): Entry<Out> | undefined;
  /** Takes the next entry out. */
  shift(): void;
  /** Takes out what exceeds the limits, or everything if there are none, and returns it. */
  trim(limits?: OutboxLimits): Entry<Out>[];
}

const NOTHING: OutboxLimits = { maxMessages: 0, maxBytes: 0, overflow: 'drop-oldest' };

/** Makes an empty {@link Outbox}. */
export function createOutbox<Out>(): Outbox<Out> {
  const entries: Entry<Out>[] = [];
  let bytes = 0;

  const remove = (entry: Entry<Out> | undefined) => {
    bytes -= entry?.bytes ?? 0;
    return entry as Entry<Out>;
  };
  const shift = () => remove(entries.shift());

  return {
    push(entry) {
      entries.push(entry);
      bytes += entry.bytes;
    },
    peek: () => entries[0],
    shift,
    trim({ maxMessages, maxBytes, overflow } = NOTHING) {
      const removed: Entry<Out>[] = [];
      for (let last; (last = entries.at(-1)) && (entries.length > maxMessages || bytes > maxBytes);)
        // A newest message that could never fit goes alone: it must not empty the queue first.
        removed.push(
          overflow === 'drop-newest' || (maxMessages > 0 && last.bytes > maxBytes)
            ? remove(entries.pop())
            : shift(),
        );
      return removed;
    },
  };
}
