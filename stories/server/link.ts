/** One connection as the demo sees it, whatever carries it. */
export interface Link {
  send(frame: string | Uint8Array): void;
  close(code: number, reason?: string): void;
  /** Ends it without a close frame: the other end sees 1006. */
  drop(): void;
  /** Hears nothing from now on, not even that the other end closes it. Only `drop` ends it. */
  deafen(): void;
}

/** What a link tells the demo. */
export interface LinkEvents {
  receive(frame: string | Uint8Array): void;
  /**
   * What carries the link says something by itself: over the same line, however bad. An answer to a ping comes
   * only after what the ping took.
   */
  says(frame: string | Uint8Array): void;
  /** It has ended, whoever ended it. */
  ended(code: number): void;
}
