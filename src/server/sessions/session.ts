import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import { WINDOW } from '../limits/delivery.ts';
import type { SessionApp, Outcome } from './app.ts';
import type { GuardedStore } from './guarded-store.ts';
import { Requests } from './requests.ts';
import { type Forgotten, identityOf, type SessionRecord } from './store.ts';

/** What a session tells its connection. */
export interface Link {
  /** The session is its own from now on. */
  attached(isKnown: boolean): void;
  /** Another connection has begun the same session. */
  replaced(): void;
  /** More was taken, or will not be. */
  taken(): void;
  /** A handler has asked for a later try. */
  postpone(): void;
  send(data: string | Uint8Array): void;
}

/** A frame of the client that takes a number, or more of them. */
export interface CountedFrame {
  readonly client: ServerClient<AnyIdentity>;
  /** The payload; null for numbers that are skipped. */
  readonly data: string | Buffer | null;
  /** How many numbers it takes. */
  readonly count: number;
  /** The id of the request; null for a message. */
  readonly request: number | null;
  isAborted?: boolean;
}

/** The parts that all sessions share. */
export interface SessionParts {
  readonly app: SessionApp;
  readonly store: GuardedStore;
  readonly counters: { failed: number };
  /** How long a handler may take, in milliseconds. */
  readonly handlerTimeout: number;
  /** Nobody knows what the session was. */
  readonly unknown: (session: Session) => void;
  /** The session has no link, and nothing of it is at work. */
  readonly idle: (session: Session) => void;
  readonly forgotten: (forgotten: Forgotten) => void;
}

const TOO_LONG =
  'A message handler took too long, so that its client was told that it failed, and the next message is handled. Raise handlerTimeout, or answer a long task by a request.';

/** The handling of what one client sends: one after the other, in order, each once. */
export class Session {
  readonly owner: string;
  /** The id that the client has given its outbox. */
  readonly outbox: string;
  /** The name of the outbox on this server. */
  readonly name: string;
  record: SessionRecord = { taken: 0, failed: [], replies: null };
  /** The last number that was received. */
  received = 0;
  bytes = 0;
  requests: Requests | null = null;
  readonly #parts: SessionParts;
  #link: Link | null = null;
  /** The connection that waits until the handler of the older one has ended. */
  #waiting: Link | null = null;
  #isOpened = false;
  #isKnown = false;
  #queue: CountedFrame[] = [];
  /** Whether a handler runs, or the store works. */
  #isBusy = false;
  #pause: NodeJS.Timeout | undefined;
  /** Aborts what runs when nobody can ask for it any more. */
  #expiry: NodeJS.Timeout | undefined;
  #isRunning = false;
  #onFinished: (() => void)[] = [];

  constructor(owner: string, outbox: string, parts: SessionParts) {
    this.owner = owner;
    this.outbox = outbox;
    this.name = `${owner} ${outbox}`;
    this.#parts = parts;
  }

  /** Whether a client waits for its link. */
  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** Asks the store what it remembers. */
  #open(): void {
    this.#isOpened = true;
    this.#isBusy = true;
    const found = (record: SessionRecord | null) => {
      this.#isKnown = record !== null;
      this.record = record ?? this.record;
      if (this.record.replies) this.begun();
      this.#free();
    };
    const claimed = this.#parts.store.claim(this.owner, this.name);
    if (claimed instanceof Promise) void claimed.then(found, (error) => this.#cannotOpen(error));
    else found(claimed);
  }

