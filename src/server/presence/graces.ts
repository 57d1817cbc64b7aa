/**
 * Grace periods that are equally long, with one timer. They end in the order in which they began, by the time of
 * `performance.now()`, which a jump of the wall clock does not change.
 */
export class Graces<Entry> {
  readonly #period: number;
  readonly #onEnd: (entry: Entry) => void;
  readonly #ends = new Map<Entry, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param period - In milliseconds. */
  constructor(period: number, onEnd: (entry: Entry) => void) {
    this.#period = period;
    this.#onEnd = onEnd;
  }

  start(entry: Entry): void {
    this.#ends.set(entry, performance.now() + this.#period);
    this.#timer ??= setTimeout(() => this.#end(), this.#period);
  }

  cancel(entry: Entry): void {
    this.#ends.delete(entry);
  }

  /** Ends no further one. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ends.clear();
  }

  #end(): void {
    this.#timer = undefined;
    for (const [entry, end] of this.#ends) {
      const remaining = end - performance.now();
      if (remaining > 0) {
        this.#timer ??= setTimeout(() => this.#end(), remaining);
        return;
      }
      this.#ends.delete(entry);
      this.#onEnd(entry);
    }
  }
}
