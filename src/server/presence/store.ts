/**
 * Who is online: an identity with at least one connection, or whose last connection has been gone for less than the
 * grace. A server tells its store what happens to its connections, and the store decides, by its own clock.
 */
export interface PresenceStore {
  /**
   * Starts the store. Called once, by the server that the store is given to.
   *
   * @throws Error where it was called before: each server needs a store of its own.
   */
  start(listener: PresenceListener): void;
  /** A connection of an identity was admitted. `connection` is unique, and never used again. */
  join(id: string, connection: string): void;
  /** The connection is gone. The end of an old connection never ends a newer one. */
  leave(id: string, connection: string): void;
  /** A sign of life came from a connection. Called for every frame, so it must cost next to nothing. */
  seen(id: string, connection: string): void;
  /** Whether the identity is online, on any server. */
  isOnline(id: string): boolean;
  /** All identities that are online, on any server. */
  list(): string[];
  /**
   * When the last sign of life came from the identity, in epoch milliseconds; null if it is not remembered. Of those who
   * are offline, `memoryPresence()` remembers the last 10,000, and `redisPresence()` about 100,000, for a week.
   *
   * A store that servers share may reject while it cannot be reached, and lags behind: the store in Redis is told of
   * signs of life three times a lease.
   */
  lastSeen(id: string): Promise<number | null>;
  /** Ends timers and subscriptions. The connections of this server count as gone at once. */
  stop(): Promise<void>;
}

/** What a store tells its server: each change exactly once. */
export interface PresenceListener {
  online(id: string): void;
  offline(id: string): void;
  /** The store cannot do its work for the moment. It goes on by itself. */
  error(error: Error): void;
}
