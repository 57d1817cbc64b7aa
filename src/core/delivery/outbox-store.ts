/** What is stored of an outbox besides its messages: plain data. */
export interface OutboxState {
  /** Whose it is: the option `scope`. */
  readonly scope: string;
  /** The id of the outbox, 128 random bits. */
  readonly outbox: string;
  /** What the server knows the client by, if it does not authenticate. It is as secret as a session cookie. */
  readonly token: string | undefined;
  /** The identity that the server has named. */
  readonly identity: string | undefined;
  /** Names what the server remembers, as its last answer has told it. */
  readonly epoch: string | undefined;
  /** Messages up to this number may have been sent. */
  readonly sent: number;
  /** When `sent` was written, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A message as it is stored. */
export interface StoredMessage {
  /** Its number in the outbox. */
  readonly number: number;
  /** What was given to `send()`. */
  readonly message: unknown;
  /** When it was given to `send()`, in milliseconds since the Unix epoch. */
  readonly since: number;
  /** How long it may wait, in milliseconds; undefined if for ever. */
  readonly expires: number | undefined;
}

/** An outbox that one connection owns. Each promise resolves when the change would survive the end of the page. */
export interface OwnedOutbox {
  /** What was stored; undefined if nothing was. */
  readonly state: OutboxState | undefined;
  /** The messages that were stored, in the order of their numbers. */
  readonly messages: readonly StoredMessage[];
  /**
   * Stores the state, and a message. Changes are made in the order of the calls, and those of one task together.
   *
   * @returns Rejects with a `DataCloneError` if this message cannot be stored; with any other error, nothing is stored any more.
   */
  put(state: OutboxState, message?: StoredMessage): Promise<void>;
  /** Removes messages. */
  remove(numbers: readonly number[]): Promise<void>;
  /** Removes all that is stored of this outbox. */
  clear(): Promise<void>;
  /** Gives it up as it is: whoever loads next may take it. */
  release(): void;
}

/** Where outboxes are stored; see `outboxStore()`. */
export interface OutboxStore {
  /**
   * Takes an outbox that nobody owns, or a new one. It may be of another scope, and is cleared then.
   *
   * @returns Rejects if it cannot make sure that nobody else owns it.
   */
  load(scope: string): Promise<OwnedOutbox>;
}
