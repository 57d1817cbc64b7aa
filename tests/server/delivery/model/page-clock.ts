import type { Clock } from '../../../../src/core/platform/clock.ts';
import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';

/** The clock of a page, which has its own speed, and may be set. */
export class PageClock implements Clock {
  isStopped = false;
  /** What waits for the page to go on, while it is frozen. */
  #held: (() => void)[] | null = null;
  #jumped = 0;
  readonly #clock: SimulatedClock;
  readonly #speed: number;

  constructor(clock: SimulatedClock, speed: number) {
    this.#clock = clock;
    this.#speed = speed;
  }

  now(): number {
    return this.#clock.now() * this.#speed;
  }

  wall(): number {
    return this.#clock.wall() + this.#jumped;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = { isCleared: false };
    const fire = () => this.run(() => timer.isCleared || run());
    this.#clock.later(Math.max(0.001, ms / this.#speed), fire);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (timer) (timer as { isCleared: boolean }).isCleared = true;
  }

  frame(run: () => void): void {
    this.setTimeout(run, 16);
  }

  jump(ms: number): void {
    this.#jumped += ms;
  }

  /** Something happens in the page. */
  run(happens: () => void): void {
    if (this.#held) this.#held.push(happens);
    else if (!this.isStopped) happens();
  }

  get isFrozen(): boolean {
    return this.#held !== null;
  }

  freeze(): void {
    this.#held ??= [];
  }

  /** All that has waited happens at once, in order. */
  thaw(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const happens of held) this.run(happens);
  }

  /** Returns whether so much time has passed since now, on one of its clocks. */
  after(ms: number): () => boolean {
    const [now, wall] = [this.now(), this.wall()];
    // Times are products of speeds, which are a little off.
    return () => this.now() - now > ms - 0.001 || this.wall() - wall >= ms;
  }
}
