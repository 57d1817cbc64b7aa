import { WINDOW } from '../limits/delivery.ts';
import type { Outcome } from './app.ts';
import { settleWithin } from './handler-timeout.ts';
import type { CountedFrame, Link } from './link.ts';
import { Later } from './refusal.ts';
import { confirmNumbers, newRecord, takeNumbers } from './record.ts';
import { Requests } from './requests.ts';
import { Saver } from './saver.ts';
import type { SharedParts } from './shared-parts.ts';
import { identityOf, type SessionRecord } from './store.ts';

/**
 * Which part of its life a session is in: `new` until the store is asked for it, `wanted` when another server asks for it, and
 * `gone` when this server does not have it any more.
 */
type Phase = 'new' | 'opened' | 'wanted' | 'gone';

/** The handling of what one client sends: one after the other, in order, each once. */
export class Session {
  readonly owner: string;
  /** The name of the outbox on this server. */
  readonly name: string;
  record: SessionRecord = newRecord();
  /** The last number that was received. */
  received = 0;
  bytes = 0;
  requests: Requests | null = null;
  readonly saver: Saver;
  readonly #parts: SharedParts<Session>;
  #link: Link | null = null;
  /** The connection that waits until the handler of the older one has ended. */
  #waiting: Link | null = null;
  #phase: Phase = 'new';
  #isKnown = false;
  /** What waits for its turn; null for nothing, since most sessions are idle. */
  #queue: CountedFrame[] | null = null;
  /** Whether a handler of a message runs, or the store looks for the session. */
  #isBusy = false;
  #pause: NodeJS.Timeout | undefined;
  /** Whether something was not taken: what comes behind it over the same connection is not, either. */
  #hasDropped = false;
  /** Aborts what runs when nobody can ask for it any more. */
  #expiry: NodeJS.Timeout | undefined;
  #isRunning = false;
  #onFinished: (() => void)[] | null = null;

  constructor(owner: string, outbox: string, parts: SharedParts<Session>) {
    this.owner = owner;
    // Joined, it is one text in memory, and no tree of texts.
    this.name = [owner, outbox].join(' ');
    this.#parts = parts;
    this.saver = new Saver(parts.store, this);
  }

  /** The id that the client has given its outbox. */
  get outbox(): string {
    return this.name.slice(this.owner.length + 1);
  }

