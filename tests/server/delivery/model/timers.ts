import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';

/** What `setTimeout` of Node returns, as far as a server uses it. */
class Timer {
  isCleared = false;

  unref(): this {
    return this;
  }
}

/**
 * The timers and the monotonic clock of the server's process, which are global, over a simulated clock. They go slower or faster than
 * the simulation.
 */
export class ServerTime {
  /** How fast the clock of the server runs. */
  speed = 1;
  readonly #clock: SimulatedClock;
  /** A timer of a process that was killed does not fire. */
  #process = 0;
  #pending = 0;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** How many timers have not fired and were not cleared. */
  get pending(): number {
    return this.#pending;
  }

  /** Time of the server passes, then something happens, unless its process has been killed. */
  later(ms: number, run: () => void): void {
    const process = this.#process;
    this.#clock.later(ms / this.speed, () => process === this.#process && run());
  }

  /** The process is killed. */
  kill(): void {
    this.#process++;
    this.#pending = 0;
  }

  /** Replaces the global functions. Returns the function that puts them back. */
  install(): () => void {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const clear = (timer?: Timer) => {
      if (!timer || timer.isCleared) return;
      timer.isCleared = true;
      this.#pending--;
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms: number) => this.#add(run, ms, false),
      setInterval: (run: () => void, ms: number) => this.#add(run, ms, true),
      clearTimeout: clear,
      clearInterval: clear,
    });
    const clock = this.#clock;
    Object.defineProperty(performance, 'now', {
      configurable: true,
      value: () => clock.now() * this.speed,
    });
    return () => {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      Reflect.deleteProperty(performance, 'now');
    };
  }

  #add(run: () => void, ms: number, repeats: boolean): Timer {
    const timer = new Timer();
    this.#pending++;
    const plan = () =>
      this.later(ms, () => {
        if (timer.isCleared) return;
        if (repeats) plan();
        else {
          timer.isCleared = true;
          this.#pending--;
        }
        run();
      });
    plan();
    return timer;
  }
}
