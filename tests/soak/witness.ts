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

/** What the page knows of one link. */
interface Link {
  /** How many of its messages the handler has seen. */
  seen: number;
  /** The messages of the page that its socket took. */
  readonly handed: Run[];
  /**
   * Whether it has ended: `closed` by a closing handshake that the server began, `broken` without one, `left` by the
   * page, because it was asked to or has given it up.
   */
  end: 'closed' | 'broken' | 'left' | null;
  /** The code of the server's closing handshake. */
  code: number | null;
}

const newLink = (): Link => ({ seen: 0, handed: [], end: null, code: null });

const numberOf = (frame: OutFrame) => readNumbered(frame as string | Uint8Array).n;

/**
 * Sends for the page, sees what its handlers see, and compares it with what the server reports. Whatever is wrong goes
 * into the journal.
 */
export class Witness {
  readonly totals = { links: 0, seen: 0, asked: 0, handed: 0, dropped: 0 };
  readonly #connection: Connection;
  readonly #journal: Journal;
  /** By the number of the link. What both sides have finished with is forgotten. */
  readonly #links = new Map<number, Link>();
  /** Ended on the server's side; the page's is still to come. */
  readonly #ended: LinkReport[] = [];
  #present: Link | null = null;
  #latestLink = 0;
  /** Messages that were asked for, and neither handed to a socket nor dropped. */
  readonly #waiting = new Set<number>();
  #lastHanded = 0;

  constructor(connection: Connection, journal: Journal) {
    this.#connection = connection;
    this.#journal = journal;
    connection.on('open', () => this.#opened());
    connection.on('message', (frame) => this.#saw(frame));
    connection.on('close', (cause) => this.#closed(cause));
    connection.on('flush', (messages) => messages.forEach((message) => this.#hand(message)));
    connection.on('drop', (messages, reason) => this.#dropped(messages, reason));
    connection.on('error', (error) => journal.accuses(`an error event: ${error}`));
  }

  /** Sends a message of about this many bytes. */
  sends(size: number): SendResult {
    const n = ++this.totals.asked;
    const message = numbered({ link: 0, n }, size);
    const isFirst = this.#waiting.size === 0;
    // It may be flushed or dropped before the result is known.
    this.#waiting.add(n);
    const result = this.#connection.send(message);
    if (result === 'sent') {
      if (!isFirst) this.#journal.accuses(`message ${n} is sent ahead of those that wait`);
      this.#hand(message);
    }
    // Dropped for want of room, it has been told of already.
    if (result === 'dropped' && this.#waiting.delete(n)) this.totals.dropped++;
    return result;
  }

  #opened(): void {
    const link = linkOf(this.#connection.socket);
    if (this.#present)
      this.#journal.accuses(`link ${link} opens, and the one before has not ended`);
    if (link <= this.#latestLink) this.#journal.accuses(`link ${link} opens after a later one`);
    this.#latestLink = link;
    this.#present = newLink();
    this.#links.set(link, this.#present);
    this.totals.links++;
    this.#journal.notes(`open ${link}`);
  }

  #saw(frame: Frame): void {
    this.totals.seen++;
    try {
      const { link, n } = readNumbered(frame as string | ArrayBuffer);
      const present = this.#links.get(link);
      if (!present || present !== this.#present)
        return this.#journal.accuses(`message ${n} of link ${link} comes while it is not open`);
      if (n !== present.seen)
        this.#journal.accuses(`message ${n} of link ${link} comes instead of ${present.seen}`);
      present.seen = n + 1;
    } catch (error) {
      this.#journal.accuses(String(error));
    }
  }

  #closed(cause: Cause): void {
    this.#journal.notes(`close ${cause.kind === 'close' ? cause.code : JSON.stringify(cause)}`);
    if (!this.#present) return;
    if (cause.kind !== 'close') this.#present.end = 'left';
    else if (!cause.wasClean) this.#present.end = 'broken';
    else Object.assign(this.#present, { end: 'closed', code: cause.code });
    this.#present = null;
  }

  #hand(message: OutFrame): void {
    const n = numberOf(message);
    if (!this.#waiting.delete(n))
      this.#journal.accuses(`message ${n} is sent twice, or dropped before`);
    if (n <= this.#lastHanded)
      this.#journal.accuses(`message ${n} is sent after ${this.#lastHanded}`);
    if (!this.#present) return this.#journal.accuses(`message ${n} is sent without a link`);
    // A socket that is closing swallows what it is given.
    if (this.#connection.socket?.readyState !== 1)
      this.#journal.accuses(`message ${n} is given to a socket that is not open`);
    this.#lastHanded = n;
    append(this.#present.handed, n);
    this.totals.handed++;
  }

  #dropped(messages: readonly OutFrame[], reason: DropReason): void {
    if (reason === 'scope')
      this.#journal.accuses('messages are dropped for a scope that never changes');
    for (const n of messages.map(numberOf))
      if (this.#waiting.delete(n)) this.totals.dropped++;
      else this.#journal.accuses(`message ${n} is dropped, and was sent or dropped before`);
  }

  /**
   * Compares what the server knows with what the page knows.
   *
   * @returns What is still to come: null once both sides know the same of every link.
   */
  compares(reports: readonly LinkReport[]): string | null {
    this.#ended.push(...reports.filter(({ end }) => end));
    for (const report of reports) if (!report.end) this.#check(report);
    for (const report of this.#ended.splice(0)) {
      this.#check(report);
      const own = this.#links.get(report.link);
      // Until a later one has opened, the page may still hear of it.
      if (own ? own.end : report.link < this.#latestLink) this.#links.delete(report.link);
      else this.#ended.push(report);
    }
    return this.#whatIsMissing(reports);
  }

  #check({ link, sent, got, end, closedWith, damage }: LinkReport): void {
    const own = this.#links.get(link) ?? newLink();
    const accuse = (what: string) =>
      this.#journal.accuses(
        `link ${link} (${own.end ?? 'open'} here, ${end ?? 'open'} there): ${what}`,
      );
    if (damage) accuse(damage);
    if (own.seen > sent) accuse(`${own.seen} messages seen, ${sent} sent by the server`);
    if (!isBeginning(got, own.handed))
      accuse(`the server got ${JSON.stringify(got)}, sent were ${JSON.stringify(own.handed)}`);
    if (!end || !own.end) return;

    const [arrived, handed] = [count(got), count(own.handed)];
    if (end === 'left' && own.end !== 'left') accuse('nobody but the page has ended it');
    if (end === 'left' && arrived < handed) accuse(`of ${handed} messages ${arrived} arrived`);
    if (own.end === 'closed' && own.code !== closedWith)
      accuse(`closed with ${closedWith}, which came as ${own.code}`);
    if (own.end === 'closed' && own.seen < sent)
      accuse(`of ${sent} messages ${own.seen} were seen`);
  }

  #whatIsMissing(reports: readonly LinkReport[]): string | null {
    if (!this.#present) return 'no link is open';
    if (this.#waiting.size > 0) return `${this.#waiting.size} messages wait`;
    const present = reports.find(({ link }) => link === this.#latestLink);
    if (!present || present.end) return 'the server has lost the link';
    if (this.#present.seen < present.sent)
      return `of ${present.sent} messages ${this.#present.seen} were seen`;
    if (count(present.got) < count(this.#present.handed))
      return `of ${count(this.#present.handed)} messages ${count(present.got)} arrived`;
    const others = [...this.#links.keys()].filter((link) => link !== this.#latestLink);
    return others.length > 0 ? `the server has not seen the end of link ${others.join()}` : null;
  }
}
