/**
 * Decides which identities are online: those with at least one connection, and those whose last connection closed less
 * than the grace period ago. The server reports the events of its connections to the store.
 */
export interface PresenceStore {
  /**
   * Starts the store. The server calls it once.
   *
   * @throws Error if it was called before: each server needs its own store.
   */
  start(listener: PresenceListener): void;
  /** Adds a connection of an identity. `connection` is its id, which is unique and never used again. */
  join(id: string, connection: string): void;
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
  /**
   * Returns when the last sign of life of an identity came, in milliseconds since the Unix epoch; null if it is not known.
   * Of the identities that are offline, `memoryPresence()` remembers the last 10,000, and `redisPresence()` about 100,000
   * for a week.
   *
   * A store that servers share may reject while it cannot be reached. Its answer may be old: `redisPresence()` updates the
   * times of connected identities only three times in each `lease`.
   */
  lastSeen(id: string): Promise<number | null>;
  /** Stops the store. All connections of this server are removed at once. */
  stop(): Promise<void>;
}

/** The functions of a server that a store calls. It reports each change exactly once. */
export interface PresenceListener {
  /** Reports that an identity came online. */
  online(id: string): void;
  /** Reports that an identity went offline. */
  offline(id: string): void;
  /** Reports that the store does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}
