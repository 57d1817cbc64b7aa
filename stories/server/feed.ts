import { repeat } from './repeat.ts';

/** The first price, and the largest change, in cents. */
const FIRST = 21_400;
const JUMP = 9;

/** Sends the price of one share as plain text, so many times a second. No price is that of the message before. */
export class Feed {
  /** Ends the prices. */
  readonly close: () => void;
  readonly #send: (text: string) => void;
  #cents = FIRST;

  constructor(perSecond: number, send: (text: string) => void) {
    this.#send = send;
    this.close = repeat(perSecond, (times) => {
      for (let n = 0; n < times; n++) this.#sendNext();
    });
  }

  #sendNext(): void {
    const jump = 1 + Math.floor(Math.random() * JUMP);
    this.#cents += Math.random() * 2 * FIRST < this.#cents ? -jump : jump;
    this.#send((this.#cents / 100).toFixed(2));
  }
}
