import type { Failure } from '../protocol/delivery-frames.ts';

/** A reply that the client has not acknowledged: the frame that carries it. */
export interface Reply {
  readonly data: string | Uint8Array;
}

/** What is remembered of an outbox. The server changes it, and gives it back. */
export interface SessionRecord {
  /** The last number that was taken. */
  taken: number;
  /** Which of the last 256 numbers have failed, in order. */
  failed: Failure[];
  /** The replies that were not acknowledged, by the id of the request, the oldest first; null while there is none. */
  replies: Map<number, Reply> | null;
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
   * until no other server has it.
   */
  claim(owner: string, outbox: string): SessionRecord | null | Promise<SessionRecord | null>;
  /** Keeps a change of an outbox. It is confirmed to the client only then. */
  save(outbox: string, record: SessionRecord): void | Promise<void>;
  /** The last link of an outbox has ended, and its handlers, too. */
  release(owner: string, outbox: string, record: SessionRecord): void;
  /** Nothing of an outbox counts any more. */
  forget(owner: string, outbox: string): void;
  /** Stops the store. */
  stop(): Promise<void>;
}

/** The functions of a server that a session store calls. */
export interface SessionStoreListener {
  /** A bound made the store forget something. */
  forgotten(forgotten: Forgotten): void;
  /** Reports that the store does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}
