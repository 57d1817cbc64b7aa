import { assert } from './assert.ts';
import type { Time } from './setup.ts';

/** The topics that must be subscribed to: those with listeners, and for `linger` those that had some. */
export class ExpectedTopics {
  readonly #topics = new Map<string, { listeners: number; lingersUntil: number }>();
  readonly #time: Time;
  readonly #linger: number;

  constructor(time: Time, linger: number) {
    this.#time = time;
    this.#linger = linger;
  }

  /** The topics that an open link must be subscribed to. */
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

  /** Topics without listeners are not subscribed to again on another link or in another scope. */
  forgetLingering(): void {
    for (const [topic, { listeners }] of this.#topics)
      if (listeners === 0) this.#topics.delete(topic);
  }

  timePasses(): void {
    for (const [topic, { lingersUntil }] of this.#topics)
      if (this.#time.timerRunsAt(lingersUntil) <= this.#time.now()) this.#topics.delete(topic);
  }
}

/** Whether a frame subscribes to topics or unsubscribes from them. */
export const isRequest = (frame: string): boolean => frame.startsWith('+') || frame.startsWith('-');

/** The topics that one link has subscribed to. */
export class Subscriptions {
  readonly #topics = new Set<string>();
  /** The link was opened while topics had listeners, and has not subscribed to them yet. */
  mustSubscribe = false;
  /** Code of the application has thrown instead of subscribing. */
  hasThrown = false;

  reads(request: string): void {
    const adds = request.startsWith('+');
    this.mustSubscribe &&= !adds;
    for (const topic of request.slice(1).split(',')) {
      assert(this.#topics.has(topic) !== adds || this.hasThrown, `sends ${request} twice`);
      if (adds) this.#topics.add(topic);
      else this.#topics.delete(topic);
    }
  }

  /** A queued message has been sent. */
  readsQueued(): void {
    assert(!this.mustSubscribe || this.hasThrown, 'sends a queued message before it subscribes');
  }

  check(wanted: readonly string[]): void {
    if (this.#topics.size === 0 && wanted.length === 0) return;
    const subscribed = [...this.#topics].toSorted().join();
    const expected = wanted.toSorted().join();
    assert(
      subscribed === expected || this.hasThrown,
      `is subscribed to ${subscribed} instead of ${expected}`,
    );
  }
}
