import type { Frame, OutFrame } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { Cause } from '../machine/cause.ts';
import { hasGivenUp } from '../machine/steps.ts';
import type { Delivery, Next, Put } from '../messages/delivery.ts';
import type { DeliveryHost } from '../messages/delivery-host.ts';
import type { Outbox, OutboxHost, OutboxItem } from '../messages/outbox.ts';
import type { Receiver } from '../messages/receiver.ts';
import type { Sender } from '../messages/sender.ts';
import { BAD_FRAMES, REPLACED } from '../protocol/close-codes.ts';
import { LIFELINE, PING, PONG } from '../protocol/frames.ts';
import type { Failures, Window } from './counted.ts';
import { Counted } from './counted.ts';
import type { Heard } from './header.ts';
import { readFrame, withHeader } from './header.ts';
import { newOutbox } from './new-outbox.ts';
import type { Positions } from './positions.ts';
import { createPositions } from './positions.ts';
import type { Replies } from './replies.ts';
import { createReplies } from './replies.ts';
import { MISCOUNT, NO_SESSIONS, STRANGE } from './texts.ts';

/** Within this time in milliseconds, a second link that takes the session over is not one of our own. */
const REPLACED_PERIOD = 60_000;

/** The answer of the server that begins a session. */
interface Answer extends Window {
  readonly id?: string;
  readonly token?: string;
  readonly epoch?: string;
  readonly taken: number;
  readonly known: boolean;
  readonly failed?: Failures;
}

/** What this client and the server remember of each other beyond a link. */
export class Session<In, Out> implements Delivery<Out> {
  readonly #host: DeliveryHost<In, Out>;
  readonly #sender: Sender<Out>;
  readonly #receiver: Receiver<In>;
  protected readonly counted: Counted<In, Out>;
  readonly #positions: Positions;
  readonly #replies: Replies;
  /** The id of the outbox; empty before its first link. */
  protected outbox = '';
  protected token: string | undefined;
  protected identity: string | undefined;
  /** Names what the server remembers, as its last answer has told it. */
  protected epoch: string | undefined;
  #replacedAt = -Infinity;
  /** The socket of the link that has a session. */
  #socket: WebSocketLike | null = null;
  /** Handles a frame before the answer of the server has come. Returns whether it was for the session. */
  #answered: ((word: Heard['word']) => boolean) | null = null;
  /** Frames about topics that came before the link was open. */
  #held: Heard[] | null = null;
  #items: readonly OutboxItem<Out>[] = [];
  #parts: readonly (readonly OutboxItem<Out>[])[] = [];

