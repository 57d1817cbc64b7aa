import type { OutFrame } from '../link/frame.ts';
import { byteLength, checkFrame } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { DeliveryHost } from '../messages/delivery-host.ts';
import type { Entry, Outbox, OutboxHost } from '../messages/outbox.ts';
import type { TrackedOptions } from '../messages/send-options.ts';
import type { Sender } from '../messages/sender.ts';
import { toError } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { needsHeader, withHeader } from './header.ts';

/** How long a message that was sent is kept, in milliseconds: half as long as a server remembers its number. */
export const MAX_AGE = 43_200_000;

/** What the server allows, in its answer `session`. */
export interface Window {
  /** How many messages may be sent and not yet confirmed. */
  readonly messages: number;
  /** How many bytes of them. */
  readonly bytes: number;
  /** The largest frame, in bytes, its header included. */
  readonly largest: number;
}

/** Numbers whose handlers have failed, each with the reason that the server gives. */
export type Failures = readonly (readonly [number: number, reason: string | null])[];

/** The messages that were sent and are not confirmed, with their numbers. */
export class Counted<In, Out> {
  /** The last number that was ever given. */
  last = 0;
  /** The last number that was sent on this link, or that the server had taken before. */
  cursor = 0;
  readonly outbox: Outbox<Out>;
  /** Whether numbers up to this one may go out. */
  mayUse: (number: number) => boolean = () => true;
  readonly #host: DeliveryHost<In, Out>;
  readonly #sender: Pick<Sender<Out>, 'handOver' | 'waiting'>;
  #taken = 0;
  /** The last number that was ever sent. */
  #sent = 0;
  /** What the server allows on this link, or allowed on the last one. */
  window: Window = { messages: 0, bytes: 0, largest: 0 };
  /** How many bytes were sent on this link and are not confirmed. */
  #bytes = 0;
  /** Whether messages of an older link are still to be sent again. */
  #isBehind = false;
  /** The reason of a failure, while it is told. */
  #failure: string | null | undefined;

  constructor(
    host: DeliveryHost<In, Out>,
    sender: Pick<Sender<Out>, 'handOver' | 'waiting'>,
    createOutbox: (host: OutboxHost<Out>) => Outbox<Out>,
  ) {
    const { clock, settings, emit } = host;
    this.#host = host;
    this.#sender = sender;
    this.outbox = createOutbox({
      clock,
      settings,
      emit: (type, ...args) => {
        if (type === 'outbox') return emit('outbox');
        const [messages] = args as [Out[]];
        if (type === 'drop') return emit('uncertain', messages);
        if (this.#failure === undefined) return emit('confirm', messages);
        return emit('failed', messages[0] as Out, this.#failure);
      },
    });
  }

  /** The first number that is not confirmed. */
  get next(): number {
    const [first] = this.outbox.entries;
    return first?.number ?? this.cursor + 1;
  }

  /** The highest number that the window allows. */
  get limit(): number {
    return this.#taken + this.window.messages;
  }

  /** Whether a message must wait, by default one that has no number yet. */
  isFull(number = 0, bytes: number = this.window.largest): boolean {
    return this.#isBehind || !this.#hasRoom(number || this.last + 1, bytes);
  }

  /** Numbers go on behind these, by default from the start. */
  renew(last = 0, cursor = 0): void {
    this.last = last;
    this.#sent = this.cursor = cursor;
  }

  /** Keeps a message that an earlier page has sent, or may have sent. */
  restore(entry: Entry<Out>): void {
    this.#prepare(entry);
    this.outbox.add(entry);
  }

  /** Whether the message of a request is not confirmed. */
  hasRequest(id: number): boolean {
    return [...this.outbox.entries].some(({ options }) => options.request === id);
  }

  /** The present link has a session, and the server had taken messages up to a number before. */
  begin(window: Window, taken: number, failed?: Failures): void {
    this.window = window;
    this.#taken = this.cursor = taken;
    this.#isBehind = true;
    this.confirm(taken, failed);
  }

  /** Returns the frame of a message that is not counted. */
  uncounted(payload: OutFrame): OutFrame {
    const frame = withHeader({ lifeline: 'uncounted' }, payload);
    this.#checkSize(byteLength(frame) as number);
    return frame;
  }

  /** @throws RangeError if the server does not take so large a frame. */
  #checkSize(bytes: number): void {
    const { largest } = this.window;
    if (bytes > largest) throw new RangeError(tooLarge(bytes, largest));
  }

  /** Sends a message, and keeps it. */
  send(socket: WebSocketLike, entry: Entry<Out>): true {
    this.#prepare(entry);
    this.#checkSize(entry.bytes);
    const number = (entry.number ||= this.last + 1);
    this.last = Math.max(this.last, number);
    this.outbox.add(entry);
    try {
      return this.#transmit(socket, entry);
    } catch (error) {
      // Nothing has left, so that the number is free again.
      this.outbox.remove(entry);
      this.#sent = this.cursor = number - 1;
      if (number === this.last) this.last--;
      throw error;
    }
  }

  /** Sends again what an older link has taken, as far as there is room. What this link cannot take is uncertain. */
  resend(socket: WebSocketLike): void {
    const refused: [Entry<Out>, Error][] = [];
    // Nearly always there is nothing to look for, and many entries that are not it.
    const entries = this.#isBehind ? this.outbox.entries : [];
    // What is sent meanwhile, by a codec or a socket that answers at once, must not overtake.
    let isBehind = false;
    for (const entry of entries) {
      if (entry.number <= this.cursor) continue;
      isBehind = !this.#hasRoom(entry.number, entry.bytes);
      if (isBehind) break;
      try {
        this.#encodeAgain(entry);
        this.#transmit(socket, entry);
      } catch (error) {
        this.cursor = Math.min(this.cursor, entry.number - 1);
        this.outbox.remove(entry);
        refused.push([entry, toError(error)]);
      }
    }
    this.#isBehind = isBehind;
    if (!isBehind) this.#skipWithdrawn(socket);
    for (const [entry, error] of refused) {
      this.outbox.tell([entry], 'refused');
      this.#host.emit('error', error);
    }
  }

  /** @throws What the codec of the link throws, and a RangeError if the server does not take such a large frame. */
  #encodeAgain(entry: Entry<Out>): void {
    const { codecs } = this.#host;
    if (codecs.isPerLink())
      this.#setFrame(entry, checkFrame(codecs.get().encode(entry.item.message)));
    this.#checkSize(entry.bytes);
  }

