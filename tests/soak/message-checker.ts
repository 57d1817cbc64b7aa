import {
  type Cause,
  type Connection,
  type DropReason,
  type Frame,
  type OutFrame,
  type SendResult,
} from '../../src/core.ts';
import type { LinkReport } from '../support/soak/ledger-server.ts';
import { numbered, readNumbered } from '../support/soak/numbered.ts';
import { append, count, isBeginning, type Run } from '../support/soak/runs.ts';
import type { Journal } from './journal.ts';
import { linkOf } from './sockets.ts';

/** The page's view of one link. */
interface Link {
  /** How many of its messages the handler got. */
  delivered: number;
  /** The messages of the page that were given to its socket. */
  readonly handedOver: Run[];
  /**
   * How it has ended: `closed` by a closing handshake of the server, `broken` without one, `left` by the page, which was
   * asked to or has given it up.
   */
  end: 'closed' | 'broken' | 'left' | null;
  /** The code of the server's closing handshake. */
  code: number | null;
}

const newLink = (): Link => ({ delivered: 0, handedOver: [], end: null, code: null });

const numberOf = (frame: OutFrame) => readNumbered(frame as string | Uint8Array).n;

/**
 * Sends messages for the page, listens to its handlers, and compares both with the reports of the server. Everything
 * wrong goes into the journal.
 */
export class MessageChecker {
  readonly totals = { links: 0, delivered: 0, sent: 0, handedOver: 0, dropped: 0 };
  readonly #connection: Connection;
  readonly #journal: Journal;
  /** Links by number, until both sides know their end. */
  readonly #links = new Map<number, Link>();
  /** Links that have ended at the server and not yet at the page. */
  readonly #ended: LinkReport[] = [];
  #present: Link | null = null;
  #latestLink = 0;
  /** Messages that are neither given to a socket nor dropped so far. */
  readonly #waiting = new Set<number>();
  #lastHanded = 0;

