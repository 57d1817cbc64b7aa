import { randomBytes } from 'node:crypto';
import { Visitor, type VisitorOptions } from './visitor.ts';

type Word = Readonly<Record<string, unknown>> & { readonly lifeline: string };

export const newOutbox = (): string => randomBytes(16).toString('hex');

/** What one of its connections received: words of ours, with the payload behind them as `payload`, and payloads alone. */
export type Heard = Word | string | Buffer;

/**
 * Speaks the protocol of delivery, by hand: it numbers what it sends, and keeps what is not confirmed. It is as simple as a client
 * can be, so that a test says itself what happens when.
 */
export class SessionClient {
  /** Where it connects; another path may be another identity. */
  url: string;
  readonly outbox: string;
  token: string | undefined;
  /** The identity that it was told last. */
  identity: string | undefined;
  /** The epoch that it was told last. */
  epoch: string | undefined;
  /** What was sent and not confirmed, by number. */
  readonly unconfirmed = new Map<number, string | Buffer>();
  readonly failed: unknown[] = [];
  /** The last number that was sent. */
  sent = 0;
  taken = 0;
  visitor: Visitor | undefined;
  #read = 0;

  constructor(url: string, outbox: string = newOutbox()) {
    this.url = url;
    this.outbox = outbox;
  }

  /** Connects, without a session. */
  async open(options?: VisitorOptions): Promise<Visitor> {
    this.visitor = new Visitor(this.url, options);
    this.#read = 0;
    await this.visitor.status;
    return this.visitor;
  }

  /** Connects, begins the session, waits for its answer, says a word, and sends again what was not taken. */
  async resume(positions: readonly unknown[] = [], word?: Word): Promise<Word> {
    await this.open();
    this.begin(positions);
    const answer = await this.answered();
    if (word) this.word(word);
    for (const [number, frame] of this.unconfirmed) if (number > this.taken) this.raw(frame);
    return answer;
  }

  /** Asks for the session. */
  begin(positions: readonly unknown[] = []): void {
    if (positions.length > 0) this.word({ lifeline: 'positions', topics: positions });
    const token = this.token === undefined ? {} : { token: this.token };
    const next = Math.min(this.sent + 1, ...this.unconfirmed.keys());
    const { outbox, identity: id, epoch } = this;
    this.word({ lifeline: 'session', outbox, ...token, id, epoch, next });
  }

  async answered(): Promise<Word> {
    const answer = await this.hears('session');
    if (typeof answer.token === 'string') this.token = answer.token;
    if (typeof answer.id === 'string') this.identity = answer.id;
    this.epoch = String(answer.epoch);
    this.confirm(Number(answer.taken), answer.failed);
    return answer;
  }

  raw(frame: string | Uint8Array): void {
    this.visitor?.socket.send(frame);
  }

  word(word: Word): void {
    this.raw(JSON.stringify(word));
  }

  /** Sends a counted frame as it is. */
  send(frame: string | Buffer): number {
    this.unconfirmed.set(++this.sent, frame);
    this.raw(frame);
    return this.sent;
  }

  request(id: number, payload: string): number {
    return this.send(`${JSON.stringify({ lifeline: 'request', id })}\n${payload}`);
  }

  /** Everything that the present connection has received. */
  get heard(): readonly Heard[] {
    return this.visitor?.received.map(read) ?? [];
  }

  /** The words of a kind that the present connection has received. */
  words(lifeline: string): Word[] {
    return this.heard.filter((word): word is Word => isWord(word) && word.lifeline === lifeline);
  }

  /** Waits for a word of a kind, and returns the last one. */
  async hears(lifeline: string): Promise<Word> {
    return (await this.hearsAll(lifeline, 1)).at(-1) as Word;
  }

  /** Waits until it has so many words of a kind. */
  async hearsAll(lifeline: string, count: number): Promise<Word[]> {
    const end = performance.now() + 5_000;
    while (this.words(lifeline).length < count) {
      if (performance.now() > end)
        throw new Error(
          `There came ${this.words(lifeline).length} of ${count} ${lifeline}: ${JSON.stringify(this.heard)}`,
        );
      // oxlint-disable-next-line no-await-in-loop -- one look after another
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return this.words(lifeline);
  }

  /** Says a probe with its count, and waits for the pong. */
  async roundTrip(): Promise<void> {
    const timestamp = performance.now();
    this.word({ lifeline: 'ping', timestamp, sent: this.sent });
    await this.visitor?.receives({ lifeline: 'pong', timestamp });
    this.readConfirmations();
  }

  /** Says probes until a number is confirmed, which a store behind a network is not at once. */
  async confirms(number: number): Promise<void> {
    const end = performance.now() + 5_000;
    while (this.taken < number) {
      // oxlint-disable-next-line no-await-in-loop -- one probe after the other
      await this.roundTrip();
      if (performance.now() > end)
        throw new Error(`Up to ${this.taken} is confirmed, and not ${number}.`);
    }
  }

  /** Takes up what the server has confirmed over this connection. */
  readConfirmations(): void {
    const confirmations = this.words('taken');
    for (const { number, failed } of confirmations.slice(this.#read))
      this.confirm(Number(number), failed);
    this.#read = confirmations.length;
  }

  /** What was received is not there any more. */
  forgetRead(): void {
    this.#read = 0;
  }

  confirm(taken: number, failed: unknown): void {
    this.taken = taken;
    if (Array.isArray(failed)) this.failed.push(...(failed as unknown[]));
    for (const number of this.unconfirmed.keys())
      if (number <= taken) this.unconfirmed.delete(number);
  }

  /** Loses the link without a close frame. */
  async cut(): Promise<void> {
    this.visitor?.socket.terminate();
    await this.visitor?.closed;
  }
}

const isWord = (heard: Heard): heard is Word =>
  typeof heard === 'object' && !Buffer.isBuffer(heard);

function read(frame: string | Buffer): Heard {
  const text = String(frame);
  if (!text.startsWith('{"lifeline":')) return frame;
  const end = text.indexOf('\n');
  if (end < 0) return JSON.parse(text) as Word;
  const word = JSON.parse(text.slice(0, end)) as Word;
  return {
    ...word,
    payload:
      typeof frame === 'string' ? text.slice(end + 1) : frame.subarray(frame.indexOf('\n') + 1),
  };
}
