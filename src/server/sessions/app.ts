import type { AnyIdentity, ServerClient } from '../clients/client.ts';

/** Which message of which outbox a handler gets: the same at every repetition. */
export interface MessageId {
  /** The id of the outbox, which is unique for its identity; null for a message that is not counted. */
  readonly outbox: string | null;
  /** The number of the message in it; null for a message that is not counted. */
  readonly number: number | null;
}

/** What the handler of a message gets that is not counted. */
export const NOT_COUNTED: MessageId = Object.freeze({ outbox: null, number: null });

/** What became of a message: taken, failed with a reason for the client or null, or not taken. */
export type Outcome =
  | 'taken'
  | 'later'
  | {
      readonly reason: string | null;
      /** How long the next message must wait, in milliseconds. @defaultValue 0 */
      readonly pause?: number;
    };

/** What became of a request: a reply, whose data is undefined for none, or a refusal. */
export type Answer =
  | { readonly data: string | Uint8Array | undefined }
  | { readonly reason: string | null };

/** The application, as sessions see it. None of its functions throws, and none of its promises rejects. */
export interface SessionApp {
  /** Hands over a message. */
  message(
    client: ServerClient<AnyIdentity>,
    data: string | Buffer,
    id: MessageId,
  ): Outcome | Promise<Outcome>;
  /** Hands over a request. */
  request(
    client: ServerClient<AnyIdentity>,
    data: string | Buffer,
    context: MessageId & { readonly signal: AbortSignal },
  ): Answer | Promise<Answer>;
  /** Takes a message from what an identity may send. @returns How many milliseconds it must wait, and then ask again; 0 for none. */
  waitFor(owner: string): number;
  report(this: void, error: unknown): void;
}
