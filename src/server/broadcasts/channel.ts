/** Carries broadcasts from each server to all others. */
export interface BroadcastChannel {
  /**
   * Starts the channel. The server calls it once.
   *
   * @throws Error if it was called before: each server needs its own channel.
   */
  start(listener: BroadcastListener): void;
  /** Sends a broadcast to all other servers. This server has already delivered it to its own clients. */
  publish(broadcast: Broadcast): void;
  /**
   * Called when a topic gets its first subscriber at this server: from now on, its broadcasts must be delivered. A channel
   * without it delivers the broadcasts of all topics. @defaultValue none
   */
  readonly follow?: ((topic: string) => void) | undefined;
  /** Called when a topic has lost its last subscriber at this server. @defaultValue none */
  readonly unfollow?: ((topic: string) => void) | undefined;
  /** Stops the channel, and frees its connections. */
  stop(): Promise<void>;
}

/** The functions of a server that a channel calls. */
export interface BroadcastListener {
  /** Delivers a broadcast of another server. */
  deliver(broadcast: Broadcast): void;
  /** Reports that the channel does not work at the moment. It recovers by itself. */
  error(error: Error): void;
}

/** A message to many clients. */
export interface Broadcast {
  /** The text or the binary data to send. */
  readonly message: string | Uint8Array;
  /** The topic whose subscribers get the message; without a topic, all clients get it. */
  readonly topic?: string | undefined;
  /** The id of a connection that does not get the message, or of the outbox of its session. */
  readonly except?: string | undefined;
}
