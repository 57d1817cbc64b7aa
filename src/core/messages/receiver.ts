import type { Frame } from '../link/frame.ts';
import type { Emitter } from '../platform/emitter.ts';
import { guard } from '../platform/emitter.ts';
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
  /** What was received belongs to another scope than what will be. */
  scope: [];
}

/** What a receiver needs of the connection that it receives for. */
export interface ReceiverHost<In> extends Pick<Emitter<ReceiverEvents<In>>, 'emit'> {
  options(): ReceiverOptions<In>;
  scope(): string | null | undefined;
  /** A pong came: the answer to a ping. */
  receivedPong(): void;
  /** Any other frame came. */
  receivedFrame(): void;
}

/** Turns frames into messages. */
export interface Receiver<In> {
  /** The newest message of the scope, or null. */
  readonly lastMessage: In | null;
  /** Takes a frame from the open link. */
  receive(frame: Frame): void;
  /** Forgets what belongs to the last scope. */
  enterScope(): void;
}

/** Makes a {@link Receiver}. */
export function createReceiver<In>(host: ReceiverHost<In>): Receiver<In> {
  const { options, scope, emit } = host;
  let lastMessage: In | null = null;

  return {
    get lastMessage() {
      return lastMessage;
    },
    receive(frame) {
      const { pong } = options().heartbeat;
      const kind = typeof pong === 'function' ? guard(pong, frame) : frame === pong;
      if (kind && kind !== 'control') return host.receivedPong();
      host.receivedFrame();
      if (kind) return emit('control', frame);

      try {
        lastMessage = options().codec.decode(frame);
      } catch (error) {
        return emit('error', error instanceof DecodeError ? error : new DecodeError(frame, error));
      }
      const scopeBefore = scope();
      emit('message', lastMessage);
      // A handler may have changed the scope: those who heard of the message after it must forget it.
      if (scope() !== scopeBefore) emit('scope');
      emit('delivered');
    },
    enterScope() {
      lastMessage = null;
      emit('scope');
    },
  };
}
