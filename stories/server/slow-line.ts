/** From how many to how many milliseconds a frame takes. */
export interface Delays {
  readonly min: number;
  readonly max: number;
}

/** One direction of a slow network: what passes through comes out later, in the same order. */
export class SlowLine {
  #delays: Delays = { min: 0, max: 0 };
  /** When the last of those on their way comes out, on the clock of `performance.now()`. */
  #last = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  set delays(delays: Delays) {
    this.#delays = delays;
  }

  /** Does it now where the line is fast and empty, else in its turn. */
  pass(deliver: () => void): void {
    const { min, max } = this.#delays;
    if (max === 0 && this.#waiting.length === 0) return deliver();
    const now = performance.now();
    this.#last = Math.max(this.#last, now + min + Math.random() * (max - min));
    this.#waiting.push(deliver);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // Of two timers of the same millisecond the second may come first.
      this.#waiting.shift()?.();
    }, this.#last - now);
    this.#timers.add(timer);
  }

  /** Loses all that is on its way. */
  cut(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.length = 0;
  }
}
