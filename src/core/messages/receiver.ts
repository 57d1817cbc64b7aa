import type { Frame } from '../link/frame.ts';
import type { Event, State } from '../machine/state.ts';
import type { Emitter } from '../platform/emitter.ts';
import { tryCall } from '../platform/emitter.ts';
import type { Codec } from './codec.ts';
import { DecodeError } from './codec.ts';
import type { EventArguments } from './events.ts';

/** What the options say about receiving. */
export interface ReceiverOptions<In> {
  readonly codec: Pick<Codec<In, never>, 'decode'>;
  readonly heartbeat: { readonly pong: string | ((frame: Frame) => boolean | 'control') | null };
}

/** What a connection and its extensions hear of what was received. */
export interface ReceiverEvents<In> extends Pick<EventArguments<In, never>, 'message' | 'error'> {
  /** A message has been handed to all of its handlers. */
  delivered: [];
  /** A frame came that the heartbeat's `pong` knows as neither an answer nor a message. */
  control: [frame: Frame];
  /** What was received so far belongs to another scope than what comes next. */
  scope: [];
}

/** What a receiver needs of the connection that it receives for. */
interface ReceiverHost<In> extends Pick<Emitter<ReceiverEvents<In>>, 'emit'> {
  settings(): ReceiverOptions<In>;
  state(): State;
  dispatch(event: Event): void;
}

/** Turns frames into messages. */
export interface Receiver<In> {
  /** The newest message of the scope, or null. */
  readonly lastMessage: In | null;
  /** Takes a frame from the open link. */
  receive(frame: Frame): void;
  /** Another scope: forgets the newest message. */
  forget(): void;
}

/** Makes a {@link Receiver}. */
export function createReceiver<In>({
  settings,
  state,
  dispatch,
  emit,
}: ReceiverHost<In>): Receiver<In> {
  let lastMessage: In | null = null;

  return {
    get lastMessage() {
      return lastMessage;
    },
    receive(frame) {
      const { pong } = settings().heartbeat;
      const kind = typeof pong === 'function' ? tryCall(pong, frame) : frame === pong;
      if (kind === 'control') return emit('control', frame);
      if (kind) return dispatch({ type: 'pong' });

      try {
        lastMessage = settings().codec.decode(frame);
      } catch (error) {
        return emit('error', error instanceof DecodeError ? error : new DecodeError(frame, error));
      }
      const { scope } = state();
      emit('message', lastMessage);
      // A handler may have changed the scope: those who heard of the message after it must forget it.
      if (state().scope !== scope) emit('scope');
      emit('delivered');
    },
    forget() {
      lastMessage = null;
    },
  };
}
