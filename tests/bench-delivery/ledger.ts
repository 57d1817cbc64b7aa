/** What became of numbered messages. */
export interface Account {
  /** How many different ones have arrived. */
  readonly arrived: number;
  /** How often one came that had come before. */
  readonly twice: number;
  /** How often one came after a later one of the same sender. */
  readonly late: number;
}

interface Sender {
  readonly numbers: Set<number>;
  last: number;
}

/** Counts the messages of senders, which are texts like `ada 17`. */
export class Ledger {
  readonly #senders = new Map<string, Sender>();
  #twice = 0;
  #late = 0;

  hear(text: string): void {
    const [name = '', digits] = text.split(' ');
    const number = Number(digits);
    let sender = this.#senders.get(name);
    if (!sender) this.#senders.set(name, (sender = { numbers: new Set(), last: 0 }));
    if (sender.numbers.has(number)) this.#twice++;
    else if (number < sender.last) this.#late++;
    sender.numbers.add(number);
    sender.last = Math.max(sender.last, number);
  }

  account(): Account {
    let arrived = 0;
    for (const { numbers } of this.#senders.values()) arrived += numbers.size;
    return { arrived, twice: this.#twice, late: this.#late };
  }
}
