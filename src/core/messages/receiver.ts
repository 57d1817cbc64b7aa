import type { Frame, OutFrame } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { Event, State } from '../machine/state.ts';
import type { Emitter } from '../platform/emitter.ts';
import { tryCall } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { DecodeError } from './codec.ts';
import type { Codecs } from './codecs.ts';
import type { Delivery } from './delivery.ts';
import type { EventArguments } from './events.ts';
import type { Inbox } from './handshake.ts';
import { createInbox } from './handshake.ts';
import type { Sender } from './sender.ts';

/** The options that a receiver uses; see `ConnectionOptions`. */
export interface ReceiverOptions {
  readonly heartbeat: {
    readonly pong: string | ((frame: Frame) => boolean | 'control') | null;
    readonly reply?: ((frame: Frame) => OutFrame | null | undefined) | undefined;
  };
}

/** The events that a receiver emits. */
export interface ReceiverEvents<In> extends Pick<EventArguments<In, never>, 'message' | 'error'> {
  /** All handlers of a message have been called. */
  delivered: [];
  /** A frame arrived for which the `heartbeat.pong` function returned `'control'`: it is neither a pong nor a message. */
  control: [frame: Frame];
  /** A new scope begins: messages received before belong to the old one. */
  scope: [];
}

/** Who may take messages before all others. */
export interface Intercepted<In> {
  /** Each returns whether it takes a message, which then reaches nobody else. */
  readonly interceptors: Set<(message: In) => boolean>;
}

/** The parts of a connection that a receiver uses. */
interface ReceiverHost<In> extends Pick<Emitter<ReceiverEvents<In>>, 'emit'>, Intercepted<In> {
  readonly codecs: Codecs<In, never>;
  settings(): ReceiverOptions;
  state(): State;
  /** Returns the socket of the link, also during its handshake. */
  socket(): WebSocketLike | null;
  dispatch(event: Event): void;
  readonly delivery?: Pick<Delivery<never>, 'receive'> | undefined;
}

/** Decodes frames and delivers their messages. */
export interface Receiver<In> {
  /** The newest message of the scope, or null. */
  readonly lastMessage: In | null;
  /** Handles a frame of the link. */
  receive(frame: Frame): void;
  /**
   * Decodes a frame of the application, also one that looks like a frame of the library.
   *
   * @param take - Called with each message, which is delivered by default.
   * @param isWhole - Whether the rest of a frame is handed over after a handler has ended the link: nobody sends it again. Another
   *   scope stops it.
   */
  decode(frame: Frame, take?: (message: In) => void, isWhole?: boolean): void;
  /**
   * From now on, messages wait until `release()`. Returns where they do.
   *
   * @param signal - Aborted when the link ends.
   */
  hold(signal: AbortSignal): Inbox<In>;
  /** Messages wait no longer. Those that do are delivered, if the link is open, and otherwise forgotten. */
  release(): void;
  /** Forgets the newest message, because a new scope begins. */
  reset(): void;
}

/** How many messages one frame may have: more come only from a codec that never ends. */
const MAX_MESSAGES = 1_000_000;

const NO_PROMISE =
  'decode() returned a promise: it must be synchronous, since waiting would change the order of messages.';

/** Makes a {@link Receiver}. */
export function createReceiver<In>(
  host: ReceiverHost<In>,
  { sendFrame }: Pick<Sender<never>, 'sendFrame'>,
): Receiver<In> {
  const { codecs, settings, state, socket, dispatch, emit, interceptors } = host;
  let lastMessage: In | null = null;
  /** The messages that wait; null if they are delivered at once. */
  let inbox: Inbox<In> | null = null;

  function deliver(message: In): void {
    for (const takes of interceptors) if (takes(message)) return;
    lastMessage = message;
    const { scope } = state();
    emit('message', message);
    // If a handler changed the scope, handlers after it still got this message of the old scope and must forget it.
    if (state().scope !== scope) emit('scope');
    emit('delivered');
  }

  function messagesOf(frame: Frame): Iterable<In> {
    const codec = codecs.get();
    if (codec.decodeAll) return codec.decodeAll(frame);
    const message = codec.decode?.(frame) as In;
    if (FULL_TEXTS && message instanceof Promise) throw new TypeError(NO_PROMISE);
    return [message];
  }

  const takeNext = (message: In) => (inbox ? inbox.push(message) : deliver(message));

  function decode(frame: Frame, take: (message: In) => void = takeNext, isWhole = false): void {
    const { status, scope } = state();
    let count = 0;
    try {
      for (const message of messagesOf(frame)) {
        if (count++ === MAX_MESSAGES) throw new RangeError('decodeAll() has no end.');
        take(message);
        const now = state();
        // A handler has ended the link.
        if (isWhole ? now.scope !== scope : now.status !== status) return;
      }
    } catch (error) {
      emit('error', error instanceof DecodeError ? error : new DecodeError(frame, error));
    }
  }

  return {
    get lastMessage() {
      return lastMessage;
    },
    receive(frame) {
      if (host.delivery?.receive(frame)) return;
      const { pong, reply } = settings().heartbeat;
      const kind = typeof pong === 'function' ? tryCall(pong, frame) : frame === pong;
      if (kind === 'control') return emit('control', frame);
      if (kind) return dispatch({ type: 'pong' });

      const answer = tryCall(reply, frame) ?? null;
      if (answer !== null) return void tryCall(sendFrame, answer, socket());
      decode(frame);
    },
    decode,
    hold(signal) {
      inbox = createInbox<In>(signal);
      return inbox;
    },
    release() {
      // A handler may end the link. What arrives meanwhile waits behind them.
      for (const message of inbox?.end() ?? []) if (state().status === 'open') deliver(message);
      inbox = null;
    },
    reset() {
      lastMessage = null;
    },
  };
}
