/** Where somebody stands in the messages of a topic. Numbers of different epochs cannot be compared. */
export interface Position {
  /** A text of 1 to 64 characters. */
  readonly epoch: string;
  /** The number of the last message; 0 before the first one. */
  readonly number: number;
}

/** A message of a topic, as a history gets it. */
export interface TopicMessage {
  /** The payload. For text, its bytes in UTF-8. */
  readonly data: Buffer;
  readonly isBinary: boolean;
  /** Who does not get it: the id of an outbox, or of a connection. */
  readonly except?: string | undefined;
}

/** A message of a topic with its number. */
export interface RecordedMessage extends TopicMessage {
  readonly number: number;
}

/**
 * Keeps the last messages of topics, so that clients with a session get those that they missed. The names of topics are those
 * of the server: one of the application begins with `t`, that of an identity with `i`.
 *
 * A store that servers share gives all messages of a topic one order, and calls `deliver` in this order on each server.
 */
export interface HistoryStore {
  /**
   * Whether servers share it. One that is not shared knows only what its own server says, so that it cannot be used together with
   * the `broadcasts` option.
   */
  readonly isShared: boolean;
  /**
   * Starts the store. The server calls it once.
   *
   * @throws Error if it was called before: each server needs its own store.
   */
  start(listener: HistoryListener): void;
  /** Begins to follow a topic for this server, and returns where it stands. From then on, `deliver` is called for it. */
  follow(topic: string): Position | Promise<Position>;
  /** Nobody on this server is subscribed to the topic any more. Its messages may still be asked for. */
  unfollow(topic: string): void;
  /**
   * Records a message, and has it delivered at all servers that follow the topic. If none ever did, it need not. Resolves when it is recorded,
   * and delivered at this server; rejects if it was not recorded. The same error for many messages is reported once.
   */
  publish(topic: string, message: TopicMessage): void | Promise<void>;
  /** Returns the messages of a topic behind a position, the oldest first; null if they are not all there, and none if nobody knows. */
  read(
    topic: string,
    position: Position,
  ): readonly RecordedMessage[] | null | Promise<readonly RecordedMessage[] | null>;
  /** Stops the store. */
  stop(): Promise<void>;
}

/** The functions of a server that a history calls. */
export interface HistoryListener {
  /** Delivers a message to those who follow the topic on this server. */
  deliver(topic: string, message: RecordedMessage): void;
  /** A topic that is followed has begun anew, or messages of it may be missing: nobody can tell. */
  moved(topic: string, position: Position): void;
  /** The messages of a topic were forgotten, because there are too many topics or bytes. */
  forgotten(topic: string): void;
  /** Reports that the store does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}
