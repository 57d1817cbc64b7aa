/** Carries broadcasts from each server to all others. */
export interface BroadcastChannel {
  /**
   * Starts the channel. Called once, by the server that the channel is given to.
   *
   * @throws Error where it was called before: each server needs a channel of its own.
   */
  start(listener: BroadcastListener): void;
  /** Sends a broadcast of this server to all others. This server has delivered it to its own clients already. */
  publish(broadcast: Broadcast): void;
  /** Ends subscriptions. */
  stop(): Promise<void>;
}

/** What a channel tells its server. */
export interface BroadcastListener {
  /** Another server has published this. */
  deliver(broadcast: Broadcast): void;
  /** The channel cannot do its work for the moment. It goes on by itself. */
  error(error: Error): void;
}

/** A message to many clients. */
export interface Broadcast {
  readonly message: string | Uint8Array;
  /** Only for those who are subscribed to it; without a topic, for all. */
  readonly topic?: string | undefined;
  /** The id of a connection that does not get it. */
  readonly except?: string | undefined;
}
