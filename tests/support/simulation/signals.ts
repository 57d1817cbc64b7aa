import type { Signal } from '../../../src/core/platform/signals.ts';

/** The environment's signals, sent by hand. */
export class SimulatedSignals {
  readonly #listeners = new Set<(signal: Signal) => void>();

  /** What the `signals` option takes. */
  readonly listen = (listener: (signal: Signal) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  say(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}
