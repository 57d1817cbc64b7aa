import type { Frame, OutFrame } from '../link/frame.ts';
import type { Cause } from '../machine/cause.ts';

/**
 * Why queued messages were dropped. `overflow`: the outbox was full. `scope`: the scope changed. `closed`: the connection
 * closed, or has no url any more.
 */
export type DropReason = 'overflow' | 'scope' | 'closed';

/** The argument of an `open` event. */
export interface OpenInfo {
  /** Whether this scope had an earlier link: messages that the server sent in between are missing. */
  readonly reconnected: boolean;
  /** Milliseconds since the last sign of life of the earlier link; 0 if there was no earlier link. */
  readonly downtime: number;
}

/** The events of a connection, with the arguments of their handlers. */
export interface EventArguments<In, Out> {
  /** A link is open. Messages that the handlers send go before those in the outbox. */
  open: [info: OpenInfo];
  /** A message arrived. Every message is delivered at once and in order. */
  message: [message: In];
  /** A link was lost or an attempt failed. `final`: no other attempt follows. */
  close: [cause: Cause, final: boolean];
  /**
   * A frame could not be decoded (`DecodeError`), or `topics.of` threw an error. Also what the url or protocols function of an
   * attempt threw, wrapped in an Error if it is none; if nobody listens, it is reported like an uncaught error, once until
   * the next link.
   */
  error: [error: Error];
  /** Messages from the outbox were handed to the socket. */
  flush: [messages: Out[]];
  /** Messages were removed from the outbox and will not be sent. */
  drop: [messages: Out[], reason: DropReason];
}

/** The name of an event. */
export type EventType = keyof EventArguments<unknown, unknown>;

/** The handler of an event. */
export type EventHandler<Type extends EventType, In = Frame, Out = OutFrame> = (
  ...args: EventArguments<In, Out>[Type]
) => void;
