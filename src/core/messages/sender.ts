import type { OutFrame } from '../link/frame.ts';
import { checkFrame, copyFrame } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { State } from '../machine/state.ts';
import { isWaitingForPageShow } from '../machine/state.ts';
import type { Emitter } from '../platform/emitter.ts';
import { toError } from '../platform/emitter.ts';
import { isHidden, isPageBeingLeft } from '../platform/environment.ts';
import type { Codecs } from './codecs.ts';
import type { Delivery, Put } from './delivery.ts';
import type { DropReason, EventArguments } from './events.ts';
import type {
  Entry,
  Outbox,
  OutboxEvents,
  OutboxHost,
  OutboxItem,
  OutboxLimits,
} from './outbox.ts';
import { createOutbox, makeEntry } from './outbox.ts';
import type { TrackedOptions } from './send-options.ts';

/**
 * The result of `send()`. `sent`: the socket took the message. `queued`: it waits in the outbox. `dropped`: it will not be
 * sent. `sent` does not mean that the server got it: only an answer of the server can tell that.
 */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** The options that a sender uses; see `ConnectionOptions`. */
export interface SenderOptions {
  readonly outbox: OutboxLimits;
}

/** The parts of a connection that a sender uses. */
interface SenderHost<Out> extends Omit<OutboxHost<Out>, 'emit'> {
  readonly codecs: Codecs<unknown, Out>;
  settings(): SenderOptions;
  state(): State;
  /** Returns the socket of the open link; null while no link is open. */
  openSocket(): WebSocketLike | null;
  /** What keeps messages until they are confirmed, if anything does. */
  readonly delivery?: Delivery<Out> | undefined;
  readonly emit: Emitter<
    OutboxEvents & Pick<EventArguments<never, Out>, 'flush' | 'drop' | 'error'>
  >['emit'];
}

/** Watches the send buffer of the socket. */
interface BufferWatch {
  /** Called before the outbox is sent. */
  observe(): void;
  /** Called after the socket took a frame. */
  watchBuffer(): void;
}

/** Sends messages, and keeps those in an outbox that no socket can take yet. */
export interface Sender<Out> {
  /** What waits in the outbox, or is not confirmed: the same array until that changes. */
  readonly outbox: readonly OutboxItem<Out>[];
  /** The messages that wait. */
  readonly waiting: Outbox<Out>;
  /**
   * Encodes a message: for the link if that can take it now, otherwise for the outbox.
   *
   * @throws The error of the codec; a TypeError if no socket can send the result.
   */
  encode(message: Out, options?: TrackedOptions): OutFrame;
  /** Sends an encoded message, or puts it in the outbox. */
  send(message: Out, frame: OutFrame, options?: TrackedOptions): SendResult;
  /**
   * Sends a message at once, without the outbox. Returns false if the socket cannot take it.
   *
   * @param socket - By default that of the open link.
   * @throws As `encode()`.
   */
  sendNow(message: Out, socket?: WebSocketLike | null): boolean;
  /**
   * Sends a frame at once, without the codec and the outbox. Returns false if the socket cannot take it.
   *
   * @param socket - By default that of the open link.
   * @throws TypeError if no socket can send it.
   */
  sendFrame(frame: OutFrame, socket?: WebSocketLike | null): boolean;
  /** Hands a frame to a socket as it is. */
  handOver(this: void, socket: WebSocketLike, frame: OutFrame): true;
  /** Sends what is not confirmed and what waits, as far as the socket and the server have room. */
  drain(): void;
  /** Calls the function on a new link, then sends the outbox. Messages sent during the call go before the outbox. */
  linkOpened(sendFirst: () => void): void;
  /** Applies the limits of the outbox while no link is open: after a link has ended, and when they have changed. */
  applyLimits(): void;
  /**
   * Removes messages from the outbox: all, or those for which the function returns true. Returns the function that emits the
   * `drop` event.
   */
  clear(reason: DropReason, isMeant?: (entry: Entry<Out>) => boolean): () => void;
}

/** The largest `bufferedAmount`, in bytes, at which the socket gets more frames. Above it, frames wait in the outbox. */
export const MAX_BUFFERED = 1_048_576;

/** The time between two reads of the `bufferedAmount` while frames wait for it to fall, in milliseconds. */
const DRAIN_INTERVAL = 20;

/**
 * Whether a socket takes a frame of the outbox now. A hidden page hands over everything, like a bare socket: its timers are too late
 * to fill the buffer again in time, and to read the size of the buffer without timers would keep a processor busy.
 */
const isFree = (socket: WebSocketLike | null): socket is WebSocketLike =>
  // Sockets of tests may have no `bufferedAmount`.
  socket?.readyState === 1 && (!(socket.bufferedAmount > MAX_BUFFERED) || isHidden());

/**
 * Whether the page sends as it is left. A farewell must not go out when the page returns. The page is shown again before
 * `pageshow`: from then on, messages may wait for the next link.
 */
const isFarewell = (state: State) =>
  isPageBeingLeft() || (isWaitingForPageShow(state) && isHidden());

