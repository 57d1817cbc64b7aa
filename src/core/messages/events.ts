import type { Frame, OutFrame } from '../link/frame.ts';
import type { Cause } from '../machine/cause.ts';

/** Why messages were dropped: the bounds of the outbox, a change of scope, or the end of the connection. */
export type DropReason = 'overflow' | 'scope' | 'closed';

/** What an `open` event tells. */
export interface OpenInfo {
  /** Whether an earlier link was lost: what it would have delivered is missing. */
  readonly reconnected: boolean;
  /** Milliseconds since the last frame of the earlier link; 0 if there was none. */
  readonly downtime: number;
}

/** The arguments of each event. */
export interface EventArguments<In, Out> {
  /** A link is open. What its handlers send goes ahead of everything that was queued. */
  open: [info: OpenInfo];
  /** A message arrived: every one, in order, at once. */
  message: [message: In];
  /** A link was lost or an attempt failed; `final`: no other follows. */
  close: [cause: Cause, final: boolean];
  /** A frame could not be decoded (`DecodeError`), or `topics.of` threw. */
  error: [error: Error];
  /** What was queued has been handed to the socket. */
  flush: [messages: Out[]];
  /** What was queued, and will not be sent. */
  drop: [messages: Out[], reason: DropReason];
}

/** The name of an event. */
export type EventType = keyof EventArguments<unknown, unknown>;

/** The handler of an event. */
export type EventHandler<Type extends EventType, In = Frame, Out = OutFrame> = (
  ...args: EventArguments<In, Out>[Type]
) => void;
