import type { OutFrame } from '../link/frame.ts';
import { byteLength, copyFrame } from '../link/frame.ts';

/** The limits of an outbox while no link is open, and which messages are dropped above them. */
export interface OutboxLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
}

/** The messages that wait for a socket, in the order in which they were sent. */
export interface Outbox<Out> {
  /** The number of messages in the outbox. */
  readonly length: number;
  /** Adds a message at the end, with a copy of its frame: the application may change its bytes. Returns its entry. */
  add(message: Out, frame: OutFrame): object;
  /** Whether the given entry is the last one in the outbox. */
  endsWith(entry: object): boolean;
  /**
   * Hands the frames to a function in order, until it returns false, and removes those before that.
   *
   * @param take - Returns whether it took the frame of the message. If it throws an error, the message is refused: it is not tried again.
   * @returns The messages that were taken, and those that were refused, each with its error.
   */
  handOver(
    take: (frame: OutFrame, message: Out) => boolean,
  ): [taken: Out[], refused: [Out, unknown][]];
  /** Removes the messages above the limits, and returns them. */
  trim(limits: OutboxLimits): Out[];
  /** Removes all messages, and returns them. */
  empty(): Out[];
}

interface Entry<Out> {
  readonly message: Out;
  readonly frame: OutFrame;
  /** The number of bytes of all messages that were added before it. A difference then gives a sum without a loop. */
  readonly start: number;
  /** `start` plus the bytes of this message. */
  readonly end: number;
}

/** Makes an {@link Outbox}. */
export function createOutbox<Out>(): Outbox<Out> {
  const entries: Entry<Out>[] = [];
  const messagesOf = (list: readonly Entry<Out>[]) => list.map(({ message }) => message);

  return {
    get length() {
      return entries.length;
    },
    add(message, frame) {
      const start = entries.at(-1)?.end ?? 0;
      const end = start + (byteLength(frame) ?? 0);
      const entry = { message, frame: copyFrame(frame), start, end };
      entries.push(entry);
      return entry;
    },
    endsWith: (entry) => entries.at(-1) === entry,
    handOver(take) {
      const taken: Out[] = [];
      const refused: [Out, unknown][] = [];
      let done = 0;
      for (const { message, frame } of entries) {
        try {
          if (!take(frame, message)) break;
          taken.push(message);
        } catch (error) {
          refused.push([message, error]);
        }
        done++;
      }
      entries.splice(0, done);
      return [taken, refused];
    },
    trim({ maxMessages, maxBytes, overflow }) {
      let from = 0;
      let to = entries.length;
      for (let first, last; (first = entries[from]) && (last = entries[to - 1]);) {
        if (to - from <= maxMessages && last.end - first.start <= maxBytes) break;
        // A newest message that is larger than the limit is dropped by itself: it must not push out the others.
        if (overflow === 'drop-newest' || last.end - last.start > maxBytes) to--;
        else from++;
      }
      const newest = entries.splice(to);
      return messagesOf([...entries.splice(0, from), ...newest]);
    },
    empty: () => messagesOf(entries.splice(0)),
  };
}
