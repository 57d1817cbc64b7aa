import type { HistoryListener, Position, RecordedMessage } from '../history/store.ts';
import type { Reading } from './history-link.ts';

interface TopicParts {
  readonly listener: HistoryListener;
  /** Reads what was said behind a position; null while Redis is away. */
  readonly read: (from: Position) => Promise<Reading | null>;
}

/** A topic that this server follows: hands each message on once and in order, and reads again what did not arrive. */
export class HistoryTopic {
  readonly #name: string;
  readonly #parts: TopicParts;
  /** The last message that was handed on; null until Redis has told where the topic stands. */
  #position: Position | null = null;
  /** Whether there may be more than was read. */
  #isBehind = false;
  #reading: Promise<void> | null = null;
  #locate = (_position: Position): void => {};
  /** Where the topic stood when Redis has told it first. */
  readonly located: Promise<Position> = new Promise((resolve) => (this.#locate = resolve));
  #isTold = false;
  /** Resolves when who asked for the position has it. Only then can a message be handed on. */
  readonly #told: Promise<void>;

  constructor(name: string, parts: TopicParts) {
    this.#name = name;
    this.#parts = parts;
    this.#told = this.#tell();
  }

  get position(): Position | null {
    return this.#position;
  }

  /** Nobody follows it any more: nothing is handed on. */
  end(): void {
    this.#position = null;
  }

  /** Redis has told where the topic stands. Resolves when this server has caught up. */
  async stands(position: Position): Promise<void> {
    if (!this.#position) {
      this.#position = position;
      this.#locate(position);
    }
    if (position.epoch !== this.#position.epoch || position.number > this.#position.number)
      await this.catchUp();
  }

  /** A message has arrived. */
  arrived(message: RecordedMessage, { epoch, number }: Position): void {
    if (!this.#position || !this.#isTold) return void this.catchUp();
    if (epoch !== this.#position.epoch) this.#move({ epoch, number: number - 1 });
    if (number === this.#position.number + 1) this.#handOn(message);
    else if (number > this.#position.number) void this.catchUp();
  }

  /** Reads what was said since the last message that was handed on. */
  catchUp(): Promise<void> {
    this.#isBehind = true;
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #tell(): Promise<void> {
    await this.located;
    // Who waits for the position, too, takes it as soon as this code ends.
    await new Promise((resolve) => void setImmediate(resolve));
    this.#isTold = true;
  }

  async #read(): Promise<void> {
    await this.#told;
    while (this.#isBehind && this.#position) {
      this.#isBehind = false;
      const reading = await this.#parts.read(this.#position);
      // The next link finds out where the topic stands.
      if (!reading) return;
      this.#take(reading);
    }
  }

  #take({ position, messages }: Reading): void {
    if (!this.#position) return;
    const isSame = position.epoch === this.#position.epoch;
    for (const message of (isSame && messages) || [])
      if (message.number === this.#position.number + 1) this.#handOn(message);
    if (!isSame || position.number > this.#position.number) this.#move(position);
  }

  #handOn(message: RecordedMessage): void {
    if (!this.#position) return;
    this.#position = { epoch: this.#position.epoch, number: message.number };
    this.#parts.listener.deliver(this.#name, message);
  }

  #move(position: Position): void {
    this.#position = position;
    this.#parts.listener.moved(this.#name, position);
  }
}
