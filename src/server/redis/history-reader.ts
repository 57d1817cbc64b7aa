import type { Position } from '../history/store.ts';
import type { HistoryLink, Reading } from './history-link.ts';
import { isAnswer } from './refusal.ts';
import { PATIENCE } from './timing.ts';
import { within } from './waiting.ts';

/** Reads what was said in topics, over the link that works now or the next one. */
export class HistoryReader {
  #link: HistoryLink | undefined;
  #isStopped = false;
  /** What is read now: clients that come back together have missed the same. */
  readonly #readings = new Map<string, Promise<Reading>>();
  #nextLink = (): void => {};
  #next = this.#awaitNext();

  attach(link: HistoryLink): void {
    this.#link = link;
    this.#nextLink();
    this.#next = this.#awaitNext();
  }

  detach(): void {
    this.#link = undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#nextLink();
  }

  /**
   * Reads the messages behind a position. Resolves with null if Redis cannot be reached for {@link PATIENCE}, and rejects if it
   * refuses to answer.
   */
  async read(topic: string, from: Position): Promise<Reading | null> {
    const until = performance.now() + PATIENCE;
    for (;;) {
      const link = this.#link;
      const reading = link ? await this.#readOver(link, topic, from) : null;
      if (reading) return reading;
      while (!this.#link || this.#link === link) {
        const left = until - performance.now();
        if (left <= 0 || this.#isStopped) return null;
        await within(left, this.#next).catch(() => {});
      }
    }
  }

  async #readOver(link: HistoryLink, topic: string, from: Position): Promise<Reading | null> {
    const key = JSON.stringify([topic, from.epoch, from.number]);
    let reading = this.#readings.get(key);
    if (!reading) {
      reading = link.read(topic, from).finally(() => this.#readings.delete(key));
      this.#readings.set(key, reading);
    }
    try {
      return await reading;
    } catch (error) {
      if (isAnswer(error)) throw error;
      return null;
    }
  }

  #awaitNext(): Promise<void> {
    return new Promise((resolve) => (this.#nextLink = resolve));
  }
}
