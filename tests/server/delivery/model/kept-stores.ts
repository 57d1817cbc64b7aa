import type { HistoryStore, SessionStore } from '../../../../src/server.ts';
import type {
  HistoryListener,
  Position,
  RecordedMessage,
  TopicMessage,
} from '../../../../src/server/history/store.ts';
import { type LogBounds, TopicLog } from '../../../../src/server/history/topic-log.ts';
import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';
import type { ServerTime } from './timers.ts';

type SessionRecord = NonNullable<Awaited<ReturnType<SessionStore['claim']>>>;

const copyOf = ({ epoch, taken, failed, replies }: SessionRecord): SessionRecord => ({
  epoch,
  taken,
  failed: [...failed],
  replies: replies && new Map(replies),
});

/** Sessions that outlive the server, as in a database that is so many milliseconds away; 0: it answers at once. */
export class KeptSessions {
  readonly #records = new Map<string, SessionRecord>();
  readonly #clock: SimulatedClock;
  readonly #time: ServerTime;
  readonly #latency: number;
  /** Writes of a process that was killed are lost on their way. */
  #process = 0;

  constructor(clock: SimulatedClock, time: ServerTime, latency: number) {
    this.#clock = clock;
    this.#time = time;
    this.#latency = latency;
  }

  /** The last number of an outbox that is written down. */
  durable(outbox: string): number {
    for (const [name, { taken }] of this.#records) if (name.endsWith(outbox)) return taken;
    return 0;
  }

  /** The process ends. */
  close(): void {
    this.#process++;
  }

  /** The store of the next process. */
  open(): SessionStore {
    const process = ++this.#process;
    const records = this.#records;
    const write = (change: () => void): void | Promise<void> => {
      if (this.#latency === 0) return change();
      this.#clock.later(this.#latency / 2, () => process === this.#process && change());
      return new Promise((resolve) => this.#time.later(this.#latency, resolve));
    };
    return {
      ttl: 120_000,
      get size() {
        return records.size;
      },
      start() {},
      claim: (_owner, name, epoch) => {
        const read = () => {
          const record = records.get(name);
          if (!record) records.set(name, { epoch, taken: 0, failed: [], replies: null });
          return record ? copyOf(record) : null;
        };
        if (this.#latency === 0) return read();
        return new Promise((resolve) => this.#time.later(this.#latency, () => resolve(read())));
      },
      save: (name, record) => {
        const copy = copyOf(record);
        return write(() => void records.set(name, copy));
      },
      release(_owner, name, record) {
        const copy = copyOf(record);
        void write(() => void records.set(name, copy));
      },
      forget: (_owner, name) => void write(() => void records.delete(name)),
      // What is on its way arrives first.
      stop: async () => write(() => {}),
    };
  }
}

/** A history that outlives the server, as in a database that is so many milliseconds away; 0: it answers at once. */
export class KeptHistory {
  /** Called when a message has its position. */
  onAdded: (topic: string, message: TopicMessage, position: Position) => void = () => {};
  readonly #logs = new Map<string, TopicLog>();
  readonly #clock: SimulatedClock;
  readonly #latency: number;
  readonly #bounds: LogBounds;
  /** Writes of a process that was killed are lost on their way. */
  #process = 0;

  constructor(clock: SimulatedClock, latency: number, bounds: LogBounds) {
    this.#clock = clock;
    this.#latency = latency;
    this.#bounds = bounds;
  }

  /** The process ends. */
  close(): void {
    this.#process++;
  }

  /** The store of the next process. */
  open(): HistoryStore {
    const process = ++this.#process;
    const latency = this.#latency;
    const followed = new Set<string>();
    let listener: HistoryListener | undefined;
    /** What is asked arrives after half of the time, and the answer after the rest. */
    const ask = <Answer>(question: () => Answer): Answer | Promise<Answer> => {
      if (latency === 0) return question();
      return new Promise((resolve) => {
        this.#clock.later(latency / 2, () => {
          if (process !== this.#process) return;
          const answer = question();
          this.#clock.later(latency / 2, () => process === this.#process && resolve(answer));
        });
      });
    };
    const tell = (topic: string, message: RecordedMessage) => {
      if (followed.has(topic)) listener?.deliver(topic, message);
    };
    return {
      isShared: true,
      start: (given) => void (listener = given),
      follow: (topic) => {
        followed.add(topic);
        return ask(() => this.#log(topic).position);
      },
      unfollow: (topic) => void followed.delete(topic),
      publish: (topic, message) => {
        const added = ask(() => ({ ...message, number: this.#add(topic, message) }));
        if (added instanceof Promise) return added.then((recorded) => tell(topic, recorded));
        return tell(topic, added);
      },
      read: (topic, position) => ask(() => this.#log(topic).read(position)),
      // What is on its way arrives first.
      stop: async () => ask(() => {}),
    };
  }

  #add(topic: string, message: TopicMessage): number {
    const log = this.#log(topic);
    const number = log.add(message, performance.now(), this.#bounds);
    this.onAdded(topic, message, log.position);
    return number;
  }

  #log(topic: string): TopicLog {
    let log = this.#logs.get(topic);
    if (!log) this.#logs.set(topic, (log = new TopicLog(`kept-${topic}`)));
    log.trim(performance.now(), this.#bounds);
    return log;
  }
}
