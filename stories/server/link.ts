/** A connection to the demo, over a real or a simulated socket. */
export interface Link {
  send(frame: string | Uint8Array): void;
  close(code: number, reason?: string): void;
  /** Ends it without a close frame: the client sees 1006. */
  drop(): void;
  /** Reads nothing from now on, not even a close by the client. Only `drop` ends it. */
  stopReading(): void;
  /** Subscribes its client to the topic of a place in its room. */
  enter(place: string): void;
  /** Ends that. */
  leave(place: string): void;
}

/** The events of a link. */
export interface LinkEvents {
  /** Handles a frame. Returns false if it was lost on a line that is cut. */
  receive(frame: string | Uint8Array): boolean;
  /** The lifeline server sends a frame itself, over the same line. */
  serverSends(frame: string | Uint8Array): void;
  /** The link has ended. */
  ended(code: number): void;
}
