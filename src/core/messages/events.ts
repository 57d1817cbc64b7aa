import type { Frame, OutFrame } from '../link/frame.ts';
import type { Cause } from '../machine/cause.ts';
import { checkNames } from '../platform/check-names.ts';

/**
 * Why queued messages were dropped. `overflow`: the outbox was full. `scope`: the scope changed. `closed`: the connection
 * closed, has no url any more, or the page is being left. `refused`: the socket threw an error, which arrives as an `error`
 * event. `aborted`: its signal was aborted. `expired`: it has waited for longer than its `expires`.
 */
export type DropReason = 'overflow' | 'scope' | 'closed' | 'refused' | 'aborted' | 'expired';

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
   * A frame could not be decoded (`DecodeError`), `topics.of` threw an error, or the socket refused a message that waited.
   * Also what the url, protocols, codec or handshake function of an attempt threw, wrapped in an Error if it is none; if nobody
   * listens, it is reported like an uncaught error, once until the next link.
   */
  error: [error: Error];
  /** Messages from the outbox were handed to the socket. */
  flush: [messages: Out[]];
  /** Messages were removed from the outbox and will not be sent. */
  drop: [messages: Out[], reason: DropReason];
  /** The server has handled messages. Only with the option `delivery`, as all that follow. */
  confirm: [messages: Out[]];
  /**
   * Messages were sent, and nobody can tell what became of them: the server has forgotten the session, or they were withdrawn, have
   * expired or were dropped before they were confirmed. They will not be sent again.
   */
  uncertain: [messages: Out[]];
  /** The server has handled a message, and its handler has failed; with the reason that the server gives, or null. */
  failed: [message: Out, reason: string | null];
  /**
   * Messages of topics are missing: the server does not have them any more. The topic `''` is that of what `sendTo()` of the server sends
   * to this user.
   */
  gap: [topics: string[]];
}

/** The name of an event. */
export type EventType = keyof EventArguments<unknown, unknown>;

/** The handler of an event. */
export type EventHandler<Type extends EventType, In = Frame, Out = OutFrame> = (
  ...args: EventArguments<In, Out>[Type]
) => void;

/** The option with the handler of each event. */
export const HANDLERS: { readonly [Type in EventType]: `on${Capitalize<Type>}` } = {
  open: 'onOpen',
  message: 'onMessage',
  close: 'onClose',
  error: 'onError',
  flush: 'onFlush',
  drop: 'onDrop',
  confirm: 'onConfirm',
  uncertain: 'onUncertain',
  failed: 'onFailed',
  gap: 'onGap',
};

/**
 * Returns the type of an event.
 *
 * @throws TypeError if no event has this type; the message names the nearest one.
 */
export function checkEventType<Type extends EventType>(type: Type): Type {
  const given: unknown = type;
  checkNames({ [String(given)]: '' }, HANDLERS, 'an event');
  return type;
}
