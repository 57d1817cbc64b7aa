/**
 * Decides which identities are online: those with at least one connection, and those whose last connection closed less
 * than the grace period ago. The server reports the events of its connections to the store.
 */
export interface PresenceStore {
  /**
   * Who is subscribed to each topic. A store without it works, but nobody can ask who is in a topic then.
   * @defaultValue none
   */
  readonly topics?: TopicPresence | undefined;
  /**
   * Starts the store. The server calls it once, before it starts `topics`.
   *
   * @throws Error if it was called before: each server needs its own store.
   */
  start(listener: PresenceListener): void;
  /**
   * Adds a connection of an identity. `connection` is its id, which is unique and never used again.
   *
   * @param data - The public data of the identity: JSON of at most 1 KiB, which replaces older data. Undefined if there is
   * none.
   */
  join(id: string, connection: string, data?: string): void;
  /**
   * Removes a connection of an identity. Its other connections stay.
   *
   * @param isFinal - Whether the client said that it leaves for good: if this was the last connection, the identity goes
   * offline at once, without the grace period.
   */
  leave(id: string, connection: string, isFinal?: boolean): void;
  /** Records a sign of life of a connection. It is called for every frame, so it must be fast. */
  seen(id: string, connection: string): void;
  /** Whether an identity is online on any server that shares the store. */
  isOnline(id: string): boolean;
  /** Returns the ids of all identities that are online on any server that shares the store. */
  list(): string[];
  /** Returns the public data of an identity that is online, as JSON. A store without it keeps no data. @defaultValue none */
  readonly dataOf?: ((id: string) => string | undefined) | undefined;
  /**
   * Returns when the last sign of life of an identity came, in milliseconds since the Unix epoch; null if it is not known.
   * Of the identities that are offline, `memoryPresence()` remembers the last 10,000, and `redisPresence()` about 100,000
   * for a week.
   *
   * A store that servers share may reject while it cannot be reached. Its answer may be old: `redisPresence()` updates the
   * times of connected identities only three times in each `lease`.
   */
  lastSeen(id: string): Promise<number | null>;
  /** Stops the store, its topics included. All connections of this server are removed at once. */
  stop(): Promise<void>;
}

/** The functions of a server that a store calls. It reports each change exactly once. */
export interface PresenceListener {
  /** Reports that an identity came online. */
  online(id: string): void;
  /** Reports that an identity went offline. */
  offline(id: string): void;
  /** Reports that the public data of an identity that is online has changed. */
  renewed(id: string): void;
  /** Reports that the store does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}

/**
 * Decides which identities are in a topic: those with at least one subscribed connection, and those whose last one closed
 * less than the grace period ago.
 *
 * A store that servers share need report changes only of topics that are watched, and of others for a while after `list()` or
 * `isOnline()` was called for them.
 */
export interface TopicPresence {
  /** Starts to report changes. The server calls it once. */
  start(listener: TopicListener): void;
  /** Adds a connection of an identity to a topic. The server calls it once for each subscription. */
  join(topic: string, id: string, connection: string): void;
  /**
   * Removes a connection from a topic.
   *
   * @param isFinal - Whether the subscription was ended, or the client left for good: then there is no grace period.
   */
  leave(topic: string, id: string, connection: string, isFinal: boolean): void;
  /** Somebody on this server watches a topic from now on. @defaultValue the store reports changes of all topics */
  readonly watch?: ((topic: string) => void) | undefined;
  /** Nobody on this server watches a topic any longer. */
  readonly unwatch?: ((topic: string) => void) | undefined;
  /** Whether an identity is in a topic, on any server that shares the store; null while this is not known. */
  isOnline(topic: string, id: string): boolean | null;
  /** Returns the ids of all identities in a topic, on any server that shares the store; null while they are not known. */
  list(topic: string): string[] | null;
}

/** The functions of a server that the topics of a store call. */
export interface TopicListener {
  /** Reports that an identity came into a topic. */
  online(topic: string, id: string): void;
  /** Reports that an identity is in a topic no longer. */
  offline(topic: string, id: string): void;
  /** Reports that it is now known who is in a topic, of which `list()` has returned null. */
  known(topic: string): void;
}
