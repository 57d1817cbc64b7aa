import { assert } from '../../../core/model/assert.ts';

/** What the handler of a message does, and how long it takes, in milliseconds; 0: it returns at once. */
export interface Plan {
  readonly does: 'takes' | 'throws' | 'refuses' | 'asks for later' | 'hangs';
  readonly after: number;
}

/** What the application was told of a message in the end. */
type Told = 'confirm' | 'failed' | 'uncertain' | 'drop' | 'not sent';

/** A call of the handler for a message. */
interface Run {
  readonly process: number;
  readonly key: string;
  readonly number: number;
  ended: 'taken' | 'failed' | 'later' | null;
}

/** A message or a request that the application has handed over. */
export interface Sent {
  readonly id: string;
  readonly payload: string;
  readonly isRequest: boolean;
  readonly plan: Plan;
  /** Its place among all. */
  readonly order: number;
  readonly page: number;
  /** The identity that the page knew when it was handed over. */
  readonly identity: string | undefined;
  /** Whether it has waited for longer than it may. */
  isExpired: () => boolean;
  isAborted: boolean;
  /** The number of breaks of the page at the time. */
  readonly breaks: number;
  /** The process of the server at the time. */
  readonly process: number;
  runs: Run[];
  told: Told | null;
  /** How many links had been dialed when it was told. */
  toldAt: number;
  /** The promise of a request has settled. */
  settled: string | null;
}

/** What the reference needs to know of the server. */
export interface ServerFacts {
  readonly process: number;
  /** The processes that were killed. */
  readonly killed: ReadonlySet<number>;
  /** Whether sessions outlive a process. */
  readonly keepsSessions: boolean;
  /** The last number of an outbox that outlives a crash of the server. */
  durable(key: string): number;
}

/** What was handed over by the applications of the pages, and what became of each message. */
export class SentLedger {
  readonly all = new Map<string, Sent>();
  /** How often something was seen, for the statistics. */
  readonly seen: Record<string, number>;
  /** The pages to which a peer has lied, or which have lied themselves. */
  readonly tainted = new Set<number>();
  readonly #server: ServerFacts;
  /** The last message of each outbox whose handler has begun. */
  readonly #last = new Map<string, { number: number; order: number }>();
  /** The handlers of messages that run, by their outbox. */
  readonly #running = new Map<string, Run>();

  constructor(server: ServerFacts, seen: Record<string, number>) {
    this.#server = server;
    this.seen = seen;
  }

  see(what: string): void {
    this.seen[what] = (this.seen[what] ?? 0) + 1;
  }

  add(sent: Omit<Sent, 'order' | 'runs' | 'told' | 'toldAt' | 'settled'>): Sent {
    const message: Sent = {
      ...sent,
      order: this.all.size,
      runs: [],
      told: null,
      toldAt: 0,
      settled: null,
    };
    this.all.set(message.id, message);
    return message;
  }

  /** Finds what has arrived by its id, and compares it. */
  find(payload: string): Sent {
    const [id = ''] = /p\d+[mr]\d+/.exec(payload) ?? [];
    const sent = this.all.get(id);
    assert(sent !== undefined, `the server was handed ${payload}, which nobody has sent`);
    assert(sent.payload === payload, `${payload} arrived instead of ${sent.payload}`);
    return sent;
  }

  /** The handler of a message begins. */
  begins(
    sent: Sent,
    identity: string | undefined,
    key: string,
    number: number,
    link: { readonly number: number },
  ): Run {
    const { id, runs, told } = sent;
    const { process, keepsSessions, killed } = this.#server;
    assert(
      sent.identity === undefined || sent.identity === identity,
      `${id} of ${sent.identity} was handed over as of ${identity}`,
    );
    const isTainted = this.tainted.has(sent.page);
    assert(
      isTainted || told === null || (told === 'uncertain' && link.number <= sent.toldAt),
      `the handler of ${id} runs, although it was told: ${told}`,
    );
    assert(
      isTainted || sent.settled !== 'withdrawn',
      `the handler of ${id} runs, although its promise was rejected before it was sent`,
    );
    const before = runs.at(-1);
    if (before) {
      const isKilled =
        keepsSessions &&
        killed.has(before.process) &&
        (sent.isRequest || before.ended === null || before.number > this.#server.durable(key));
      // What a page writes past its library may take a number, or the id of a request: then it harms itself.
      assert(before.ended === 'later' || isKilled || isTainted, `the handler of ${id} runs twice`);
      assert(
        isTainted || (before.number === number && before.key === key),
        `${id} is repeated with another number: ${number} instead of ${before.number}`,
      );
      this.see(isKilled ? 'repeated after a kill' : 'repeated later');
    } else if (number > 0 && !isTainted) this.#checkOrder(sent, key, number);
    const run: Run = { process, key, number, ended: null };
    runs.push(run);
    if (sent.isRequest) return run;
    const other = this.#running.get(key);
    assert(
      // Who lies about its counts is forgotten, and begins anew while its handler still runs.
      other?.process !== process || isTainted,
      `the handler of ${id} runs while that of number ${other?.number} of its outbox does`,
    );
    this.#running.set(key, run);
    return run;
  }

  /** The server has closed: no handler of a message may be at work. */
  hasClosed(): void {
    // That of an outbox whose counts differed may run: nobody waits for it.
    if (this.tainted.size > 0) return;
    for (const { number, process } of this.#running.values())
      assert(
        process !== this.#server.process,
        `the server has closed while the handler of number ${number} runs`,
      );
  }

  /** A handler has ended. */
  ends(run: Run, ended: Run['ended']): void {
    if (run.ended !== null || run.process !== this.#server.process) return;
    run.ended = ended;
    if (this.#running.get(run.key) === run) this.#running.delete(run.key);
  }

  /** The application of a page was told of messages. */
  tell(
    payloads: readonly string[],
    told: Told,
    links: number,
    excuse: (sent: Sent) => string | null,
  ): void {
    for (const payload of payloads) {
      const sent = this.find(payload);
      assert(sent.told === null, `${sent.id} was told twice: ${sent.told}, ${told}`);
      sent.told = told;
      sent.toldAt = links;
      this.see(told);
      // Whom a peer has lied to cannot know better.
      if (this.tainted.has(sent.page)) {
        this.see('told after a lie');
        continue;
      }
      const last = sent.runs.at(-1);
      if (told === 'confirm')
        assert(
          sent.isRequest ? !!last || payload.startsWith('!') : last?.ended === 'taken',
          `${sent.id} is confirmed, but its handler has ${last?.ended ?? (last ? 'not ended' : 'not begun')}`,
        );
      if (told === 'failed')
        assert(
          payload.startsWith('!') || last?.ended === 'failed',
          `${sent.id} has failed, but its handler has ${last?.ended ?? 'not ended'}`,
        );
      if (told === 'drop')
        assert(sent.runs.length === 0, `${sent.id} is dropped, but its handler has run`);
      if (told === 'uncertain') this.see(`uncertain: ${this.#excuse(sent, excuse)}`);
    }
  }

  #excuse(sent: Sent, excuse: (sent: Sent) => string | null): string {
    const why = sent.isAborted ? 'withdrawn' : excuse(sent);
    assert(why !== null, `${sent.id} is uncertain without a reason`);
    return why;
  }

  #checkOrder({ id, order }: Sent, key: string, number: number): void {
    const last = this.#last.get(key) ?? { number: 0, order: -1 };
    assert(
      number > last.number && order > last.order,
      `${id} comes as number ${number} behind number ${last.number} (order ${order}, ${last.order})`,
    );
    this.#last.set(key, { number, order });
  }
}
