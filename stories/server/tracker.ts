import { FLEET, positionOf } from './fleet.ts';
import type { ServerWord } from './words.ts';

/** Milliseconds between two positions of a vehicle. */
const TICK = 100;

/** The positions of the vehicles that one client follows. */
export class Tracker {
  readonly #tell: (word: ServerWord) => void;
  readonly #followed = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tell: (word: ServerWord) => void) {
    this.#tell = tell;
  }

  /** Unknown vehicles are ignored. */
  follow(vehicles: readonly string[]): void {
    for (const { id } of FLEET) if (vehicles.includes(id)) this.#followed.add(id);
    this.#tick();
    this.#timer ??= setInterval(() => this.#tick(), TICK);
  }

  unfollow(vehicles: readonly string[]): void {
    for (const id of vehicles) this.#followed.delete(id);
    if (this.#followed.size === 0) this.close();
  }

  /** Ends the positions. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = Date.now();
    for (const vehicle of this.#followed) {
      const at = positionOf(vehicle, now);
      if (at) this.#tell({ demo: 'position', vehicle, at });
    }
  }
}
