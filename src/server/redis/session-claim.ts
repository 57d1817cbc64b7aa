import { Buffer } from 'node:buffer';
import { Later } from '../sessions/refusal.ts';
import type { Reply, SessionRecord } from '../sessions/store.ts';

/** Somebody who waits until Redis has a change. */
interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** What is written of an outbox at once. */
export interface Change {
  /** The arguments of the script `save`. */
  readonly values: readonly string[];
  /** Redis has it. */
  written(): void;
  /** It must be written again. */
  failed(): void;
}

/** An outbox that this server has, and what Redis knows of it. */
export class SessionClaim {
  readonly name: string;
  /** Rises with each claim. Who has claimed it with a lower number does not have it any more. */
  readonly number: string;
  record: SessionRecord;
  /** The requests that are at work here when the outbox is released; null before. */
  running: readonly number[] | null = null;
  /** The replies that Redis has. */
  #written: Set<number> | undefined;
  readonly #waiting: Waiting[] = [];
  readonly #ended: (() => void)[] = [];

  constructor(name: string, number: string, record: SessionRecord) {
    this.name = name;
    this.number = number;
    this.record = record;
    if (record.replies) this.#written = new Set(record.replies.keys());
  }

  /** Resolves when this server does not have the outbox any more. */
  whenEnded(): Promise<void> {
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  /** Resolves when Redis has what there is now. */
  save(record: SessionRecord): Promise<void> {
    this.record = record;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** @param running - The requests that are still at work here. */
  release(record: SessionRecord, running: readonly number[]): void {
    this.record = record;
    this.running = running;
  }

  /** Redis has a reply that came from another server. */
  fetched(id: number): void {
    (this.#written ??= new Set()).add(id);
  }

  /** Redis has lost something: the next change is everything. */
  lost(): void {
    this.#written = undefined;
  }

  /**
   * Begins to write what has changed.
   *
   * @param server - The id of this server.
   * @param ttl - How long replies are kept after the release.
   */
  change(server: string, ttl: number): Change {
    const waiting = this.#waiting.splice(0);
    const { replies } = this.record;
    const added = [...(replies ?? [])].filter(([id]) => !this.#written?.has(id));
    const gone = [...(this.#written ?? [])].filter((id) => !replies?.has(id));
    const kept = added.flatMap(([id, reply]) => [`${id}`, encodeReply(reply)]);
    for (const id of this.running ?? []) kept.push(`${id}`, `r${server}`);
    const release = this.running ? `${ttl}` : '';
    const record = [this.name, this.number, ...writeRecord(this.record), release];
    const counts = [`${kept.length / 2}`, `${gone.length}`];
    return {
      values: [...record, ...counts, ...kept, ...gone.map(String)],
      written: () => {
        for (const [id] of added) this.fetched(id);
        for (const id of gone) this.#written?.delete(id);
        for (const { resolve } of waiting) resolve();
      },
      failed: () => void this.#waiting.unshift(...waiting),
    };
  }

  /** This server does not have the outbox any more. */
  end(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Later());
    for (const ended of this.#ended) ended();
  }
}

/** Returns a record as the fields `taken` and `failed` of Redis. Its replies have keys of their own. */
export const writeRecord = ({
  epoch,
  taken,
  failed,
  begun = null,
  excepted = null,
}: SessionRecord): string[] => [`${taken}`, JSON.stringify([failed, begun, epoch, excepted])];

/** Returns a reply as a text, since a client of Redis may read binary data as one. */
export const encodeReply = ({ data }: Reply): string =>
  typeof data === 'string' ? `s${data}` : `b${Buffer.from(data).toString('base64')}`;

export const decodeReply = (text: string): Reply => ({
  data: text.startsWith('s') ? text.slice(1) : Buffer.from(text.slice(1), 'base64'),
});
