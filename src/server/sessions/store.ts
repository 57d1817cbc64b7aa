import type { Failure } from '../protocol/delivery-frames.ts';
import type { ToldPosition } from '../protocol/delivery-words.ts';

/** A reply that the client has not acknowledged: the frame that carries it. */
export interface Reply {
  readonly data: string | Uint8Array;
}

/** What is remembered of an outbox. The server changes it, and gives it back. */
export interface SessionRecord {
  /**
   * Names this record: 1 to 64 characters that no other one has, also of the same outbox. The client tells the one that it was
   * answered with last. If that is another one, this record does not know what the client has sent since.
   */
  readonly epoch: string;
  /** The last number that was taken. */
  taken: number;
  /** Which of the last 256 numbers have failed, in order. */
  failed: Failure[];
  /** The replies that were not acknowledged, by the id of the request, the oldest first; null while there is none. */
  replies: Map<number, Reply> | null;
  /** The requests that are at work at servers which had the outbox before; null while there are none. @defaultValue null */
  elsewhere?: Set<number> | null;
  /** Where its topics have begun, as far as the client may not know, because its link was lost; null for nothing. @defaultValue null */
  begun?: readonly ToldPosition[] | null;
  /** Its last connections that were excepted from a message before they had begun the session. @defaultValue null */
  excepted?: readonly string[] | null;
}

/** What a bound made the server forget. */
export interface Forgotten {
  /**
   * - `session`: an outbox; its client is told that its messages are uncertain
   * - `reply`: a reply that the client has not acknowledged; it is told `lost`
   * - `history`: the messages of a topic; who missed some is told of a gap
   */
  readonly what: 'session' | 'reply' | 'history';
  /** The id of the identity, or the name of the topic; null if the client has no identity. */
  readonly of: string | null;
}

/** Returns the id of the identity that owns an outbox; null for the owner of a token. */
export const identityOf = (owner: string): string | null =>
  owner.startsWith('i') ? owner.slice(1) : null;

/**
 * Remembers what was taken of the outboxes of clients. One server has an outbox at a time: from `claim()` until `release()` or
 * `forget()`. The name of an outbox begins with that of its owner, which is `i` and the id of an identity, or `t` and a token.
 */
export interface SessionStore {
  /** How long replies are kept after the last link of an outbox, in milliseconds. Then its requests are aborted, too. */
  readonly ttl: number;
  /** How many outboxes are remembered. */
  readonly size: number;
  /**
   * Starts the store. The server calls it once.
   *
   * @throws Error if it was called before: each server needs its own store.
   */
  start(listener: SessionStoreListener): void;
  /**
   * Takes an outbox for this server, and returns what is remembered of it; null if nothing is. A store that servers share waits
   * until no other server has it. If that is not possible, it rejects: with {@link Later} if there is nothing to report.
   *
   * @param epoch - That of the record which begins if nothing is remembered. From now on the outbox is remembered, also if its client
   *   never hears of it.
   * @param isWanted - Whether a client still waits for it. If it is left out, one does.
   */
  claim(
    owner: string,
    outbox: string,
    epoch: string,
    isWanted?: () => boolean,
  ): SessionRecord | null | Promise<SessionRecord | null>;
  /**
   * Keeps a change of an outbox. It is confirmed to the client only then: if the promise rejects, the client comes back, and the
   * outbox is claimed again.
   */
  save(outbox: string, record: SessionRecord): void | Promise<void>;
  /**
   * The last link of an outbox has ended, and its handlers, too.
   *
   * @param running - The requests that are still at work here. There are some only if another server wants the outbox.
   */
  release(owner: string, outbox: string, record: SessionRecord, running?: readonly number[]): void;
  /** Nothing of an outbox counts any more. */
  forget(owner: string, outbox: string): void;
  /** Stops the store. */
  stop(): Promise<void>;
  /** What only a store has that servers share. */
  readonly shared?: SharedSessions | undefined;
}

/** How servers that share a store hand over outboxes. */
export interface SharedSessions {
  /**
   * How long the next handler of an outbox must wait, in milliseconds, because another server may have it by now; then it is asked
   * again. 0 if this server has it for sure.
   */
  waitFor(outbox: string): number;
  /** A request has ended that was at work when this server released its outbox. */
  reply(outbox: string, id: number, reply: Reply): void;
  /** The client does not wait any more for a request that is at work at another server. */
  abort(outbox: string, id: number): void;
}

/** The functions of a server that a session store calls. All but `forgotten` and `error` are for stores that servers share. */
export interface SessionStoreListener {
  /** Another server asks for an outbox: this one ends its link, lets its handlers end, and calls `release()`. */
  wanted(outbox: string): void;
  /** Another server has taken an outbox, because this one was not heard of for too long: nothing of it is confirmed any more. */
  lost(outbox: string): void;
  /** A request that was at work at another server has ended; null if nobody knows how. */
  replied(outbox: string, id: number, reply: Reply | null): void;
  /** The client does not wait any more for a request that is at work here, since this server had its outbox. */
  aborted(outbox: string, id: number): void;
  /** A bound made the store forget something. */
  forgotten(forgotten: Forgotten): void;
  /** Reports that the store does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}
