import type { Signal } from '../../core/platform/signals.ts';

/** The signals of the page, sent by the test. */
export class SimulatedSignals {
  readonly #listeners = new Set<(signal: Signal) => void>();

  /** The value for the `signals` option. */
  readonly listen = (listener: (signal: Signal) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  emit(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}
