import { randomBytes } from 'node:crypto';
import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { readCounts } from '../limits/counts.ts';
import type {
  HistoryListener,
  HistoryStore,
  Position,
  RecordedMessage,
  TopicMessage,
} from './store.ts';
import { type LogBounds, TopicLog } from './topic-log.ts';

/** The options of {@link memoryHistory}. */
export interface MemoryHistoryOptions {
  /** How many messages of a topic are kept. @defaultValue 100 */
  readonly perTopic?: number | undefined;
  /** How many bytes a topic may take, with 200 for each message. @defaultValue 1_048_576 (1 MiB) */
  readonly bytesPerTopic?: number | undefined;
  /** How long a message is kept, in milliseconds. @defaultValue 120_000 */
  readonly ttl?: number | undefined;
  /** How many topics are kept. The one in which nothing was said for longest is forgotten first. @defaultValue 10_000 */
  readonly topics?: number | undefined;
  /** How many bytes all topics together may take. @defaultValue 67_108_864 (64 MiB) */
  readonly bytes?: number | undefined;
}

interface Bounds extends LogBounds {
  readonly topics: number;
  readonly bytes: number;
}

const DEFAULTS: Bounds = {
  perTopic: 100,
  bytesPerTopic: 1_048_576,
  ttl: 120_000,
  topics: 10_000,
  bytes: 67_108_864,
};

/**
 * Keeps the last messages of topics in the memory of one server. Only topics to which a client with a session was
 * subscribed take memory.
 *
 * @throws TypeError if an option is unknown or not valid.
 * @example
 * ```ts
 * createLifelineServer({ sessions: memorySessions(), history: memoryHistory({ perTopic: 500, ttl: 600_000 }) });
 * ```
 */
export function memoryHistory(options: MemoryHistoryOptions = {}): HistoryStore {
  checkOptions(options, Object.keys(DEFAULTS), 'memoryHistory()');
  return new MemoryHistory(readCounts(options, DEFAULTS));
}

class MemoryHistory implements HistoryStore {
  readonly isShared = false;
  readonly #bounds: Bounds;
  /** The topics that were ever followed. Those in which nothing was said share a beginning, which takes no memory of its own. */
  readonly #logs = new Map<string, TopicLog | Position>();
  /** Those that can be forgotten: all but those that are empty and followed. The one that was idle for longest comes first. */
  readonly #idle = new Map<string, TopicLog | Position>();
  readonly #process = randomBytes(6).toString('hex');
  /** How many topics were forgotten. */
  #forgotten = 0;
  #beginning: Position = this.#begin();
  #bytes = 0;
  #listener: HistoryListener | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  start(listener: HistoryListener): void {
    checkUnused(!!this.#listener, 'memoryHistory()');
    this.#listener = listener;
  }

  follow(topic: string): Position {
    const log = this.#logs.get(topic) ?? this.#beginning;
    if (log === this.#beginning) this.#logs.set(topic, log);
    if (!(log instanceof TopicLog)) {
      this.#idle.delete(topic);
      return log;
    }
    log.isFollowed = true;
    if (log.isEmpty) this.#idle.delete(topic);
    return log.position;
  }

  unfollow(topic: string): void {
    const log = this.#logs.get(topic);
    if (!log) return;
    if (log instanceof TopicLog) log.isFollowed = false;
    this.#touch(topic, log);
  }

  publish(topic: string, message: TopicMessage): void {
    const log = this.#logOf(topic);
    // Nobody has a position in it, so nobody can ask for the message.
    if (!log) return;
    const number = this.#change(log, (now) => log.add(message, now, this.#bounds));
    this.#touch(topic, log);
    this.#timer ??= setInterval(() => this.#sweep(), this.#bounds.ttl).unref();
    this.#listener?.deliver(topic, { ...message, number });
  }

  read(topic: string, position: Position): readonly RecordedMessage[] | null {
    const log = this.#logs.get(topic);
    if (!log) return null;
    if (!(log instanceof TopicLog)) return isSame(log, position) ? [] : null;
    this.#change(log, (now) => log.trim(now, this.#bounds));
    return log.read(position);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#logs.clear();
    this.#idle.clear();
  }

  /** Another process, and a topic that begins again after it was forgotten, has another epoch. */
  #begin(): Position {
    return { epoch: `${this.#process}-${this.#forgotten}`, number: 0 };
  }

  /** Returns the log of a topic that was ever followed, in which something may have been said. */
  #logOf(topic: string): TopicLog | undefined {
    const log = this.#logs.get(topic);
    if (!log || log instanceof TopicLog) return log;
    const begun = new TopicLog(log.epoch);
    begun.isFollowed = !this.#idle.has(topic);
    this.#logs.set(topic, begun);
    return begun;
  }

  /** Changes a log, and counts its bytes. */
  #change<Result>(log: TopicLog, change: (now: number) => Result): Result {
    const before = log.bytes;
    const result = change(performance.now());
    this.#bytes += log.bytes - before;
    return result;
  }

  /** A topic was used. Forgets those that were idle for longest, if there is too much. */
  #touch(topic: string, log: TopicLog | Position): void {
    this.#idle.delete(topic);
    this.#idle.set(topic, log);
    for (const [oldest, other] of this.#idle) {
      if (this.#idle.size <= this.#bounds.topics && this.#bytes <= this.#bounds.bytes) return;
      this.#idle.delete(oldest);
      const isLog = other instanceof TopicLog;
      if (isLog) this.#change(other, () => other.clear());
      // While anybody is subscribed, its numbers must go on.
      if (!isLog || !other.isFollowed) {
        this.#logs.delete(oldest);
        this.#forgotten++;
        this.#beginning = this.#begin();
      }
      this.#listener?.forgotten(oldest);
    }
  }

  /** Frees the memory of messages that are too old. */
  #sweep(): void {
    let isEmpty = true;
    for (const log of this.#idle.values()) {
      if (!(log instanceof TopicLog)) continue;
      this.#change(log, (now) => log.trim(now, this.#bounds));
      isEmpty &&= log.isEmpty;
    }
    if (!isEmpty) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const isSame = (one: Position, other: Position) =>
  one.epoch === other.epoch && one.number === other.number;
