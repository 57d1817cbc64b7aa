import type { Position, RecordedMessage, TopicMessage } from './store.ts';

/** The bounds of the messages of a topic. */
export interface LogBounds {
  readonly perTopic: number;
  readonly bytesPerTopic: number;
  readonly ttl: number;
}

/** What one message takes beside its payload, in bytes. */
const OVERHEAD = 200;

interface Entry extends RecordedMessage {
  readonly at: number;
}

/** The last messages of one topic, in memory. */
export class TopicLog {
  readonly epoch: string;
  /** Whether anybody on this server is subscribed. Then its numbers must go on. */
  isFollowed = false;
  bytes = 0;
  #number = 0;
  #entries: Entry[] = [];

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  get position(): Position {
    return { epoch: this.epoch, number: this.#number };
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** @returns The number of the message. */
  add({ data, isBinary, except }: TopicMessage, now: number, bounds: LogBounds): number {
    const number = ++this.#number;
    this.#entries.push({ number, data, isBinary, except, at: now });
    this.bytes += data.length + OVERHEAD;
    this.trim(now, bounds);
    return number;
  }

  /** Drops what is too old or too much. */
  trim(now: number, { perTopic, bytesPerTopic, ttl }: LogBounds): void {
    let count = Math.max(0, this.#entries.length - perTopic);
    let bytes = this.bytes;
    for (const [index, { data, at }] of this.#entries.entries()) {
      if (index >= count && bytes <= bytesPerTopic && now - at < ttl) break;
      bytes -= data.length + OVERHEAD;
      count = index + 1;
    }
    this.#entries.splice(0, count);
    this.bytes = bytes;
  }

  clear(): void {
    this.#entries = [];
    this.bytes = 0;
  }

  /** Returns the messages behind a position; null if they are not all there. */
  read({ epoch, number }: Position): readonly RecordedMessage[] | null {
    if (epoch !== this.epoch || number > this.#number) return null;
    const missed = this.#number - number;
    if (missed > this.#entries.length) return null;
    return this.#entries.slice(this.#entries.length - missed);
  }
}
