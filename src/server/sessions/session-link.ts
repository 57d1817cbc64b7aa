import { BAD_FRAMES, REPLACED, TRY_AGAIN_LATER } from '../../core/protocol/close-codes.ts';
import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { ClientDelivery } from '../clients/client-delivery.ts';
import { keyOfIdentity, keyOfTopic } from '../history/history.ts';
import { type SubscribedClient, Subscriptions } from '../history/subscriptions.ts';
import { REPLAY_RATE, WINDOW } from '../limits/delivery.ts';
import { cutFrame, isWithoutPayload } from '../messages/payload.ts';
import { type DeliveryFrame, writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import { type DeliveryWord, readDeliveryWord } from '../protocol/delivery-words.ts';
import { obeyRequestWord } from './request-words.ts';
import type { Link } from './link.ts';
import type { LinkParts, Word } from './link-parts.ts';
import type { Session } from './session.ts';

/** The first number of a client that is not confirmed, whose positions it tells, and the epoch that it was answered with last. */
type Asked = Pick<Word<'session'>, 'next' | 'id' | 'epoch'>;

/** Shared by all that are answered: a question takes 200 bytes. */
const NOTHING_ASKED: Asked = { next: 1, id: null, epoch: null };

const TOO_MUCH = 'More was sent than the window allows.';

/** How long the messages of topics are held for a client of which nothing has come, in milliseconds. */
const GREETING_PERIOD = 1_000;

/**
 * Which part of its life a connection is in: `greeting` until a frame has come that decides whether it has a session, `waiting`
 * until its session is answered.
 */
type Phase = 'greeting' | 'waiting' | 'session' | 'plain';

/** A connection of a client that has a session, or may still begin one. */
export class SessionLink implements ClientDelivery, Link, SubscribedClient {
  readonly #client: ServerClient<AnyIdentity>;
  readonly #parts: LinkParts;
  readonly #subscriptions: Subscriptions | null;
  #phase: Phase = 'greeting';
  #greeting: NodeJS.Timeout | undefined;
  #session: Session | null = null;
  /** What the client has asked with, until it is answered. */
  #asked: Asked = NOTHING_ASKED;
  /** The last number that was confirmed over this connection. */
  #confirmed = 0;

  constructor(client: ServerClient<AnyIdentity>, parts: LinkParts) {
    this.#client = client;
    this.#parts = parts;
    this.#subscriptions = parts.history && new Subscriptions(parts.history, this);
    if (parts.hasIdentities) this.#follow('', true, keyOfIdentity(client.id));
  }

  get connection(): string {
    return this.#client.connection;
  }

  get outbox(): string | null {
    return this.#session?.outbox ?? null;
  }

  exceptedAs(): string {
    return this.outbox ?? this.#subscriptions?.exceptedAs() ?? this.connection;
  }

  get owner(): string {
    return this.#session?.owner ?? this.#client.id;
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  get bufferedAmount(): number {
    return this.#client.bufferedAmount;
  }

  get hasHeaders(): boolean {
    return this.#phase === 'session';
  }

  receive(data: string | Buffer): boolean {
    if (this.#phase === 'greeting') return this.#greet(data);
    if (this.#phase === 'plain') return false;
    const frame = cutFrame(data);
    if (this.#phase === 'waiting' && !isWithoutPayload(frame)) {
      return this.#breaks('A message was sent before the session was answered.');
    }
    if (!frame) return this.#count(data);
    const word = readDeliveryWord(frame.header);
    if (word && this.#phase === 'session') return this.#obey(word, frame.payload);
    // A text is malformed for the server, too, if it is; binary data would be a message.
    return typeof data === 'string' ? false : this.#isMalformed();
  }

  follows(topic: string): boolean {
    return this.#subscriptions?.has(topic) ?? false;
  }

  subscribed(topic: string, replay: boolean): void {
    this.#follow(topic, replay, keyOfTopic(topic));
  }

  unsubscribed(topic: string): void {
    this.#subscriptions?.unsubscribed(topic);
  }

  closing(): void {
    // What has arrived over it and has no handler yet is not taken.
    if (this.#session?.isOn(this)) this.#session.drop();
  }

  finish(done: () => void): void {
    if (!this.#session?.isOn(this)) return done();
    this.#session.finish(() => {
      this.confirm();
      done();
    });
  }

  ended(): void {
    clearTimeout(this.#greeting);
    this.#subscriptions?.end();
    this.#parts.confirmer.delete(this);
    this.#session?.ended(this);
  }

  attached(isFound: boolean): void {
    const { hasIdentities, bytes, largest } = this.#parts;
    const session = this.#session;
    if (!session) return;
    const { next, id, epoch: told } = this.#asked;
    this.#asked = NOTHING_ASKED;
    session.confirmed(next);
    const { epoch, taken, failed } = session.record;
    this.#confirmed = taken;
    this.say({
      lifeline: 'session',
      ...(hasIdentities ? { id: this.#client.id } : { token: session.owner.slice(1) }),
      taken,
      // Otherwise another server may have taken what is not known here, or this one has forgotten it meanwhile.
      known: isFound && told === epoch,
      epoch,
      ...(failed.length > 0 && { failed }),
      messages: WINDOW,
      bytes,
      largest,
    });
    this.#phase = 'session';
    this.#subscriptions?.beginSession(session.record, id === null || id === this.#client.id);
  }

  replaced(): void {
    this.#client.close(REPLACED, 'The session goes on over another connection.');
    this.#subscriptions?.end();
  }

  postpone(): void {
    this.confirm();
    this.#client.close(TRY_AGAIN_LATER, 'Try again later.');
  }

  taken(): void {
    this.#parts.confirmer.add(this);
  }

  /** Tells the client what was taken since the last time. */
  confirm(): void {
    const news = this.#phase === 'session' && this.#session?.saver.newsSince(this.#confirmed);
    if (!news) return;
    this.#confirmed = news.number;
    this.say({ lifeline: 'taken', ...news });
  }

  say(frame: DeliveryFrame): void {
    this.#client.sendFrame(writeDeliveryFrame(frame));
  }

  send(data: string | Uint8Array, isBinary: boolean = typeof data !== 'string'): void {
    this.#parts.counters.messagesSent++;
    this.#client.sendData(data, isBinary);
  }

  /** Sends what is repeated, or closes the client if that is too much. @returns False if it is. */
  repeat(data: string | Uint8Array): boolean {
    // What is larger than all that may be repeated would never be: it takes all of it.
    const bytes = Math.min(Buffer.byteLength(data), REPLAY_RATE.burst);
    if (this.#parts.budget.take(this.owner, performance.now(), bytes)) {
      this.send(data);
      return true;
    }
    this.#client.close(TRY_AGAIN_LATER, 'Too much was repeated.');
    return false;
  }

  #follow(topic: string, replay: boolean, key: string): void {
    if (!this.#subscriptions) return;
    this.#subscriptions.subscribed(topic, replay, key);
    if (this.#subscriptions.mode === 'held' && this.#phase === 'greeting')
      this.#greeting ??= setTimeout(
        () => this.#subscriptions?.beginPlain(() => {}),
        GREETING_PERIOD,
      );
  }

  /** The first frames decide. */
  #greet(data: string | Buffer): boolean {
    const word = typeof data === 'string' ? readDeliveryWord(data) : null;
    if (word?.lifeline === 'positions') {
      if (this.#parts.takesRate(this.#client)) this.#subscriptions?.tell(word.topics);
      return true;
    }
    clearTimeout(this.#greeting);
    this.#greeting = undefined;
    if (word?.lifeline !== 'session') {
      this.#phase = 'plain';
      const end = () => {
        this.#subscriptions?.end();
        this.#client.delivery = null;
      };
      if (this.#subscriptions) this.#subscriptions.beginPlain(end);
      else end();
      return false;
    }
    if (!this.#parts.takesRate(this.#client)) return true;
    this.#phase = 'waiting';
    this.#asked = word;
    this.#session = this.#parts.begin(this.#client, word, this.#subscriptions?.ownKey);
    this.#session.takeOver(this);
    if (this.#session.isWaiting) this.say({ lifeline: 'wait' });
    return true;
  }

  /** Does what a word asks for. @returns False for a ping, which is answered like that of any other client. */
  #obey(word: DeliveryWord, payload: string | Buffer | undefined): boolean {
    const hasPayload = ['message', 'uncounted', 'request'].includes(word.lifeline);
    if (hasPayload !== (payload !== undefined)) return this.#isMalformed();
    switch (word.lifeline) {
      case 'ping':
        return this.#probe(word.sent);
      case 'message':
        return this.#count(payload ?? null);
      case 'skip':
        return word.count > WINDOW ? this.#breaks(TOO_MUCH) : this.#count(null, word.count);
      case 'request':
        return this.#request(word.id, payload ?? '');
      case 'uncounted':
        if (this.#parts.takesRate(this.#client)) this.#parts.deliver(this.#client, payload ?? '');
        return true;
      case 'pending':
      case 'replied':
      case 'abort':
        if (this.#session && this.#parts.takesRate(this.#client))
          obeyRequestWord(word, this.#session, this);
        return true;
      default:
        return this.#isMalformed();
    }
  }

  /** Takes a frame that has a number. */
  #count(data: string | Buffer | null, count = 1, request: number | null = null): true {
    const [session, client] = [this.#session, this.#client];
    if (!session) return true;
    session.receive({ client, data, count, request });
    const { received, bytes, record } = session;
    if (received - record.taken > WINDOW || bytes > this.#parts.bytes) this.#breaks(TOO_MUCH);
    return true;
  }

  #request(id: number, payload: string | Buffer): true {
    const session = this.#session;
    if (session?.waitingRequest(id) || session?.requests?.has(id)) return this.#isMalformed();
    return this.#count(payload, 1, id);
  }

  /** Compares the counts, and confirms ahead of the pong. */
  #probe(sent: number | null): boolean {
    const session = this.#session;
    if (session && sent !== null && sent !== session.received) {
      this.say({ lifeline: 'miscount', sent, received: session.received });
      this.#parts.miscounted(session);
      return this.#breaks('The counts of client and server differ.');
    }
    this.#subscriptions?.pinged();
    this.confirm();
    return false;
  }

  #breaks(rule: string): true {
    this.#client.close(BAD_FRAMES, rule);
    return true;
  }

  #isMalformed(): true {
    if (this.#parts.takesRate(this.#client)) this.#parts.counters.malformed++;
    return true;
  }
}
