import type { Frame, OutFrame } from '../link/frame.ts';
import type { WebSocketLike } from '../link/link.ts';
import type { Entry, OutboxItem } from './outbox.ts';
import type { TrackedOptions } from './send-options.ts';

/**
 * Sends a frame.
 *
 * @param what - What returns its entry, if it is a message that is counted; the state is that of an entry which is made for it. Otherwise,
 *   whether it is a frame of the library.
 * @throws RangeError if it is too large for the server; what the socket throws.
 */
export type Put<Out> = (
  socket: WebSocketLike,
  frame: OutFrame,
  what: ((state: 'sent') => Entry<Out>) | boolean,
) => true;

/** A message that may be sent next; its number, if it has one before it is sent, and its length, if it is encoded. */
export interface Next {
  readonly options?: TrackedOptions | undefined;
  readonly number?: number | undefined;
  readonly bytes?: number | undefined;
}

/**
 * Keeps what was sent until the server has confirmed it. It stands between a connection and its socket: while both ends share a
 * session, all frames go through it.
 */
export interface Delivery<Out> {
  /** Returns what was sent and is not confirmed, then what waits: the same array until one of them changes. */
  items(waiting: readonly OutboxItem<Out>[]): readonly OutboxItem<Out>[];
  /** Begins the session of a new link. If it rejects, the attempt has failed. */
  begin(socket: WebSocketLike, signal: AbortSignal): Promise<void>;
  /** While a link is open: sends again what was sent on an older one and is not confirmed, as far as there is room. */
  resend(): void;
  /**
   * Whether a message must wait: until more is confirmed, or until it is stored.
   */
  isFull(next: Next): boolean;
  /** Sends something in the way of the session, if there is one. */
  readonly put: Put<Out>;
  /** Handles a frame of the link. Returns false if it is for the receiver, as without a session. */
  receive(frame: Frame): boolean;
  /** Requests up to this id may be those of an earlier page. @defaultValue 0 */
  readonly requests?: number;
  /** Drops all messages, since the connection is closed, or has no url. Returns the function that tells of it. */
  drop(): () => void;
  /** Whether the reply to a request may still come over another link. */
  keepsRequest(id: number): boolean;
  /** Nobody waits for the reply to a request any more. */
  abandonRequest(id: number): void;
}

/** What became of a request, for the extension that made it. */
export type RequestOutcome = 'reply' | 'refusal' | 'lost' | 'closed';

/** The event that only extensions get from a session. */
export interface DeliveryEvents<In> {
  /** A request has ended, with the reply, or with the reason of the refusal. */
  reply: [id: number, outcome: RequestOutcome, value?: In | string | null];
}