  /** The store does not work at the moment: the client comes back later. */
  #cannotOpen(error: unknown): void {
    this.#parts.app.report(error);
    this.#parts.unknown(this);
    this.#waiting?.postpone();
  }

  /** A new connection begins the session. It is attached when no handler of an older one runs. */
  takeOver(link: Link): void {
    this.#waiting?.replaced();
    this.#waiting = link;
    this.#link?.replaced();
    this.#link = null;
    this.drop();
    clearTimeout(this.#expiry);
    if (this.#isOpened) this.#settle();
    else this.#open();
  }

  /** The numbers before this one are confirmed. */
  confirmed(next: number): void {
    const { record } = this;
    record.taken = Math.max(record.taken, next - 1);
    record.failed = record.failed.filter(([number]) => number >= next);
    this.received = record.taken;
  }

  receive(frame: CountedFrame): void {
    this.received += frame.count;
    this.bytes += frame.data?.length ?? 0;
    this.#queue.push(frame);
    this.#run();
  }

  /** Returns a request that waits for its turn. */
  waitingRequest(id: number): CountedFrame | undefined {
    return this.#queue.find(({ request }) => request === id);
  }

  /** What has no handler yet is not taken. */
  drop(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    for (const { data } of this.#queue) this.bytes -= data?.length ?? 0;
    this.#queue = [];
  }

  /** The server ends a connection: what has arrived over it and has no handler yet is not taken. */
  dropOf(link: Link): void {
    if (this.#link === link) this.drop();
  }

  /** Calls `done` when no handler runs. No further one begins. */
  finish(done: () => void): void {
    this.drop();
    this.#onFinished.push(done);
    this.#settle();
  }

  /** A connection has ended. What has arrived over it is still handled. */
  ended(link: Link): void {
    if (this.#waiting === link) this.#waiting = null;
    if (this.#link === link) this.#link = null;
    this.#settle();
  }

  /** Returns the requests, which only a client that sends some has. */
  begun(): Requests {
    return (this.requests ??= new Requests(
      {
        app: this.#parts.app,
        send: (data) => {
          this.#link?.send(data);
          return this.#link !== null;
        },
        done: () => {
          void this.#parts.store.save(this.name, this.record);
          this.#run();
          this.#settle();
        },
        forgotten: () => this.#parts.forgotten({ what: 'reply', of: identityOf(this.owner) }),
      },
      this.record,
    ));
  }

  /** Nobody can ask for it any more. */
  abort(): void {
    this.drop();
    clearTimeout(this.#expiry);
    this.requests?.abortAll();
  }

  /** Handles what has arrived, until it must wait. */
  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (!this.#isBusy && !this.#pause && this.#onFinished.length === 0) {
      const [frame] = this.#queue;
      if (!frame || !this.#mayBegin(frame)) break;
      this.#queue.shift();
      this.#begin(frame);
    }
    this.#isRunning = false;
  }

  #mayBegin({ request, isAborted }: CountedFrame): boolean {
    if (request !== null && !isAborted && this.begun().running >= WINDOW) return false;
    const wait = this.#parts.app.waitFor(this.owner);
    if (wait <= 0) return true;
    this.#wait(wait);
    return false;
  }

  #wait(ms: number): void {
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#run();
      this.#settle();
    }, ms);
  }

  #begin(frame: CountedFrame): void {
    const { client, data, request, isAborted } = frame;
    if (data === null || isAborted) return this.#take(frame, 'taken');
    if (request !== null) {
      this.#take(frame, 'taken');
      return this.begun().begin(client, request, data);
    }
    const id = { outbox: this.outbox, number: this.record.taken + 1 };
    const outcome = this.#parts.app.message(client, data, id);
    if (outcome instanceof Promise) this.#await(frame, outcome);
    else this.#take(frame, outcome);
  }

  #await(frame: CountedFrame, outcome: Promise<Outcome>): void {
    this.#isBusy = true;
    let isOver = false;
    const end = (result: Outcome) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      this.#isBusy = false;
      this.#take(frame, result);
      if (!this.#isBusy) this.#free();
    };
    const timer = setTimeout(() => {
      this.#parts.app.report(new Error(TOO_LONG));
      end({ reason: null });
    }, this.#parts.handlerTimeout);
    void outcome.then(end);
  }

  #take({ data, count }: CountedFrame, outcome: Outcome): void {
    this.bytes -= data?.length ?? 0;
    if (outcome === 'later') {
      this.drop();
      return this.#link?.postpone();
    }
    const { record } = this;
    record.taken += count;
    if (typeof outcome === 'object') {
      this.#parts.counters.failed++;
      record.failed.push([record.taken, outcome.reason]);
      if (outcome.pause) this.#wait(outcome.pause);
    }
    // What is older than a window is confirmed, or the client could not have sent this one.
    while ((record.failed[0]?.[0] ?? Infinity) <= record.taken - WINDOW) record.failed.shift();
    const saving = this.#parts.store.save(this.name, this.record);
    if (!saving) return this.#link?.taken();
    this.#isBusy = true;
    const saved = () => {
      this.#link?.taken();
      this.#free();
    };
    void saving.then(saved);
  }

  /** Nothing runs any more. */
  #free(): void {
    this.#isBusy = false;
    this.#run();
    this.#settle();
  }

  /** Does what had to wait for the handler. */
  #settle(): void {
    if (this.#isBusy) return;
    for (const done of this.#onFinished.splice(0)) done();
    if (this.#waiting) return this.#attach(this.#waiting);
    if (this.#link || this.#queue.length > 0) return;
    clearTimeout(this.#expiry);
    if ((this.requests?.running ?? 0) === 0) return this.#parts.idle(this);
    this.#expiry = setTimeout(() => this.requests?.abortAll(), this.#parts.store.ttl);
  }

  #attach(link: Link): void {
    this.#waiting = null;
    this.#link = link;
    this.requests?.linked();
    const isKnown = this.#isKnown;
    this.#isKnown = true;
    link.attached(isKnown);
  }
}
