import { assert } from './assert.ts';
import type { Time } from './setup.ts';

/** Who must listen to what: by counting, and `linger` longer. */
export class ExpectedTopics {
  readonly #topics = new Map<string, { listeners: number; lingersUntil: number }>();
  readonly #time: Time;
  readonly #linger: number;

  constructor(time: Time, linger: number) {
    this.#time = time;
    this.#linger = linger;
  }

  /** What the server of an open link must have been asked for. */
  get wanted(): string[] {
    return [...this.#topics.keys()];
  }

  get nextDue(): number {
    let due = Infinity;
    for (const { lingersUntil } of this.#topics.values()) due = Math.min(due, lingersUntil);
    return due;
  }

  listeners(topic: string | null): number {
    return (topic !== null && this.#topics.get(topic)?.listeners) || 0;
  }

  listen(topic: string): void {
    this.#topics.set(topic, { listeners: this.listeners(topic) + 1, lingersUntil: Infinity });
  }

  leave(topic: string): void {
    const listeners = this.listeners(topic) - 1;
    if (listeners < 0) return;
    const lingersUntil = listeners > 0 ? Infinity : this.#time.now() + this.#linger;
    this.#topics.set(topic, { listeners, lingersUntil });
  }

  /** What only lingers means nothing to another link or scope. */
  forgetLingering(): void {
    for (const [topic, { listeners }] of this.#topics)
      if (listeners === 0) this.#topics.delete(topic);
  }

  timePasses(): void {
    for (const [topic, { lingersUntil }] of this.#topics)
      if (this.#time.timerRunsAt(lingersUntil) <= this.#time.now()) this.#topics.delete(topic);
  }
}

/** A frame that asks the server for topics, or to be spared them. */
export const isRequest = (frame: string): boolean => frame.startsWith('+') || frame.startsWith('-');

/** What the server of one link has been asked for. */
export class Asked {
  readonly #topics = new Set<string>();
  /** The link was opened while topics were listened to, and the server has yet to be asked for them. */
  isOwing = false;
  /** Code of the application has thrown instead of asking. */
  isSpoilt = false;

  reads(request: string): void {
    const adds = request.startsWith('+');
    this.isOwing &&= !adds;
    for (const topic of request.slice(1).split(',')) {
      assert(this.#topics.has(topic) !== adds || this.isSpoilt, `asks ${request} twice`);
      if (adds) this.#topics.add(topic);
      else this.#topics.delete(topic);
    }
  }

  /** What was queued goes out. */
  readsQueued(): void {
    assert(!this.isOwing || this.isSpoilt, 'sends what was queued ahead of the topics');
  }

  check(wanted: readonly string[]): void {
    if (this.#topics.size === 0 && wanted.length === 0) return;
    const asked = [...this.#topics].toSorted().join();
    const expected = wanted.toSorted().join();
    assert(asked === expected || this.isSpoilt, `has asked for ${asked} instead of ${expected}`);
  }
}
