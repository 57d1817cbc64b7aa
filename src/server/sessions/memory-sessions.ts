import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { readCounts } from '../limits/counts.ts';
import {
  identityOf,
  type SessionRecord,
  type SessionStore,
  type SessionStoreListener,
} from './store.ts';

/** The options of {@link memorySessions}. */
export interface MemorySessionsOptions {
  /** How long replies are kept after the last link of a client, in milliseconds. @defaultValue 120_000 */
  readonly ttl?: number | undefined;
  /**
   * How long the number of the last message is kept, in milliseconds: longer than clients keep what they have sent, which is 12 h.
   * @defaultValue 86_400_000 (24 h)
   */
  readonly numberTtl?: number | undefined;
  /** How many outboxes are remembered. The one whose link ended first is forgotten first. @defaultValue 100_000 */
  readonly max?: number | undefined;
  /** How many outboxes of an identity. @defaultValue 64 */
  readonly maxPerIdentity?: number | undefined;
}

type Bounds = Readonly<Record<keyof MemorySessionsOptions, number>>;

const DEFAULTS: Bounds = {
  ttl: 120_000,
  numberTtl: 86_400_000,
  max: 100_000,
  maxPerIdentity: 64,
};

/**
 * Remembers sessions in the memory of one server. Nothing of them outlives it.
 *
 * @throws TypeError if an option is unknown or not valid.
 * @example
 * ```ts
 * createLifelineServer({ sessions: memorySessions({ ttl: 300_000 }) });
 * ```
 */
export function memorySessions(options: MemorySessionsOptions = {}): SessionStore {
  checkOptions(options, Object.keys(DEFAULTS), 'memorySessions()');
  return new MemorySessions(readCounts(options, DEFAULTS));
}

/** An outbox without a link. Times are those of `performance.now()`: a clock that is set changes nothing. */
interface Resting {
  readonly owner: string;
  readonly record: SessionRecord;
  readonly since: number;
}

class MemorySessions implements SessionStore {
  size = 0;
  readonly #bounds: Bounds;
  /** The outboxes without a link. The one whose link ended first comes first. */
  readonly #resting = new Map<string, Resting>();
  /** Those of them with replies. */
  readonly #withReplies = new Map<string, Resting>();
  /** All outboxes of each owner, in the same order; in a list only if there are several. */
  readonly #byOwner = new Map<string, string | readonly string[]>();
  #listener: SessionStoreListener | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get ttl(): number {
    return this.#bounds.ttl;
  }

  start(listener: SessionStoreListener): void {
    checkUnused(!!this.#listener, 'memorySessions()');
    this.#listener = listener;
  }

  claim(owner: string, outbox: string): SessionRecord | null {
    this.#expire();
    const { record = null } = this.#resting.get(outbox) ?? {};
    this.#drop(owner, outbox);
    this.#makeRoom(this.#own(owner, outbox));
    return record;
  }

  save(): void {
    // The record of the server is the one that is remembered.
  }

  release(owner: string, outbox: string, record: SessionRecord): void {
    this.#drop(owner, outbox);
    const resting = { owner, record, since: performance.now() };
    this.#resting.set(outbox, resting);
    if (record.replies) this.#withReplies.set(outbox, resting);
    this.#own(owner, outbox);
    this.#timer ??= setInterval(() => this.#expire(), this.#bounds.ttl).unref();
  }

  forget(owner: string, outbox: string): void {
    this.#drop(owner, outbox);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const map of [this.#resting, this.#withReplies, this.#byOwner]) map.clear();
    this.size = 0;
  }

  #drop(owner: string, outbox: string): void {
    this.#resting.delete(outbox);
    this.#withReplies.delete(outbox);
    this.#setOutboxes(
      owner,
      this.#outboxesOf(owner).filter((other) => other !== outbox),
    );
  }

  /** Adds an outbox to those of its owner, and returns these. */
  #own(owner: string, outbox: string): readonly string[] {
    return this.#setOutboxes(owner, [...this.#outboxesOf(owner), outbox]);
  }

  #outboxesOf(owner: string): readonly string[] {
    const outboxes = this.#byOwner.get(owner) ?? [];
    return typeof outboxes === 'string' ? [outboxes] : outboxes;
  }

  #setOutboxes(owner: string, outboxes: readonly string[]): readonly string[] {
    this.size += outboxes.length - this.#outboxesOf(owner).length;
    const [first, second] = outboxes;
    if (first === undefined) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, second === undefined ? first : outboxes);
    return outboxes;
  }

  /** Forgets what is too much. Outboxes with a link are as many as there are connections, which have bounds of their own. */
  #makeRoom(ofOwner: readonly string[]): void {
    if (this.size > this.#bounds.max) this.#forgetFirst(this.#resting.keys());
    if (ofOwner.length > this.#bounds.maxPerIdentity) this.#forgetFirst(ofOwner);
  }

  #forgetFirst(outboxes: Iterable<string>): void {
    for (const outbox of outboxes) {
      const resting = this.#resting.get(outbox);
      if (!resting) continue;
      this.#drop(resting.owner, outbox);
      return this.#listener?.forgotten({ what: 'session', of: identityOf(resting.owner) });
    }
  }

  /** Forgets what is too old. */
  #expire(): void {
    const now = performance.now();
    const { ttl, numberTtl } = this.#bounds;
    for (const [outbox, { record, since }] of this.#withReplies) {
      if (now - since < ttl) break;
      record.replies = null;
      this.#withReplies.delete(outbox);
    }
    for (const [outbox, { owner, since }] of this.#resting) {
      if (now - since < numberTtl) break;
      this.#drop(owner, outbox);
    }
    if (this.#resting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
