import { Buffer } from 'node:buffer';
import { Later } from '../sessions/refusal.ts';
import type { Reply, SessionRecord } from '../sessions/store.ts';

/** Somebody who waits until Redis has a change. */
interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** An outbox that this server has, and what Redis knows of it. */
export class SessionClaim {
  readonly name: string;
  /** How often the outbox was claimed. Who has claimed it with a lower number does not have it any more. */
  readonly number: string;
  record: SessionRecord;
  /** The requests that are at work here when the outbox is released; null before. */
  running: readonly number[] | null = null;
  isWriting = false;
  /** The replies that Redis has. */
  readonly #written: Set<number>;
  #waiting: Waiting[] = [];
  #isDirty = false;
  #ended: (() => void)[] = [];

  constructor(name: string, number: string, record: SessionRecord | null) {
    this.name = name;
    this.number = number;
    this.record = record ?? { taken: 0, failed: [], replies: null };
    this.#written = new Set(record?.replies?.keys());
  }

  /** Whether Redis does not have everything. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Resolves when this server does not have the outbox any more. */
  whenEnded(): Promise<void> {
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  /** Resolves when Redis has what there is now. */
  save(record: SessionRecord): Promise<void> {
    this.record = record;
    this.#isDirty = true;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** @param running - The requests that are still at work here. */
  release(record: SessionRecord, running: readonly number[]): void {
    this.record = record;
    this.running = running;
    this.#isDirty = true;
  }

  /** Redis has a reply that came from another server. */
  fetched(id: number): void {
    this.#written.add(id);
  }

  /** Redis has lost something: everything must be written. */
  writeAll(): void {
    this.#written.clear();
    this.#isDirty = true;
  }

  /**
   * Writes what has changed, and returns the answer of the script `save`: 1 if Redis has it; null if there was none.
   *
   * @param write - Writes the record, the replies that are new, and those that are not needed any more.
   */
  async write(
    server: string,
    write: (record: readonly string[], kept: readonly string[], gone: string[]) => Promise<unknown>,
  ): Promise<unknown> {
    const waiting = this.#waiting.splice(0);
    const { taken, failed, replies } = this.record;
    const added = [...(replies ?? [])].filter(([id]) => !this.#written.has(id));
    const gone = [...this.#written].filter((id) => !replies?.has(id));
    const kept = added.flatMap(([id, reply]) => [`${id}`, encodeReply(reply)]);
    for (const id of this.running ?? []) kept.push(`${id}`, `r${server}`);
    this.#isDirty = false;
    const answer = await write([`${taken}`, JSON.stringify(failed)], kept, gone.map(String)).catch(
      () => null,
    );
    if (answer === 1) {
      for (const [id] of added) this.#written.add(id);
      for (const id of gone) this.#written.delete(id);
      for (const { resolve } of waiting) resolve();
    } else {
      this.#isDirty = true;
      this.#waiting.unshift(...waiting);
    }
    return answer;
  }

  /** This server does not have the outbox any more. */
  end(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Later());
    this.#isDirty = false;
    for (const ended of this.#ended) ended();
  }
}

/** Returns a reply as a text, since a client of Redis may read binary data as one. */
export const encodeReply = ({ data }: Reply): string =>
  typeof data === 'string' ? `s${data}` : `b${Buffer.from(data).toString('base64')}`;

export const decodeReply = (text: string): Reply => ({
  data: text.startsWith('s') ? text.slice(1) : Buffer.from(text.slice(1), 'base64'),
});
