/** The shortest time between two groups of prices, in milliseconds. */
const TICK = 5;
/** The first price, and the largest change, in cents. */
const FIRST = 21_400;
const JUMP = 9;

/** Sends the price of one share as plain text, so many times a second. No price is that of the message before. */
export class Feed {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #send: (text: string) => void;
  readonly #perSecond: number;
  readonly #start = performance.now();
  #sent = 0;
  #cents = FIRST;

  constructor(perSecond: number, send: (text: string) => void) {
    this.#perSecond = perSecond;
    this.#send = send;
    this.#timer = setInterval(() => this.#tick(), Math.max(TICK, 1_000 / perSecond));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const due = Math.round(((performance.now() - this.#start) * this.#perSecond) / 1_000);
    for (; this.#sent < due; this.#sent++) {
      const jump = 1 + Math.floor(Math.random() * JUMP);
      this.#cents += Math.random() * 2 * FIRST < this.#cents ? -jump : jump;
      this.#send((this.#cents / 100).toFixed(2));
    }
  }
}
