import type { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Position, RecordedMessage } from '../history/store.ts';
import { decode } from './history-message.ts';
import { REMEMBERED, SCRIPTS } from './history-scripts.ts';
import type { RedisLink } from './link.ts';
import { isAnswer } from './refusal.ts';

/** The bounds of a history: the options of the same names. */
export interface HistoryBounds {
  readonly perTopic: number;
  readonly bytesPerTopic: number;
  readonly ttl: number;
  readonly topics: number;
}

/** Where a topic stands, and what was said behind a position; `messages` is null if it is not all there. */
export interface Reading {
  readonly position: Position;
  readonly messages: readonly RecordedMessage[] | null;
}

/** A message on its way to Redis. */
export interface Unrecorded {
  readonly server: string;
  /** Which one of this server it is. */
  readonly turn: number;
  /** The data in which an earlier attempt may have recorded it; empty if none has. */
  readonly since: string;
  readonly topic: string;
  readonly data: Buffer;
}

/** The data in Redis that this server has claimed is not there any more. */
export class StaleError extends Error {
  override readonly name = 'StaleError';

  constructor() {
    super('what was in Redis is lost');
  }
}

interface Claim {
  readonly link: RedisLink;
  /** The start of the names of keys and channels. */
  readonly base: string;
  readonly bounds: HistoryBounds;
  /** A topic was forgotten. */
  readonly forgotten: (topic: string) => void;
}

/** What one link does with the data that is in Redis now. It is of no use when that data is lost. */
export class HistoryLink {
  /** Names the data. */
  readonly born: string;
  readonly #claim: Claim;
  #isStale = false;

  private constructor(claim: Claim, born: string) {
    this.#claim = claim;
    this.born = born;
  }

  /** Finds out which data is in Redis, or begins some. */
  static async claim(claim: Claim): Promise<HistoryLink> {
    const { link, base, bounds } = claim;
    const [server, replication] = [
      await link.send('INFO', 'server'),
      await link.send('INFO', 'replication'),
    ];
    const [, run = ''] = /run_id:(\w+)/.exec(String(server)) ?? [];
    // It changes when a replica becomes the master, and also if the old one becomes it again.
    const [, line = ''] = /master_replid:(\w+)/.exec(String(replication)) ?? [];
    const age = String(ttlOf(bounds) + REMEMBERED);
    const random = randomBytes(4).toString('hex');
    const born = await link.send('EVAL', SCRIPTS.claim, '1', base, run, line, random, age);
    return new HistoryLink(claim, String(born));
  }

  /** Whether the data may still be there. */
  get isCurrent(): boolean {
    return !this.#isStale;
  }

  lose(error: Error): void {
    this.#claim.link.lose(error);
  }

  /** Returns where topics stand, in their order. */
  async locate(topics: readonly string[]): Promise<Position[]> {
    const answer = await this.#run('locate', ...topics.map((topic) => JSON.stringify(topic)));
    const [positions, forgotten] = answer as [[Buffer, number][], Buffer[]];
    this.#tellForgotten(forgotten);
    return positions.map(([epoch, number]) => ({ epoch: String(epoch), number }));
  }

  /**
   * Records a message.
   *
   * @returns Its position; null if it was recorded before, or nobody can ask for it; undefined if nobody can tell whether it was
   * recorded before.
   */
  async append({
    server,
    turn,
    since,
    topic,
    data,
  }: Unrecorded): Promise<Position | null | undefined> {
    const { perTopic, bytesPerTopic } = this.#claim.bounds;
    const name = JSON.stringify(topic);
    const limits = [limitOf(perTopic), limitOf(bytesPerTopic)];
    const answer = await this.#run('append', server, String(turn), since, name, data, ...limits);
    if (!Array.isArray(answer)) return undefined;
    if (answer.length === 0) return null;
    const [epoch, number, forgotten] = answer as [Buffer, number, Buffer[]];
    this.#tellForgotten(forgotten);
    return { epoch: String(epoch), number };
  }

  async read(topic: string, { epoch, number }: Position): Promise<Reading> {
    const answer = await this.#run('read', JSON.stringify(topic), epoch, String(number));
    const [present, last, messages] = answer as [Buffer, number, Buffer[]?];
    return {
      position: { epoch: String(present), number: last },
      messages: messages?.map((recorded, n) => decode(recorded, last - n)).toReversed() ?? null,
    };
  }

  async #run(
    script: 'locate' | 'append' | 'read',
    ...values: (string | Buffer)[]
  ): Promise<unknown> {
    const { link, base, bounds } = this.#claim;
    const args = [this.born, String(ttlOf(bounds)), limitOf(bounds.topics)];
    let answer: unknown;
    try {
      answer = await link.sendForBytes('EVAL', SCRIPTS[script], '1', base, ...args, ...values);
    } catch (error) {
      if (!isAnswer(error)) link.lose(error as Error);
      throw error;
    }
    if (answer !== null) return answer;
    this.#isStale = true;
    link.wake();
    throw new StaleError();
  }

  #tellForgotten(forgotten: readonly Buffer[]): void {
    for (const topic of forgotten) this.#claim.forgotten(JSON.parse(String(topic)) as string);
  }
}

/** Redis takes whole milliseconds. */
const ttlOf = ({ ttl }: HistoryBounds) => Math.ceil(ttl);

/** The largest number that Redis takes without loss stands for no limit. */
const limitOf = (bound: number) => String(Math.min(bound, Number.MAX_SAFE_INTEGER));
