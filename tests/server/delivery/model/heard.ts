import { assert } from '../../../core/model/assert.ts';

/** Something that was said in a topic. */
export interface Said {
  readonly text: string;
  readonly at: number;
  /** The page that must not get it. */
  readonly except: number | null;
  readonly process: number;
  /** Whether it is in the history: what a process says just before it is killed may not be. */
  isRecorded: boolean;
  /** Whether its server was closing. */
  readonly isLate: boolean;
}

/** A position of the history. */
interface Position {
  readonly epoch: string;
  readonly number: number;
}

/** What a position means: how much had been said, and which process of the server has counted. */
interface Point {
  readonly count: number;
  readonly process: number;
}

const numberOf = (text: string) => Number(text.slice(text.lastIndexOf('#') + 1));

/** A topic: all that was said in it, and what its positions mean. */
export class SaidTopic {
  readonly said: Said[] = [];
  /** The processes of the server that were killed. */
  readonly killed: ReadonlySet<number>;
  /** By epoch and number. */
  readonly #points = new Map<string, Point>();

  constructor(killed: ReadonlySet<number>) {
    this.killed = killed;
  }

  /** A position of the history, unless it is known, means that so much had been said. */
  stands({ epoch, number }: Position, process: number, count = this.said.length): void {
    const key = `${epoch} ${number}`;
    if (!this.#points.has(key)) this.#points.set(key, { count, process });
  }

  /** The history has given a message its position. */
  recorded(text: string, { epoch, number }: Position, process: number): void {
    const at = numberOf(text);
    (this.said[at] as Said).isRecorded = true;
    this.#points.set(`${epoch} ${number}`, { count: at + 1, process });
  }

  pointAt({ epoch, number }: Position): Point | null {
    return this.#points.get(`${epoch} ${number}`) ?? null;
  }
}

/** What may be the reason of a gap. */
interface Gaps {
  readonly process: number;
  readonly keepsHistory: boolean;
  readonly bounds: { readonly perTopic: number; readonly ttl: number };
  forgotten(this: void, topic: SaidTopic): boolean;
}

/** What one page has heard of one topic. */
export class HeardTopic {
  /** How much of the topic the page has heard or was told to miss; null if it has no position. */
  point: Point | null = null;
  /** The message that was delivered last. */
  last = -1;
  /** The server may not repeat what was said before. */
  isBarred = false;
  readonly #topic: SaidTopic;
  readonly #page: number;

  constructor(topic: SaidTopic, page: number) {
    this.#topic = topic;
    this.#page = page;
  }

  /** The application got a message. `isPlain`: it came before the session, whose answer tells of what is missing. */
  hears(text: string, isPlain: boolean): void {
    const { said } = this.#topic;
    const at = numberOf(text);
    assert(said[at]?.text === text, `page ${this.#page} heard ${text}, which nobody has said`);
    assert(
      at > this.last,
      `page ${this.#page} heard ${text} again, or late: ${said[this.last]?.text}`,
    );
    this.last = at;
    if (isPlain) return;
    this.#misses(at);
    this.point = { count: at + 1, process: said[at].process };
  }

  /** The page took a position, or was told of a gap up to it. */
  isAt(position: Position): void {
    this.point = this.#topic.pointAt(position);
  }

  /** Why there may be a gap; null for no reason. */
  whyGap({ process, keepsHistory, bounds, forgotten }: Gaps): string | null {
    if (this.point === null) return 'no position';
    const missed = this.#topic.said.slice(this.point.count);
    const oldest = missed[0]?.at ?? Infinity;
    if (!keepsHistory && this.point.process !== process) return 'restarted';
    if (forgotten(this.#topic)) return 'forgotten';
    if (missed.length > bounds.perTopic) return 'too many';
    if (performance.now() - oldest >= bounds.ttl) return 'too old';
    return this.isBarred ? 'barred' : null;
  }

  /** A position that skips nothing stands for a message that the page must not get. */
  passes(position: Position): void {
    const point = this.#topic.pointAt(position);
    if (point) this.#misses(point.count);
    this.isAt(position);
  }

  /** All must have been heard. */
  isComplete(): void {
    this.#misses(this.#topic.said.length);
  }

  /** What was said since the point, up to a place, was not heard. */
  #misses(until: number): void {
    if (this.point === null) return;
    for (let at = this.point.count; at < until; at++) {
      const { text, except, isRecorded, isLate, process } = this.#topic.said[at] as Said;
      if (!isRecorded && (isLate || this.#topic.killed.has(process))) continue;
      assert(except === this.#page, `page ${this.#page} missed ${text} without a gap`);
    }
  }
}
