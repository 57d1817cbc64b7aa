/** What a server process is told at its start, as JSON. */
export interface ServerStart {
  /** Draws how long handlers take. */
  readonly seed: number;
  /** The url of the Redis with sessions and histories; null for those in memory. */
  readonly redis: string | null;
  /** The url of the database of the application; null for what is kept in memory. */
  readonly database: string | null;
}

/** A handler that has begun, or its effect. */
export interface Run {
  /** The process of the server. */
  readonly server: number;
  readonly identity: string;
  /** The outbox and the number of the message; null for a request. */
  readonly id: string | null;
  readonly text: string;
}

/** What the handlers of a server have written down. */
export interface Records {
  /** Handlers that have begun. */
  readonly begun: readonly Run[];
  /** Effects: at most one for the number of a message. */
  readonly effects: readonly Run[];
}

/** What the test says to a server process. */
export type ToServer =
  | { readonly say: readonly [topic: string, text: string] }
  | { readonly report: true }
  | { readonly close: true };

/** What a server process says. */
export type FromServer =
  | { readonly port: number }
  /** A message of a topic is recorded. */
  | { readonly said: string }
  | { readonly records: Records };

/** The room of an identity, which is its topic. */
export const ROOMS = 10;
export const roomOf = (identity: string): string =>
  `room-${Number(identity.split('-')[1]) % ROOMS}`;
