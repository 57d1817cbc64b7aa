import type { OutFrame } from '../link/frame.ts';
import { byteLength } from '../link/frame.ts';

/** The bounds of an outbox while no link is open, and which messages go when they are exceeded. */
export interface OutboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
}

/** The messages that no socket has taken yet, in order. */
export interface Outbox<Out> {
  readonly length: number;
  /** Adds a message behind the others. Returns its entry. */
  add(message: Out, frame: OutFrame): object;
  /** Whether an entry is still there, as the newest. */
  endsWith(entry: object): boolean;
  /**
   * Hands over the frames in order until one is not taken.
   *
   * @param take - Whether the frame is taken; undefined if it can never be.
   * @returns The messages that were taken.
   */
  handOver(take: (frame: OutFrame) => boolean | undefined): Out[];
  /** Takes out the messages that exceed the limits, and returns them. */
  trim(limits: OutboxLimits): Out[];
  /** Takes out all messages, and returns them. */
  empty(): Out[];
}

interface Entry<Out> {
  readonly message: Out;
  readonly frame: OutFrame;
  /** The bytes of all that were queued before it, so that no sum has to be made. */
  readonly start: number;
  /** The same, with its own. */
  readonly end: number;
}

/** Makes an {@link Outbox}. */
export function createOutbox<Out>(): Outbox<Out> {
  const entries: Entry<Out>[] = [];
  const messagesOf = (some: readonly Entry<Out>[]) => some.map(({ message }) => message);

  return {
    get length() {
      return entries.length;
    },
    add(message, frame) {
      const start = entries.at(-1)?.end ?? 0;
      const entry = { message, frame, start, end: start + (byteLength(frame) ?? 0) };
      entries.push(entry);
      return entry;
    },
    endsWith: (entry) => entries.at(-1) === entry,
    handOver(take) {
      const taken: Entry<Out>[] = [];
      let done = 0;
      for (const entry of entries) {
        const isTaken = take(entry.frame);
        if (isTaken === false) break;
        if (isTaken) taken.push(entry);
        done++;
      }
      entries.splice(0, done);
      return messagesOf(taken);
    },
    trim({ maxMessages, maxBytes, overflow }) {
      let from = 0;
      let to = entries.length;
      for (let first, last; (first = entries[from]) && (last = entries[to - 1]);) {
        if (to - from <= maxMessages && last.end - first.start <= maxBytes) break;
        // A newest message that could never fit goes alone: it must not empty the outbox first.
        if (overflow === 'drop-newest' || last.end - last.start > maxBytes) to--;
        else from++;
      }
      const newest = entries.splice(to);
      return messagesOf([...entries.splice(0, from), ...newest]);
    },
    empty: () => messagesOf(entries.splice(0)),
  };
}