  #skipWithdrawn(socket: WebSocketLike): void {
    // What was withdrawn fills the window, so that no message would bring its numbers along.
    if (this.isFull(this.#sent + 1)) this.#skipTo(socket, this.#sent);
    this.#skipAhead(socket);
  }

  /** Numbers up to this one were taken. */
  confirm(taken: number, failed: Failures = []): void {
    const left = this.#take(({ number }) => number <= taken);
    // A late word does not close the window again.
    this.#taken = Math.max(this.#taken, taken);
    // What was withdrawn has left before.
    if (taken === this.cursor) this.#bytes = 0;
    const isConfirmed = (entry: Entry<Out>) => !failed.some(([number]) => number === entry.number);
    this.outbox.tell(left.filter(isConfirmed));
    for (const [failure, reason] of failed) {
      this.#failure = reason;
      this.outbox.tell(left.filter(({ number }) => number === failure));
    }
    this.#failure = undefined;
  }

  /** A word about a request has come, so that it was taken. @returns True. */
  answered(id: number): true {
    this.outbox.tell(this.#take(({ options }) => options.request === id));
    return true;
  }

  /** Removes entries, of which nobody is told yet. */
  #take(isMeant: (entry: Entry<Out>) => boolean): Entry<Out>[] {
    const taken = [...this.outbox.entries].filter(isMeant);
    for (const entry of taken) {
      this.outbox.remove(entry);
      this.#bytes -= entry.bytes;
    }
    return taken;
  }

  /** Lets the first message that waits go out also behind more withdrawn ones than the window allows. */
  #skipAhead(socket: WebSocketLike): void {
    const [first] = this.#sender.waiting.entries;
    const number = first?.number || this.last + 1;
    const { limit } = this;
    if (first && number > limit && !this.isFull(limit) && this.mayUse(limit))
      this.#skipTo(socket, limit);
  }

  #hasRoom(number: number, bytes: number): boolean {
    // The codec of another link may make a longer frame of it.
    const most = this.#host.codecs.isPerLink() ? this.window.largest : bytes;
    const fits = this.#bytes === 0 || this.#bytes + most <= this.window.bytes;
    return fits && number <= this.limit;
  }

  /** Makes an entry one that was sent: with its header, and kept for a limited time. */
  #prepare(entry: Entry<Out>): void {
    const { clock } = this.#host;
    const { frame, item, options } = entry;
    const hasWaited = item.state === 'waiting';
    this.#setFrame(entry, frame);
    // Who made a request says when it ends.
    if (options.request) {
      entry.options = { ...options, signal: undefined };
      entry.deadline = entry.expiry = Infinity;
    }
    if (hasWaited) entry.item = { ...item, state: 'sent' };
    entry.deadline = Math.min(entry.deadline, clock.now() + MAX_AGE);
    entry.expiry = Math.min(entry.expiry, (hasWaited ? clock.wall() : item.since) + MAX_AGE);
  }

  #setFrame(entry: Entry<Out>, payload: OutFrame): void {
    entry.frame = framed(payload, entry.options);
    if (entry.frame !== payload || this.#host.codecs.isPerLink())
      entry.bytes = byteLength(entry.frame) as number;
  }

  /** Numbers up to this one stand for messages that will not be sent any more. */
  #skipTo(socket: WebSocketLike, number: number): void {
    while (this.cursor < number) {
      const count = Math.min(number - this.cursor, this.window.messages);
      this.cursor += count;
      this.#sender.handOver(socket, JSON.stringify({ lifeline: 'skip', count }));
    }
  }

  #transmit(socket: WebSocketLike, { frame, number, bytes }: Entry<Out>): true {
    this.#skipTo(socket, number - 1);
    this.cursor = number;
    this.#sent = Math.max(this.#sent, number);
    this.#sender.handOver(socket, frame);
    this.#bytes += bytes;
    return true;
  }
}

/** Returns the frame of a counted message. */
function framed(payload: OutFrame, { request }: TrackedOptions): OutFrame {
  if (request) return withHeader({ lifeline: 'request', id: request }, payload);
  return needsHeader(payload) ? withHeader({ lifeline: 'message' }, payload) : payload;
}

const tooLarge = (bytes: number, largest: number) =>
  FULL_TEXTS
    ? `A message has ${bytes} bytes, and the server takes at most ${largest}: send it in parts, or raise the maxPayload of the server.`
    : 'The message is too large.';
