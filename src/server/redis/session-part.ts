import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { newRecord } from '../sessions/record.ts';
import { Later } from '../sessions/refusal.ts';
import type { Reply, SessionRecord, SessionStoreListener } from '../sessions/store.ts';
import { AddressCheck } from './address-check.ts';
import type { Part } from './cluster.ts';
import type { RedisLink } from './link.ts';
import { Reconnector } from './reconnector.ts';
import type { RedisReporter } from './reporter.ts';
import { type ClaimAnswer, readClaim, readFetched } from './session-answers.ts';
import { encodeReply, SessionClaim, writeRecord } from './session-claim.ts';
import { loadScripts, type Run } from './session-runner.ts';
import type { SessionScript } from './session-scripts.ts';
import { Rounds } from './rounds.ts';
import { SessionWriter } from './session-writer.ts';
import { Turns } from './turns.ts';
import { Wait } from './waiting.ts';

/** The options of a part, all in milliseconds but the counts. */
export interface SessionPartOptions {
  readonly ttl: number;
  readonly numberTtl: number;
  readonly lease: number;
  readonly max: number;
  readonly maxPerIdentity: number;
}

/** What {@link AddressCheck} publishes on the own channel of a server. */
const ECHO: Buffer = Buffer.of(1);

/** The first and the longest pause before an outbox is asked for again, in milliseconds. A server that releases it says so. */
const [ASK_PAUSE, MAX_ASK_PAUSE] = [50, 1_000];

/** How long a handler waits while nobody knows whether this server still has its outbox, in milliseconds. */
const DOUBT_PAUSE = 50;

/** How many outboxes are claimed at once, so that Redis can answer all in time. */
const CLAIMS_AT_ONCE = 64;

/** How many outboxes a script verifies, so that Redis can serve other clients in between. */
const VERIFIED_AT_ONCE = 100;

/** The sessions that are in one part of Redis. */
export class SessionPart {
  readonly #server: string = randomUUID();
  readonly #base: string;
  readonly #part: Part;
  readonly #options: SessionPartOptions;
  readonly #listener: SessionStoreListener;
  readonly #reporter: RedisReporter;
  readonly #reconnector: Reconnector;
  readonly #claims = new Map<string, SessionClaim>();
  /** The outboxes that this server waits for. */
  readonly #asked = new Map<string, Wait>();
  #attempts = 0;
  /** Calls a script; undefined while there is no link, or nobody knows what Redis still has. */
  #run: Run | undefined;
  /** When the servers whose outboxes are in Redis must have come back, in the time of `performance.now()`. */
  #settledAt = Infinity;
  /** Until when no other server takes what this one has, by two clocks: one stands still while the machine sleeps. */
  #leasedUntil = { performance: 0, date: 0 };
  /** What is verified next. */
  readonly #rounds = new Rounds(this.#claims);
  readonly #writer = new SessionWriter({
    isReady: () => this.#run !== undefined,
    change: (claim) => claim.change(this.#server, this.#options.ttl),
    save: async (values) => (await this.#run?.('save', values)) as readonly number[],
    written: (claim) => {
      if (claim.running) this.#end(claim);
    },
    lost: (claim) => this.#lose(claim),
  });
  readonly #turns = new Turns(CLAIMS_AT_ONCE);
  /** Calls for the next link. */
  readonly #later: (() => void)[] = [];
  #isStopped = false;

  constructor(
    part: Part,
    options: SessionPartOptions,
    listener: SessionStoreListener,
    reporter: RedisReporter,
  ) {
    this.#part = part;
    this.#base = `${part.prefix}sessions:`;
    this.#options = options;
    this.#listener = listener;
    this.#reporter = reporter;
    this.#reconnector = new Reconnector(part.client, (link) => this.#work(link), reporter);
    this.#reconnector.start();
  }

  /** How many outboxes this server has. */
  get size(): number {
    return this.#claims.size;
  }

