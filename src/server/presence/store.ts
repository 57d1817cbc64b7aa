/**
 * Who is online: an identity with at least one connection, or whose last one has been gone for less than the grace.
 * A server tells a store what happens to its connections, and the store judges, by its own clock.
 */
export interface PresenceStore {
  /**
   * Begins to judge. Called once, by the server that it is given to.
   *
   * @throws Error where it was called before: each server needs a store of its own.
   */
  start(listener: PresenceListener): void;
  /** A connection of an identity was admitted. `connection` is unique, and never used again. */
  join(id: string, connection: string): void;
  /** The connection is gone. That of an old connection never ends a newer one. */
  leave(id: string, connection: string): void;
  /** A sign of life came from a connection; called for every frame, so that it must cost next to nothing. */
  seen(id: string, connection: string): void;
  /** Whether the identity is online, on any server. */
  isOnline(id: string): boolean;
  /** All identities that are online, on any server. */
  list(): string[];
  /**
   * When the last sign of life came from the identity, in epoch milliseconds; null if it is not remembered. Of those who
   * are offline, `memoryPresence()` remembers the last 10,000, and `redisPresence()` about 100,000, for a week.
   *
   * A store that servers share may reject while it is away, and lags: that in Redis hears of signs of life three times
   * a lease.
   */
  lastSeen(id: string): Promise<number | null>;
  /** Ends timers and subscriptions. Its connections count as gone at once. */
  stop(): Promise<void>;
}

/** Who is told of changes: each exactly once. */
export interface PresenceListener {
  online(id: string): void;
  offline(id: string): void;
  /** The store cannot do its work for the moment; it goes on by itself. */
  error(error: Error): void;
}

/** Carries what is broadcast from one server to all. */
export interface BroadcastChannel {
  /**
   * Begins to carry. Called once, by the server that it is given to.
   *
   * @throws Error where it was called before: each server needs a channel of its own.
   */
  start(listener: BroadcastListener): void;
  /** Hands a broadcast of this server to all others. This server has delivered it to its own clients already. */
  publish(broadcast: Broadcast): void;
  /** Ends subscriptions. */
  stop(): Promise<void>;
}

/** Who is told of what other servers broadcast. */
export interface BroadcastListener {
  deliver(broadcast: Broadcast): void;
  error(error: Error): void;
}

/** A message to many clients. */
export interface Broadcast {
  readonly message: string | Uint8Array;
  /** Only to who is subscribed to it; to all without one. */
  readonly topic?: string | undefined;
  /** The id of a connection that does not get it. */
  readonly except?: string | undefined;
}
