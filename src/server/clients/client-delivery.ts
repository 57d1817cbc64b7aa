/**
 * What a client needs beside its socket if it has a session, or may still begin one; null for all others. It is asked before
 * the rest of the server.
 */
export interface ClientDelivery {
  /** The id of its outbox; null without a session. */
  readonly outbox: string | null;
  /** Whether a payload that looks like one of our frames gets a header, instead of a space in front. */
  readonly hasHeaders: boolean;
  /** The id by which `except` leaves this client out: that of its outbox, or of its connection before its session has begun. */
  exceptedAs(): string;
  /** Takes a frame. @returns False if it is to be read like one of any other client. */
  receive(data: string | Buffer): boolean;
  /** Whether it gets the messages of a topic from the history of the server. */
  follows(topic: string): boolean;
  subscribed(topic: string, replay: boolean): void;
  unsubscribed(topic: string): void;
  /** This server is about to close the client: nothing more of it is handled. */
  closing(): void;
  /** Lets the handler that runs end, confirms, and calls `done`. No further one begins. */
  finish(done: () => void): void;
  /** The socket has closed. */
  ended(): void;
}