  constructor(connection: Connection, journal: Journal) {
    this.#connection = connection;
    this.#journal = journal;
    connection.on('open', () => this.#opened());
    connection.on('message', (frame) => this.#received(frame));
    connection.on('close', (cause) => this.#closed(cause));
    connection.on('flush', (messages) => messages.forEach((message) => this.#handOver(message)));
    connection.on('drop', (messages, reason) => this.#dropped(messages, reason));
    connection.on('error', (error) => journal.fails(`an error event: ${error}`));
  }

  /** Sends a message of about this many bytes. */
  sends(size: number): SendResult {
    const n = ++this.totals.sent;
    const message = numbered({ link: 0, n }, size);
    const isFirst = this.#waiting.size === 0;
    // It may be flushed or dropped before the result is known.
    this.#waiting.add(n);
    const result = this.#connection.send(message);
    if (result === 'sent') {
      if (!isFirst) this.#journal.fails(`message ${n} is sent ahead of those that wait`);
      this.#handOver(message);
    }
    // A message dropped by an overflow has had its drop event already.
    if (result === 'dropped' && this.#waiting.delete(n)) this.totals.dropped++;
    return result;
  }

  #opened(): void {
    const link = linkOf(this.#connection.socket);
    if (this.#present) this.#journal.fails(`link ${link} opens, and the one before has not ended`);
    if (link <= this.#latestLink) this.#journal.fails(`link ${link} opens after a later one`);
    this.#latestLink = link;
    this.#present = newLink();
    this.#links.set(link, this.#present);
    this.totals.links++;
    this.#journal.logs(`open ${link}`);
  }

  #received(frame: Frame): void {
    this.totals.delivered++;
    try {
      const { link, n } = readNumbered(frame as string | ArrayBuffer);
      const present = this.#links.get(link);
      if (!present || present !== this.#present)
        return this.#journal.fails(`message ${n} of link ${link} comes while it is not open`);
      if (n !== present.delivered)
        this.#journal.fails(`message ${n} of link ${link} comes instead of ${present.delivered}`);
      present.delivered = n + 1;
    } catch (error) {
      this.#journal.fails(String(error));
    }
  }

  #closed(cause: Cause): void {
    this.#journal.logs(`close ${cause.kind === 'close' ? cause.code : JSON.stringify(cause)}`);
    if (!this.#present) return;
    if (cause.kind !== 'close') this.#present.end = 'left';
    else if (!cause.wasClean) this.#present.end = 'broken';
    else Object.assign(this.#present, { end: 'closed', code: cause.code });
    this.#present = null;
  }

  #handOver(message: OutFrame): void {
    const n = numberOf(message);
    if (!this.#waiting.delete(n))
      this.#journal.fails(`message ${n} is sent twice, or dropped before`);
    if (n <= this.#lastHanded)
      this.#journal.fails(`message ${n} is sent after ${this.#lastHanded}`);
    if (!this.#present) return this.#journal.fails(`message ${n} is sent without a link`);
    // A closing socket ignores what it is given.
    if (this.#connection.socket?.readyState !== 1)
      this.#journal.fails(`message ${n} is given to a socket that is not open`);
    this.#lastHanded = n;
    append(this.#present.handedOver, n);
    this.totals.handedOver++;
  }

  #dropped(messages: readonly OutFrame[], reason: DropReason): void {
    if (reason === 'scope')
      this.#journal.fails('messages are dropped for a scope that never changes');
    for (const n of messages.map(numberOf))
      if (this.#waiting.delete(n)) this.totals.dropped++;
      else this.#journal.fails(`message ${n} is dropped, and was sent or dropped before`);
  }

  /**
   * Compares the reports of the server with the page.
   *
   * @returns What is missing; null if both sides agree on every link.
   */
  compareWith(reports: readonly LinkReport[]): string | null {
    this.#ended.push(...reports.filter(({ end }) => end));
    for (const report of reports) if (!report.end) this.#check(report);
    for (const report of this.#ended.splice(0)) {
      this.#check(report);
      const own = this.#links.get(report.link);
      // Until a later link has opened, the page may not know of its end yet.
      if (own ? own.end : report.link < this.#latestLink) this.#links.delete(report.link);
      else this.#ended.push(report);
    }
    return this.#whatIsMissing(reports);
  }

  #check({ link, sent, got, end, closedWith, damage }: LinkReport): void {
    const own = this.#links.get(link) ?? newLink();
    const fail = (what: string) =>
      this.#journal.fails(
        `link ${link} (${own.end ?? 'open'} at the page, ${end ?? 'open'} at the server): ${what}`,
      );
    if (damage) fail(damage);
    if (own.delivered > sent)
      fail(`${own.delivered} messages received, ${sent} sent by the server`);
    if (!isBeginning(got, own.handedOver))
      fail(`the server got ${JSON.stringify(got)}, sent were ${JSON.stringify(own.handedOver)}`);
    if (!end || !own.end) return;

    const [arrived, handed] = [count(got), count(own.handedOver)];
    if (end === 'left' && own.end !== 'left') fail('only the page has ended it');
    if (end === 'left' && arrived < handed) fail(`of ${handed} messages ${arrived} arrived`);
    if (own.end === 'closed' && own.code !== closedWith)
      fail(`closed with ${closedWith}, which came as ${own.code}`);
    if (own.end === 'closed' && own.delivered < sent)
      fail(`of ${sent} messages ${own.delivered} were received`);
  }

  #whatIsMissing(reports: readonly LinkReport[]): string | null {
    if (!this.#present) return 'no link is open';
    if (this.#waiting.size > 0) return `${this.#waiting.size} messages wait`;
    const present = reports.find(({ link }) => link === this.#latestLink);
    if (!present || present.end) return 'the server has lost the link';
    if (this.#present.delivered < present.sent)
      return `of ${present.sent} messages ${this.#present.delivered} were received`;
    if (count(present.got) < count(this.#present.handedOver))
      return `of ${count(this.#present.handedOver)} messages ${count(present.got)} arrived`;
    const others = [...this.#links.keys()].filter((link) => link !== this.#latestLink);
    return others.length > 0 ? `the server has not seen the end of link ${others.join()}` : null;
  }
}
