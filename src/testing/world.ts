import { inAct } from './act.ts';
import { SimulatedClock } from './simulation/clock.ts';
import { SimulatedSignals } from './simulation/signals.ts';

/** How often `Promise.resolve()` is awaited, so that chains of settled promises come to their end. */
const TURNS = 20;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

const never = () => false;

/** How much may happen at the same time. */
const MAX_AT_ONCE = 10_000;

/**
 * The time and the page of a test. What is due now happens by itself, in the next microtask; all else waits until the test
 * lets time pass. React renders after each thing that it can see, as in a page.
 */
export class World {
  readonly clock: SimulatedClock = new SimulatedClock({
    // What an app computes from its own clock fits, and is as fixed as that one.
    wall: Date.now(),
    // A message is shown at once, without a wait for the display.
    frame: 0,
    // So that attempts without a delay let time pass, too.
    shortestTimer: 1,
    onDue: () => this.#kick(),
  });
  readonly signals: SimulatedSignals = new SimulatedSignals();
  #isKicked = false;
  #isRunning = false;
  #isQuiet = false;
  #isEndless = false;

  /** Called while a task runs of which the app sees nothing, such as a heartbeat: React need not render after it. */
  isQuiet(): void {
    this.#isQuiet = true;
  }

  /** Does something, and all that follows from it at once. */
  run(action: () => void): void {
    inAct(() => {
      action();
      this.#runDue();
    });
  }

  /** Time passes. */
  async advance(ms: number): Promise<void> {
    await this.#pass(this.clock.now() + ms, never);
  }

  /** Time passes until something is so, but not more than so many milliseconds. Returns whether it is. */
  async until(isSo: () => boolean, ms: number): Promise<boolean> {
    await this.#pass(this.clock.now() + ms, isSo);
    return isSo();
  }

  async #pass(end: number, isDone: () => boolean): Promise<void> {
    const { clock } = this;
    let moment = clock.now();
    let count = 0;
    while ((await inAct(() => this.#passUntilShown(end, isDone))) || clock.nextDue() <= end) {
      if (isDone()) return;
      count = clock.now() === moment ? count + 1 : 0;
      moment = clock.now();
      this.#checkEnd(count);
    }
  }

  /** Time passes until something happens that the app can see. Returns false if nothing does until the end. */
  async #passUntilShown(end: number, isDone: () => boolean): Promise<boolean> {
    await settle();
    if (isDone()) return true;
    do {
      this.#isQuiet = false;
      if (!this.#step(end)) return false;
    } while (this.#isQuiet);
    await settle();
    return true;
  }

  #runDue(): void {
    // Whoever runs a task now goes on with those that are due.
    if (this.#isRunning) return;
    for (let count = 0; this.#step(this.clock.now()); count++) this.#checkEnd(count);
  }

  #checkEnd(count: number): void {
    this.#isEndless ||= count > MAX_AT_ONCE;
    if (this.#isEndless)
      throw new Error(
        `${MAX_AT_ONCE} things have happened at the same time. Do the app and the server answer each other without end? With server.slow(1), time passes in between.`,
      );
  }

  #step(end: number): boolean {
    this.#isRunning = true;
    try {
      return this.clock.step(end);
    } finally {
      this.#isRunning = false;
    }
  }

  #kick(): void {
    if (this.#isKicked) return;
    this.#isKicked = true;
    void Promise.resolve().then(this.#runKicked);
  }

  readonly #runKicked = (): void => {
    this.#isKicked = false;
    if (!this.#isEndless) this.run(() => {});
  };
}
