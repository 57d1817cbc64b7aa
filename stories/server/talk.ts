import type { Heard, ServerWord } from './words.ts';

/** The time between two numbers, in milliseconds. */
const PERIOD = 400;
/** How many numbers are said to nobody before the talk ends: clients that were cut off come back. */
const UNHEARD = 25;
/** How many of the numbers that never came are told. */
const HOLES = 40;

/** A talk in which each side says one number after the other, so that the other side sees which are missing. */
export class Talk {
  readonly #heard = new Map<string, Heard>();
  readonly #parts: { say(word: ServerWord): void; isHeard(): boolean; ended(): void };
  #timer: ReturnType<typeof setInterval> | undefined;
  #number = 0;
  #unheard = 0;

  /** @param parts - `isHeard`: whether anybody is there. `ended`: called when nobody was there for 10 s. */
  constructor(parts: { say(word: ServerWord): void; isHeard(): boolean; ended(): void }) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#timer !== undefined;
  }

  begin(): void {
    this.#timer ??= setInterval(() => this.#sayNext(), PERIOD);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Somebody says a number. */
  hear(name: string, number: number): void {
    this.#heard.set(name, hear(this.#heard.get(name), number));
  }

  #sayNext(): void {
    this.#unheard = this.#parts.isHeard() ? 0 : this.#unheard + 1;
    if (this.#unheard > UNHEARD) {
      this.end();
      return this.#parts.ended();
    }
    const heard = Object.fromEntries(this.#heard);
    this.#parts.say({ demo: 'number', number: ++this.#number, heard });
  }
}

/** What somebody has heard to whom nothing was said. */
export const NOTHING: Heard = { last: 0, count: 0, lost: 0, holes: [] };

/** What somebody has heard who hears another number. */
export function hear(before: Heard = NOTHING, number: number): Heard {
  const { last, count, lost, holes } = before;
  if (number <= last) return before;
  const missing = number - last - 1;
  const latest = Array.from({ length: Math.min(missing, HOLES) }, (_, n) => number - 1 - n);
  return {
    last: number,
    count: count + 1,
    lost: lost + missing,
    holes: [...holes, ...latest.toReversed()].slice(-HOLES),
  };
}
