/** The shortest and longest delay of a frame, in milliseconds. */
export interface Delays {
  readonly min: number;
  readonly max: number;
}

/** One direction of a slow network: frames come out later, in the same order. */
export class SlowLine {
  #delays: Delays = { min: 0, max: 0 };
  /** When the last delayed frame comes out, by `performance.now()`. */
  #last = 0;
  readonly #waiting: { readonly deliver: () => void; readonly lost: () => void }[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  set delays(delays: Delays) {
    this.#delays = delays;
  }

  /** Delivers at once if the line is fast and empty, otherwise later and in order. `lost`: called if the line is cut before. */
  pass(deliver: () => void, lost: () => void = () => {}): void {
    const { min, max } = this.#delays;
    if (max === 0 && this.#waiting.length === 0) return deliver();
    const now = performance.now();
    this.#last = Math.max(this.#last, now + min + Math.random() * (max - min));
    this.#waiting.push({ deliver, lost });
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // Timers of the same millisecond may fire in any order.
      this.#waiting.shift()?.deliver();
    }, this.#last - now);
    this.#timers.add(timer);
  }

  /** Drops all delayed frames. */
  cut(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const { lost } of this.#waiting.splice(0)) lost();
  }
}
