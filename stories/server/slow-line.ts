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
  readonly #under = new Set<ReturnType<typeof setTimeout>>();

  set delays(delays: Delays) {
    this.#delays = delays;
  }

  /** Does it now where the line is fast and empty, else in its turn. */
  pass(deliver: () => void): void {
    const { min, max } = this.#delays;
    if (max === 0 && this.#under.size === 0) return deliver();
    const now = performance.now();
    this.#last = Math.max(this.#last, now + min + Math.random() * (max - min));
    const timer = setTimeout(() => {
      this.#under.delete(timer);
      deliver();
    }, this.#last - now);
    this.#under.add(timer);
  }

  /** Loses all that is on its way. */
  cut(): void {
    for (const timer of this.#under) clearTimeout(timer);
    this.#under.clear();
  }
}