  /** `1` if all servers whose outboxes are in Redis must have come back, as an argument of scripts. */
  get #isSettled(): string {
    return performance.now() >= this.#settledAt ? '1' : '';
  }

  async claim(name: string, epoch: string, isWanted: () => boolean): Promise<SessionRecord | null> {
    // A release that Redis has not confirmed comes first.
    await this.#claims.get(name)?.whenEnded();
    const attempt = `${this.#server} ${++this.#attempts}`;
    const wait = new Wait();
    this.#asked.set(name, wait);
    try {
      for (let pause = ASK_PAUSE; isWanted(); pause = Math.min(pause * 2, MAX_ASK_PAUSE)) {
        const claimed = await this.#ask(name, attempt, epoch);
        if (claimed !== undefined) return claimed;
        if (this.#isStopped) break;
        await wait.start(pause * (0.5 + Math.random() / 2));
      }
      // Redis may have given it to this server all the same.
      void this.#call('free', [name, attempt]);
      throw new Later();
    } finally {
      this.#asked.delete(name);
    }
  }

  async save(name: string, record: SessionRecord): Promise<void> {
    const claim = this.#claims.get(name);
    if (!claim) throw new Later();
    const saved = claim.save(record);
    this.#writer.add(claim);
    await saved;
  }

  release(name: string, record: SessionRecord, running: readonly number[]): void {
    const claim = this.#claims.get(name);
    if (!claim) return;
    claim.release(record, running);
    this.#writer.add(claim);
  }

  forget(name: string): void {
    const claim = this.#claims.get(name);
    if (!claim) return;
    this.#end(claim);
    void this.#call('forget', [name, claim.number]);
  }

  waitFor(name: string): number {
    const { performance: until, date } = this.#leasedUntil;
    const isLeased = performance.now() < until && Date.now() < date;
    if (isLeased && this.#run && this.#claims.has(name)) return 0;
    if (!isLeased) this.#reconnector.wake();
    return DOUBT_PAUSE;
  }

  async reply(name: string, id: number, reply: Reply): Promise<void> {
    // The release says that it is at work here. A reply that comes before it would be that of nobody.
    const claim = this.#claims.get(name);
    if (claim?.running) await claim.whenEnded();
    await this.#call('reply', [name, `${id}`, encodeReply(reply)]);
  }

  abort(name: string, id: number): void {
    void this.#call('abort', [name, `${id}`]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const wait of this.#asked.values()) wait.end();
    await this.#reconnector.stop();
    for (const claim of this.#claims.values()) this.#end(claim);
  }

  /** Works on one link until the link is lost or this server stops. */
  async #work(link: RedisLink): Promise<void> {
    const { numberTtl, ttl } = this.#options;
    const run = await loadScripts(link, this.#base, [this.#server, numberTtl, 2 * ttl]);
    const channel = `${this.#base}server:${this.#server}`;
    const check = new AddressCheck(this.#part.client, link, channel, ECHO);
    await link.subscribe(channel, (message) => {
      if (message.equals(ECHO)) check.heard();
      else this.#hear(String(message));
    });
    check.start();
    this.#settledAt = performance.now() + link.restorePeriod;
    try {
      while (link.isWanted) {
        await this.#renew(run);
        this.#reporter.recovered();
        await link.wait(this.#options.lease / 3);
      }
      // What was released last.
      while ([...this.#claims.values()].some(({ running }) => running)) await link.send('PING');
      await run('end');
    } finally {
      this.#run = undefined;
      check.stop();
    }
  }

  /** Renews the lease, and verifies that this server has what it thinks it has: all of it if nobody can tell. */
  async #renew(run: Run): Promise<void> {
    const { lease, ttl } = this.#options;
    const until = { performance: performance.now() + lease, date: Date.now() + lease };
    const hadLease = (await run('renew', [String(lease)])) === 1;
    // All have their turn within `ttl`.
    const count = Math.ceil((this.#claims.size * lease) / 3 / ttl);
    const isInDoubt = !this.#run || !hadLease;
    const claims = isInDoubt ? [...this.#claims.values()] : this.#rounds.next(count);
    for (let at = 0; at < claims.length; at += VERIFIED_AT_ONCE)
      await this.#verify(run, claims.slice(at, at + VERIFIED_AT_ONCE));
    this.#leasedUntil = until;
    const isNew = this.#run !== run;
    this.#run = run;
    for (const call of this.#later.splice(0)) call();
    void this.#writer.write();
    for (const claim of this.#claims.values()) {
      if (claim.record.elsewhere) void this.#fetch(claim);
    }
    if (isNew) for (const wait of this.#asked.values()) wait.end();
  }

  async #verify(run: Run, claims: readonly SessionClaim[]): Promise<void> {
    const values = claims.flatMap(({ name, number }) => [name, number]);
    const found = (await run('verify', values)) as readonly number[];
    for (const [n, claim] of claims.entries()) {
      if (this.#claims.get(claim.name) !== claim) continue;
      if (found[n] === 0) this.#lose(claim);
      if (found[n] !== 2) continue;
      claim.lost();
      this.#writer.add(claim);
    }
  }

  /** Asks for an outbox. Returns undefined if it must be asked for again. */
  async #ask(
    name: string,
    attempt: string,
    epoch: string,
  ): Promise<SessionRecord | null | undefined> {
    const { max, maxPerIdentity } = this.#options;
    const unknown = newRecord(epoch);
    const written = writeRecord(unknown);
    const values = [name, attempt, this.#isSettled, `${max}`, `${maxPerIdentity}`, ...written];
    const answer = await this.#turns
      .take(async () => this.#run?.('claim', values))
      .catch(() => null);
    if (!answer) return;
    const { number, record, forgotten } = readClaim(answer as ClaimAnswer);
    for (const each of forgotten) this.#listener.forgotten(each);
    this.#claims.set(name, new SessionClaim(name, number, record ?? unknown));
    return record;
  }

  /** Does what another server says. */
  #hear(message: string): void {
    const [word = '', ...rest] = message.split(' ');
    // The id of a request, or the number of a claim.
    const number = word === 'abort' || word === 'wanted' ? (rest.shift() ?? '') : '';
    const name = rest.join(' ');
    const claim = this.#claims.get(name);
    if (word === 'free') this.#asked.get(name)?.end();
    if (word === 'abort') this.#listener.aborted(name, Number(number));
    if (word === 'reply' && claim) void this.#fetch(claim);
    if (word === 'wanted' && claim) this.#listener.wanted(name);
    // Redis has lost that it was released, or the answer to a claim that nobody waits for any more.
    if (word === 'wanted' && !claim && !this.#asked.has(name))
      void this.#call('free', [name, number]);
  }

  /** Asks for the replies to requests that were at work at other servers. */
  async #fetch(claim: SessionClaim): Promise<void> {
    const { name } = claim;
    const ids = [...(claim.record.elsewhere ?? [])].map(String);
    const found = await this.#run?.('fetch', [name, this.#isSettled, ...ids]).catch(() => null);
    for (const [id, reply] of readFetched((found ?? []) as readonly string[])) {
      if (reply) claim.fetched(id);
      this.#listener.replied(name, id, reply);
    }
  }

  /** Another server has the outbox; or it has been released, and the answer was lost. */
  #lose(claim: SessionClaim): void {
    this.#end(claim);
    if (!claim.running) this.#listener.lost(claim.name);
  }

  #end(claim: SessionClaim): void {
    if (this.#claims.get(claim.name) === claim) this.#claims.delete(claim.name);
    this.#writer.delete(claim);
    claim.end();
  }

  /** Calls a script, on the next link if need be. */
  async #call(script: SessionScript, values: readonly string[]): Promise<void> {
    const call = () => void this.#call(script, values);
    if (!this.#run) return void this.#later.push(call);
    await this.#run(script, values).catch(() => this.#later.push(call));
  }
}
