import type { HostEvents } from './extensions/extension.ts';
import type { AttemptListener, WebSocketLike } from './link/link.ts';
import type { Event, State } from './machine/state.ts';
import type { Codecs } from './messages/codecs.ts';
import type { Delivery } from './messages/delivery.ts';
import type { Intercepted } from './messages/receiver.ts';
import type { Settings } from './options/settings.ts';
import type { Clock } from './platform/clock.ts';
import type { Emitter } from './platform/emitter.ts';

/** What the parts of a connection share. Each part picks the fields that it needs. */
export interface Shared<In, Out> extends Emitter<HostEvents<In, Out>>, Intercepted<In> {
  /** The clock of the connection. */
  readonly clock: Clock;
  /** The codecs of the connection. */
  readonly codecs: Codecs<In, Out>;
  /** What keeps messages until they are confirmed, with the option `delivery`. */
  delivery?: Delivery<Out> | undefined;
  /** What all attempts tell goes through here, so that devtools can listen in. Not in production. */
  incoming?: AttemptListener;
  /** The current options, with the defaults filled in. */
  settings(): Settings<In, Out>;
  /** The state of the machine. */
  state(): State;
  /** Whether a link is open. */
  isOpen(): boolean;
  /** The socket of the current attempt or link; null if there is none. */
  socket(): WebSocketLike | null;
  /** The socket of the open link; null while no link is open. */
  openSocket(): WebSocketLike | null;
  /** Gives the machine an event. */
  dispatch(event: Event): void;
  /**
   * Gives the machine an event that comes from outside: the application, a socket, a timer or a signal. Observes the
   * vitals first, so that the machine knows of a sleep or a sign of life before it decides.
   */
  observeAndDispatch(event: Event): void;
}
