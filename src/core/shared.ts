import type { HostEvents } from './extensions/extension.ts';
import type { WebSocketLike } from './link/link.ts';
import type { Event, State } from './machine/state.ts';
import type { Settings } from './options/settings.ts';
import type { Clock } from './platform/clock.ts';
import type { Emitter } from './platform/emitter.ts';

/** What all parts of a connection share. Each part names what it needs of it. */
export interface Shared<In, Out> extends Emitter<HostEvents<In, Out>> {
  readonly clock: Clock;
  /** The options of the moment. */
  settings(): Settings<In, Out>;
  /** The state of the machine. */
  state(): State;
  /** Whether a link is open. */
  isOpen(): boolean;
  /** The socket of the present attempt or link; null if there is none. */
  socket(): WebSocketLike | null;
  /** The socket of the open link; null while there is none. */
  openSocket(): WebSocketLike | null;
  /** Gives the machine an event. */
  dispatch(event: Event): void;
  /** Gives the machine an event from outside, after what no event tells: sleep, a buffer that shrinks. */
  observeAndDispatch(event: Event): void;
}
