import { repeat } from './repeat.ts';
import { MAX_TOPICS, type ServerWord } from './words.ts';

/** The largest change of a price, and the pull back to its first value, so that it stays near it. */
const JUMP = 0.002;
const PULL = 0.000_05;

/** The prices of one client: invented, for any topic. */
export class Prices {
  readonly #tell: (word: ServerWord) => void;
  /** The subscribed topics and their prices. A Map, since a topic can be any string. */
  readonly #prices = new Map<string, number>();
  #calls = 0;
  #end: (() => void) | undefined;

  constructor(tell: (word: ServerWord) => void) {
    this.#tell = tell;
  }

  /** Sends their prices at once, so that a page has them after a reconnect. */
  subscribe(topics: readonly string[]): void {
    const added = new Set(topics.filter((topic) => !this.#prices.has(topic)));
    if (this.#prices.size + added.size > MAX_TOPICS)
      return this.#tell({ demo: 'error', message: `subscribe: at most ${MAX_TOPICS} topics.` });
    this.#calls++;
    for (const topic of added) this.#tellPrice(topic, firstPrice(topic));
    this.#tellState();
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) this.#prices.delete(topic);
    this.#tellState();
  }

  /** Sends so many prices a second from now on; 0 is a pause. */
  stream(perSecond: number): void {
    this.close();
    if (perSecond > 0) this.#end = repeat(perSecond, (times) => this.#tellPrices(times));
    this.#tellState();
  }

  /** Ends the stream. */
  close(): void {
    this.#end?.();
  }

  /** So many prices of any topics. */
  #tellPrices(times: number): void {
    const topics = [...this.#prices.keys()];
    for (let n = 0; n < times; n++) {
      const topic = topics[Math.floor(Math.random() * topics.length)];
      const price = topic !== undefined && this.#prices.get(topic);
      if (price) this.#tellPrice(topic, price);
    }
  }

  #tellPrice(topic: string, before: number): void {
    const first = firstPrice(topic);
    const jump = first * JUMP * (2 * Math.random() - 1) + (first - before) * PULL;
    const price = Math.round((before + jump) * 100) / 100;
    this.#prices.set(topic, price);
    this.#tell({ demo: 'price', topic, price });
  }

  #tellState(): void {
    this.#tell({ demo: 'market', topics: this.#prices.size, calls: this.#calls });
  }
}

/** A price from 100 to 500, always the same for a topic. */
export function firstPrice(topic: string): number {
  let hash = 7;
  for (const letter of topic) hash = (hash * 8_191 + (letter.codePointAt(0) ?? 0)) % 40_009;
  return 100 + hash / 100;
}
