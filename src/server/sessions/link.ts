import type { AnyIdentity, ServerClient } from '../clients/client.ts';

/** What a session tells its connection. */
export interface Link {
  /** The session is its own from now on. */
  attached(isKnown: boolean): void;
  /** Another connection has begun the same session. */
  replaced(): void;
  /** More was taken, or will not be. */
  taken(): void;
  /** A handler has asked for a later try. */
  postpone(): void;
  send(data: string | Uint8Array): void;
}

/** A frame of the client that takes a number, or more of them. */
export interface CountedFrame {
  readonly client: ServerClient<AnyIdentity>;
  /** The payload; null for numbers that are skipped. */
  readonly data: string | Buffer | null;
  /** How many numbers it takes. */
  readonly count: number;
  /** The id of the request; null for a message. */
  readonly request: number | null;
  isAborted?: boolean;
}