  constructor(
    host: DeliveryHost<In, Out>,
    sender: Sender<Out>,
    receiver: Receiver<In>,
    createOutbox: (outboxHost: OutboxHost<Out>) => Outbox<Out>,
  ) {
    this.#host = host;
    this.#sender = sender;
    this.#receiver = receiver;
    this.counted = new Counted(host, sender, createOutbox);
    this.#positions = createPositions(
      (payload) => receiver.decode(payload, undefined, true),
      (topic) => host.emit('gap', [topic]),
    );
    this.#replies = createReplies(host, receiver, (words) => this.#say(words), sender.drain);
    host.on('close', (cause) => this.#ended(cause));
    host.on('scope', () => this.#leave());
    host.on('change', () => {
      const { status, cause } = host.state();
      // A refusal keeps what is not confirmed. After close(), nobody sends it.
      if (status === 'closed' && cause?.kind === 'requested') this.#dropAll('closed')();
    });
  }

  items(waiting: readonly OutboxItem<Out>[]): readonly OutboxItem<Out>[] {
    const now = [this.counted.outbox.items, waiting];
    if (now.some((part, at) => part !== this.#parts[at])) this.#items = now.flat();
    this.#parts = now;
    return this.#items;
  }

  begin(socket: WebSocketLike, signal: AbortSignal): Promise<void> {
    this.#socket = null;
    this.#held = [];
    this.outbox ||= newOutbox();
    const { outbox, token, identity: id, epoch } = this;
    const { largest } = this.counted.window;
    const words = { lifeline: 'session', outbox, token, id, epoch, next: this.counted.next };
    return new Promise((resolve, reject) => {
      let hasSessions = false;
      this.#answered = (word) => {
        const isPong = word.lifeline === 'pong';
        if (word.lifeline === 'wait') hasSessions = true;
        if (word.lifeline === 'session') {
          this.#answered = null;
          this.#begun(socket, word as unknown as Answer);
          resolve();
        } else if (isPong && !hasSessions) {
          this.#answered = this.#held = null;
          const error = new Error(NO_SESSIONS);
          if (this.counted.outbox.entries.size > 0) reject(error);
          else resolve(void this.#host.emit('error', error));
        }
        return isPong || hasSessions || !this.#answered;
      };
      signal.addEventListener('abort', () => reject(signal.reason));
      for (const frame of [...this.#positions.frames(largest), write(words), write(probe())])
        this.#sender.handOver(socket, frame);
    });
  }

  isFull({ options, number, bytes }: Next): boolean {
    // What is sent now or never is not counted.
    if (!this.#socket || options?.queue === false) return false;
    // The server keeps as many replies as it takes messages.
    const isTooMuch = !!options?.request && this.#replies.size >= this.counted.window.messages;
    return isTooMuch || this.counted.isFull(number, bytes);
  }

  resend(): void {
    if (!this.#socket || !this.#host.isOpen()) return;
    this.counted.resend(this.#socket);
    if (!this.#held) return;
    // What waits there would be forgotten if a handler ends the link, and its positions would not.
    this.#receiver.release();
    for (let heard; this.#host.isOpen() && (heard = this.#held?.shift());)
      this.#positions.receive(heard);
    this.#held = null;
  }

  readonly put: Put<Out> = (socket, frame, what) => {
    const { handOver } = this.#sender;
    if (typeof what === 'boolean') return handOver(socket, this.#wrap(frame, what));
    const entry = what('sent');
    const { request } = entry.options;
    if (this.#socket) {
      this.counted.send(socket, entry);
      if (request) this.#replies.open.add(request);
      return true;
    }
    return handOver(
      socket,
      request ? withHeader({ lifeline: 'request', id: request }, frame) : frame,
    );
  };

  receive(frame: Frame): boolean {
    const heard = readFrame(frame, !!this.#socket);
    if (!heard) return false;
    // Whoever is told may end the link: the request is settled first.
    if (this.#replies.receive(heard)) return this.counted.answered(heard.word.id as number);
    // Before the answer, and without one, a server escapes nothing: all else may be the application's.
    return this.#socket ? this.#handle(heard) : (this.#answered?.(heard.word) ?? false);
  }

  drop(): () => void {
    // Who was refused may log in again, and what is not confirmed goes on then.
    return hasGivenUp(this.#host.state()) ? () => {} : this.#dropAll('closed');
  }

  keepsRequest(id: number): boolean {
    return this.#replies.open.has(id);
  }

  abandonRequest(id: number): void {
    if (!this.#replies.open.delete(id)) return;
    this.#say({ lifeline: 'abort', id });
    this.counted.outbox.drop('aborted', ({ options }) => options.request === id)();
  }

  /** Sends words, if there is a session. */
  #say(words: object): boolean {
    const socket = this.#socket;
    return socket?.readyState === 1 && this.#sender.handOver(socket, write(words));
  }

  #wrap(frame: OutFrame, isOurs: boolean): OutFrame {
    if (!this.#socket) return frame;
    if (isOurs && typeof frame === 'string' && (frame === PING || frame.startsWith(LIFELINE))) {
      const words = frame === PING ? probe() : JSON.parse(frame);
      return words.lifeline === 'ping' ? write({ ...words, sent: this.counted.cursor }) : frame;
    }
    return this.counted.uncounted(frame);
  }

  #begun(socket: WebSocketLike, answer: Answer): void {
    const { id: identity, epoch, token = this.token, taken, known, failed } = answer;
    this.begins(taken);
    if (taken > this.counted.last) return this.#disagree(STRANGE);
    const before = this.identity;
    Object.assign(this, { identity, epoch, token });
    // Nothing of one user is sent as, or kept for, the next.
    if (before !== undefined && identity !== before) {
      this.#positions.clear();
      this.#dropAll('scope')();
      // Who was told has changed the scope: this link is over.
      if (this.identity !== identity) return;
    }
    this.#socket = socket;
    this.counted.begin(answer, taken, failed);
    if (!known) this.counted.outbox.drop('refused')();
    this.#replies.ask((request) => !this.counted.hasRequest(request));
  }

  /** The server says which numbers were taken when the session begins. */
  protected begins(_taken: number): void {}

  #handle(heard: Heard): boolean {
    const { word, payload = '' } = heard;
    switch (word.lifeline) {
      case 'message':
        this.#receiver.decode(payload);
        return true;
      case 'topic':
      case 'position':
      case 'gap':
      case 'unsubscribed':
        if (this.#held) this.#held.push(heard);
        else this.#positions.receive(heard);
        return true;
      case 'taken':
        if ((word.number as number) > this.counted.last) this.#disagree(STRANGE);
        else {
          // Ahead of the requests that there is room for now: the server keeps only so many replies.
          this.#replies.acknowledge();
          this.counted.confirm(word.number as number, word.failed as Failures);
          this.#sender.drain();
        }
        return true;
      case 'miscount':
        this.#disagree(MISCOUNT);
        return true;
      default: {
        const { pong } = this.#host.settings().heartbeat;
        if (word.lifeline === 'pong' && pong === PONG)
          this.#host.observeAndDispatch({ type: 'pong' });
        // A heartbeat that knows our words knows its pong, and those of presence.
        return typeof pong !== 'function';
      }
    }
  }

  /** The server and this client do not agree on what was said: begins another outbox, on another link. */
  #disagree(message: string): void {
    const { emit, observeAndDispatch } = this.#host;
    // First, so that nothing is sent on this link by those who are told.
    observeAndDispatch({ type: 'lost', cause: { kind: 'error', name: 'DeliveryError', message } });
    this.renew();
    emit('error', new Error(message));
  }

  #ended(cause: Cause): void {
    this.#socket = this.#answered = this.#held = null;
    const code = cause.kind === 'close' && cause.code;
    const now = this.#host.clock.now();
    // The first time, it may have been a late link of our own.
    const isAgain = code === REPLACED && now - this.#replacedAt <= REPLACED_PERIOD;
    if (code === REPLACED) this.#replacedAt = now;
    if (code === BAD_FRAMES || isAgain) this.renew();
  }

  /** Begins another outbox. Nobody can tell what became of the messages of this one. */
  protected renew(reason: 'refused' | 'scope' = 'refused'): void {
    this.#socket = null;
    this.outbox = '';
    this.counted.renew();
    this.counted.outbox.drop(reason)();
    this.#replies.lose(reason === 'scope' ? 'closed' : 'lost');
  }

  /** Forgets all that belongs to a scope. */
  #leave(): void {
    this.renew('scope');
    this.token = this.identity = undefined;
    this.#positions.clear();
  }

  /** Drops all messages, those that wait included. Returns the function that tells of it. */
  #dropAll(reason: 'closed' | 'scope'): () => void {
    const tellSent = this.counted.outbox.drop(reason);
    const tellWaiting = this.#sender.clear(reason);
    return () => {
      tellSent();
      tellWaiting();
      this.#replies.lose('closed');
    };
  }
}

const write = (words: object) => JSON.stringify(words);

const probe = () => ({ lifeline: 'ping', timestamp: Date.now() });
