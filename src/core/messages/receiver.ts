import type { Frame } from '../link/frame.ts';
import type { Event, State } from '../machine/state.ts';
import type { Emitter } from '../platform/emitter.ts';
import { tryCall } from '../platform/emitter.ts';
import type { Codec } from './codec.ts';
import { DecodeError } from './codec.ts';
import type { EventArguments } from './events.ts';

/** The options that a receiver uses; see `ConnectionOptions`. */
export interface ReceiverOptions<In> {
  readonly codec: Pick<Codec<In, never>, 'decode'>;
  readonly heartbeat: { readonly pong: string | ((frame: Frame) => boolean | 'control') | null };
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

/** The parts of a connection that a receiver uses. */
interface ReceiverHost<In> extends Pick<Emitter<ReceiverEvents<In>>, 'emit'> {
  settings(): ReceiverOptions<In>;
  state(): State;
  dispatch(event: Event): void;
}

/** Decodes frames and delivers their messages. */
export interface Receiver<In> {
  /** The newest message of the scope, or null. */
  readonly lastMessage: In | null;
  /**
   * Handles a frame of the link.
   *
   * @param take - Takes the message of the frame. By default it is delivered.
   */
  receive(frame: Frame, take?: (message: In) => void): void;
  /** Delivers a message to the handlers. */
  deliver(message: In): void;
  /** Forgets the newest message, because a new scope begins. */
  reset(): void;
}

/** Makes a {@link Receiver}. */
export function createReceiver<In>({
  settings,
  state,
  dispatch,
  emit,
}: ReceiverHost<In>): Receiver<In> {
  let lastMessage: In | null = null;

  function deliver(message: In): void {
    lastMessage = message;
    const { scope } = state();
    emit('message', message);
    // If a handler changed the scope, handlers after it still got this message of the old scope and must forget it.
    if (state().scope !== scope) emit('scope');
    emit('delivered');
  }

  return {
    get lastMessage() {
      return lastMessage;
    },
    deliver,
    receive(frame, take = deliver) {
      const { pong } = settings().heartbeat;
      const kind = typeof pong === 'function' ? tryCall(pong, frame) : frame === pong;
      if (kind === 'control') return emit('control', frame);
      if (kind) return dispatch({ type: 'pong' });

      let message;
      try {
        message = settings().codec.decode(frame);
      } catch (error) {
        return void emit(
          'error',
          error instanceof DecodeError ? error : new DecodeError(frame, error),
        );
      }
      take(message);
    },
    reset() {
      lastMessage = null;
    },
  };
}
