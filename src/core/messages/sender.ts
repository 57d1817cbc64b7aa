import type { OutFrame } from '../link/frame.ts';
import { byteLength } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { Clock } from '../platform/clock.ts';
import type { Emitter } from '../platform/emitter.ts';
import { tryCall } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { Codec } from './codec.ts';
import type { DropReason, EventArguments } from './events.ts';
import type { OutboxLimits } from './outbox.ts';
import { createOutbox } from './outbox.ts';

/** What became of a message: handed to the socket, waiting for one, or not to be sent. */
export type SendResult = 'sent' | 'queued' | 'dropped';

/** How a message is sent. */
export interface SendOptions {
  /** Whether the message may wait for a link; false for what is stale when late. @defaultValue true */
  readonly queue?: boolean | undefined;
}

/** What the options say about sending. */
export interface SenderOptions<Out> {
  readonly codec: Pick<Codec<never, Out>, 'encode'>;
  readonly outbox: OutboxLimits;
}

/** What a sender needs of the connection that it sends for. */
interface SenderHost<Out> extends Pick<
  Emitter<Pick<EventArguments<never, Out>, 'flush' | 'drop'>>,
  'emit'
> {
  readonly clock: Clock;
  settings(): SenderOptions<Out>;
  /** The socket of the open link; null while there is none. */
  openSocket(): WebSocketLike | null;
}

/** Who watches the socket's buffer. */
interface BufferWatch {
  /** Called before what waits is sent. */
  observe(): void;
  /** Called after a frame was handed to the socket. */
  watchBuffer(): void;
}

/** Sends messages, and keeps those that no socket takes yet. */
export interface Sender<Out> {
  /** Makes the frame for a message. Throws where the codec does, and where there is none for it. */
  encode(message: Out): OutFrame;
  /** Sends the frame of a message, or keeps it until a socket takes it. */
  send(message: Out, frame: OutFrame, options?: SendOptions): SendResult;
  /** Sends a message past the outbox; false where no link takes it. */
  sendNow(message: Out): boolean;
  /** Sends a frame as it is, past the codec and the outbox; false where no link takes it. */
  sendFrame(frame: OutFrame): boolean;
  /** Calls back on a new link: what is sent meanwhile goes ahead of the outbox, which follows. */
  linkOpened(callback: () => void): void;
  /** The link is gone: the bounds of the outbox hold again. */
  linkEnded(): void;
  /** Empties the outbox, and returns the function that tells of it. */
  empty(reason: DropReason): () => void;
}

/** Above this many bytes of `bufferedAmount`, frames wait in the outbox. */
export const MAX_BUFFERED = 1_048_576;

/** How often a socket with too much in its buffer is looked at again, in milliseconds. */
const DRAIN_INTERVAL = 20;

/** Makes a {@link Sender}. */
export function createSender<Out>(
  { clock, settings, openSocket, emit }: SenderHost<Out>,
  { observe, watchBuffer }: BufferWatch,
): Sender<Out> {
  const outbox = createOutbox<Out>();
  let isOpening = false;
  let drainTimer: unknown;

  function encode(message: Out): OutFrame {
    const frame = settings().codec.encode(message);
    if (typeof frame !== 'string' && byteLength(frame) === undefined)
      throw new TypeError(
        `send() takes text or binary${FULL_TEXTS ? '; the rest needs a codec' : ''}.`,
      );
    return frame;
  }

  /** Hands a frame to the socket, if it takes one now. */
  function handOver(frame: OutFrame, maxBuffered: number): boolean {
    const socket = openSocket();
    if (socket?.readyState !== 1 || socket.bufferedAmount > maxBuffered) return false;
    socket.send(frame);
    watchBuffer();
    return true;
  }

  const sendFrame = (frame: OutFrame) => handOver(frame, Infinity);

  /** Sends what waits, and comes back for what the socket does not take yet. */
  function drain(): void {
    clock.clearTimeout(drainTimer);
    observe();
    const sent = outbox.handOver((frame) => tryCall(handOver, frame, MAX_BUFFERED));
    if (outbox.length > 0 && openSocket()) drainTimer = clock.setTimeout(drain, DRAIN_INTERVAL);
    if (sent.length > 0) emit('flush', sent);
  }

  function emitDrop(messages: Out[], reason: DropReason): void {
    if (messages.length > 0) emit('drop', messages, reason);
  }

  /** Puts a message into the outbox; false where its bounds leave no room for it. */
  function queue(message: Out, frame: OutFrame): boolean {
    const entry = outbox.add(message, frame);
    if (!openSocket()) {
      const dropped = outbox.trim(settings().outbox);
      const isKept = outbox.endsWith(entry);
      emitDrop(dropped, 'overflow');
      return isKept;
    }
    // Behind others it goes out with them.
    if (!isOpening && outbox.length === 1) drain();
    return true;
  }

  return {
    encode,
    send(message, frame, { queue: mayWait = true } = {}) {
      if ((isOpening || outbox.length === 0) && handOver(frame, MAX_BUFFERED)) return 'sent';
      return mayWait && queue(message, frame) ? 'queued' : 'dropped';
    },
    sendNow: (message) => sendFrame(encode(message)),
    sendFrame,
    linkOpened(callback) {
      isOpening = true;
      callback();
      isOpening = false;
      drain();
    },
    linkEnded() {
      clock.clearTimeout(drainTimer);
      emitDrop(outbox.trim(settings().outbox), 'overflow');
    },
    empty(reason) {
      const left = outbox.empty();
      return () => emitDrop(left, reason);
    },
  };
}