  /** Whether a client waits for its link. */
  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** Asks the store what it remembers. */
  #open(): void {
    this.#phase = 'opened';
    this.#isBusy = true;
    const found = (record: SessionRecord | null) => {
      this.#isKnown = record !== null;
      if (record) this.record = record;
      if (this.record.replies ?? this.record.elsewhere) this.begun();
      this.#free();
    };
    const { epoch } = this.record;
    const claimed = this.#parts.store.claim(this.owner, this.name, epoch, () => this.isWaiting);
    if (claimed instanceof Promise) void claimed.then(found, (error) => this.failed(error));
    else found(claimed);
  }

  /** The store does not work at the moment: the client comes back later. */
  failed(error: unknown): void {
    if (!(error instanceof Later)) this.#parts.app.report(error);
    this.leave((link) => link.postpone());
  }

  /** Another server asks for it: it is released when the running handler has ended. What has no handler yet is not taken. */
  handOver(): void {
    this.#phase = 'wanted';
    this.#link?.replaced();
    this.#link = null;
    this.drop();
    this.#settle();
  }

  /** Nothing that is still at work here counts any more. */
  leave(tell: (link: Link) => void): void {
    this.#phase = 'gone';
    this.saver.stop();
    this.#parts.unknown(this);
    for (const link of [this.#link, this.#waiting]) if (link) tell(link);
    this.#link = this.#waiting = null;
    this.abort();
    this.#settle();
  }

  /** The store has more of it. */
  saved(): void {
    this.#link?.taken();
    this.#settle();
  }

  /** A new connection begins the session. It is attached when no handler of an older one runs. */
  takeOver(link: Link): void {
    this.#waiting?.replaced();
    this.#waiting = link;
    this.#link?.replaced();
    this.#link = null;
    this.drop();
    clearTimeout(this.#expiry);
    if (this.#phase === 'new') this.#open();
    else this.#settle();
  }

  /** The numbers before this one are confirmed. */
  confirmed(next: number): void {
    confirmNumbers(this.record, next);
    this.received = this.saver.saved = this.record.taken;
  }

  receive(frame: CountedFrame): void {
    this.received += frame.count;
    if (this.#hasDropped) return;
    this.bytes += frame.data?.length ?? 0;
    (this.#queue ??= []).push(frame);
    this.#run();
  }

  /** Returns a request that waits for its turn. */
  waitingRequest(id: number): CountedFrame | undefined {
    return this.#queue?.find(({ request }) => request === id);
  }

  /** What has no handler yet is not taken. */
  drop(): void {
    this.#hasDropped = true;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    for (const { data } of this.#queue ?? []) this.bytes -= data?.length ?? 0;
    this.#queue = null;
  }

  /** Whether it goes on over this connection, and no newer one. */
  isOn(link: Link): boolean {
    return this.#link === link;
  }

  /** Calls `done` when no handler runs. No further one begins. */
  finish(done: () => void): void {
    this.drop();
    (this.#onFinished ??= []).push(done);
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
          this.saver.save();
          this.#run();
          this.#settle();
        },
        reply: (id, reply) => this.#parts.store.reply(this.name, id, reply),
        abort: (id) => this.#parts.store.abort(this.name, id),
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

  /** The server stops. Waits for the handler that runs, or it would run again on the next server. */
  async stop(): Promise<void> {
    this.abort();
    if (this.#isKnown) await new Promise<void>((done) => this.finish(done));
  }

  /** Handles what has arrived, until it must wait. */
  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (!this.#isBusy && !this.#pause && !this.#onFinished?.length) {
      const [frame, next] = this.#queue ?? [];
      if (!frame || !this.#mayBegin(frame)) break;
      if (next) this.#queue?.shift();
      else this.#queue = null;
      this.#begin(frame);
    }
    this.#isRunning = false;
  }

  #mayBegin({ request, isAborted }: CountedFrame): boolean {
    if (request !== null && !isAborted && this.begun().running >= WINDOW) return false;
    const wait = this.#parts.store.waitFor(this.name) || this.#parts.app.waitFor(this.owner);
    if (wait > 0) this.#wait(wait);
    return wait <= 0;
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
    const id = { outbox: this.outbox, number: this.record.taken + 1 };
    if (request !== null) {
      this.#take(frame, 'taken');
      return this.begun().begin(client, request, data, id);
    }
    const outcome = this.#parts.app.message(client, data, id);
    if (outcome instanceof Promise) this.#await(frame, outcome);
    else this.#take(frame, outcome);
  }

  #await(frame: CountedFrame, outcome: Promise<Outcome>): void {
    const { app, handlerTimeout } = this.#parts;
    this.#isBusy = true;
    settleWithin(handlerTimeout, outcome, app, (result) => {
      this.#take(frame, result);
      this.#free();
    });
  }

  #take({ data, count }: CountedFrame, outcome: Outcome): void {
    this.bytes -= data?.length ?? 0;
    if (this.#phase === 'gone') return;
    if (outcome === 'later') {
      this.drop();
      return this.#link?.postpone();
    }
    takeNumbers(this.record, count, outcome);
    if (typeof outcome === 'object') {
      this.#parts.counters.failed++;
      if (outcome.pause) this.#wait(outcome.pause);
    }
    if (this.saver.save()) this.#link?.taken();
  }

  /** Nothing runs any more. */
  #free(): void {
    this.#isBusy = false;
    this.#run();
    this.#settle();
  }

  /** Does what had to wait for the handler, and for the store. */
  #settle(): void {
    if (this.#isBusy) return;
    if (this.saver.isBusy) {
      if (this.#onFinished?.length) this.saver.endSoon();
      return;
    }
    for (const done of this.#onFinished?.splice(0) ?? []) done();
    if (this.#phase === 'gone') return;
    clearTimeout(this.#expiry);
    if (this.#phase === 'wanted') {
      // Its client has come back here, while another server asked for it: it must try again.
      this.#waiting?.postpone();
      this.#waiting = null;
      return this.#parts.idle(this);
    }
    if (this.#waiting) return this.#attach(this.#waiting);
    if (this.#link || this.#queue) return;
    if ((this.requests?.running ?? 0) === 0) return this.#parts.idle(this);
    this.#expiry = setTimeout(() => this.requests?.abortAll(), this.#parts.store.ttl);
  }

  #attach(link: Link): void {
    this.#waiting = null;
    this.#link = link;
    this.#hasDropped = false;
    this.requests?.linked();
    link.attached(this.#isKnown);
    this.#isKnown = true;
  }
}