/** Hands entries over in order, until one is not taken. Returns those that were taken, and those that were refused. */
function handOverAll<Out>(
  entries: Iterable<Entry<Out>>,
  take: (entry: Entry<Out>) => boolean,
): [taken: Entry<Out>[], refused: [Entry<Out>, Error][]] {
  const taken: Entry<Out>[] = [];
  const refused: [Entry<Out>, Error][] = [];
  for (const entry of entries)
    try {
      if (!take(entry)) break;
      taken.push(entry);
    } catch (error) {
      refused.push([entry, toError(error)]);
    }
  return [taken, refused];
}

/** Drops what is above the limits. Returns whether the given entry stays. */
function trim<Out>(outbox: Outbox<Out>, entry: Entry<Out>): boolean {
  const tellDropped = outbox.trim();
  // Before they are told of it, since they may send more.
  const isKept = outbox.entries.has(entry);
  tellDropped();
  return isKept;
}

/** Makes the functions that encode messages, and hand frames to a socket: as they are, in the way of the session, and at once if it can take them. */
function createWriter<Out>(host: SenderHost<Out>, { watchBuffer }: BufferWatch) {
  function handOver(socket: WebSocketLike, frame: OutFrame): true {
    // Sockets of `ws`, which can be terminated, may read the bytes later. Others copy them during the call.
    socket.send('terminate' in socket ? copyFrame(frame) : frame);
    watchBuffer();
    return true;
  }
  const put: Put<Out> = (socket, frame, what) =>
    (host.delivery?.put ?? handOver)(socket, frame, what);
  const sendFrame = (frame: OutFrame, socket = host.openSocket(), isOurs = true) =>
    socket?.readyState === 1 && put(socket, checkFrame(frame), isOurs);
  /** Encodes a message. `isForLink` is asked only if each link has a codec of its own. */
  const encode = (message: Out, options?: TrackedOptions, isForLink?: () => unknown) => {
    const frame = checkFrame(host.codecs.get(isForLink).encode(message));
    return options?.wrap?.(frame) ?? frame;
  };
  return { handOver, put, sendFrame, encode };
}

/** Makes a {@link Sender}. */
export function createSender<Out>(host: SenderHost<Out>, vitals: BufferWatch): Sender<Out> {
  const { clock, codecs, state, openSocket, emit } = host;
  const { handOver, put, sendFrame, encode } = createWriter(host, vitals);
  const outbox = createOutbox<Out>(host);
  const { entries, tell } = outbox;
  let isOpening = false;
  let isDraining = false;
  let drainTimer: unknown;

  /** Returns the socket that takes a message before all that wait, if there is one. */
  function nextSocket(options?: TrackedOptions, socket = openSocket()): WebSocketLike | null {
    // A request of an `open` handler has a number, so that what an older link has taken goes first.
    const isNext = isOpening
      ? !options?.request
      : entries.size === 0 && !host.delivery?.isFull({ options });
    return isNext && isFree(socket) ? socket : null;
  }

  /** Sends the outbox, and plans another call while the socket cannot take all of it. */
  function drain(): void {
    clock.clearTimeout(drainTimer);
    vitals.observe();
    outbox.expire();
    isDraining = true;
    host.delivery?.resend();
    const [sent, refused] = handOverAll(entries, (entry) => {
      const socket = openSocket();
      if (!isFree(socket) || host.delivery?.isFull(entry)) return false;
      // It leaves before it is sent: a handler that this calls must not withdraw it any more.
      outbox.remove(entry);
      if (codecs.isPerLink()) entry.frame = encode(entry.item.message, entry.options);
      return put(socket, entry.frame, () => entry);
    });
    isDraining = false;
    if (entries.size > 0 && openSocket()) drainTimer = clock.setTimeout(drain, DRAIN_INTERVAL);
    tell(sent);
    for (const [entry, error] of refused) {
      tell([entry], 'refused');
      emit('error', error);
    }
  }

  /** Puts a message in the outbox. Returns false if it was dropped. */
  function queue(entry: Entry<Out>): boolean {
    if (isFarewell(state())) {
      emit('drop', [entry.item.message], 'closed');
      return false;
    }
    outbox.add(entry);
    // If others wait before it, a call of drain() is already planned, but in a hidden page it may be late. A call that is going
    // on takes it, too: a socket of a test may answer during send().
    if (openSocket()) {
      if (!isDraining && !isOpening && (entries.size === 1 || isHidden())) drain();
      return true;
    }
    return trim(outbox, entry);
  }

  return {
    get outbox() {
      return host.delivery?.items(outbox.items) ?? outbox.items;
    },
    waiting: outbox,
    encode: (message, options) => encode(message, options, () => nextSocket(options)),
    send(message, frame, options = {}) {
      if (options.signal?.aborted) return 'dropped';
      const { queue: mayWait = true } = options;
      const socket = nextSocket(options);
      const make = (as?: 'sent') => makeEntry(clock, message, frame, options, as);
      if (socket && put(socket, frame, mayWait && !isOpening && make)) return 'sent';
      return mayWait && queue(make()) ? 'queued' : 'dropped';
    },
    sendNow: (message, socket = openSocket()) =>
      !!socket && sendFrame(encode(message), socket, false),
    sendFrame,
    handOver,
    drain,
    linkOpened(sendFirst) {
      isOpening = true;
      sendFirst();
      isOpening = false;
      drain();
    },
    applyLimits() {
      clock.clearTimeout(drainTimer);
      outbox.trim()();
    },
    clear: outbox.drop,
  };
}
