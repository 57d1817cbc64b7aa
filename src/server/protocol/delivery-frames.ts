/** A number whose handler failed, with a text for the client or null. */
export type Failure = readonly [number: number, reason: string | null];

/** What a server says to a client with a session: a lifeline frame, or the header of a frame with a payload. */
export type DeliveryFrame =
  | ({
      readonly lifeline: 'session';
      readonly taken: number;
      readonly known: boolean;
      /** Names what the server remembers: another one whenever that begins. */
      readonly epoch: string;
      readonly failed?: readonly Failure[];
      readonly messages: number;
      readonly bytes: number;
      readonly largest: number;
    } & ({ readonly id: string } | { readonly token: string }))
  | { readonly lifeline: 'wait' | 'message' }
  | {
      readonly lifeline: 'taken';
      readonly number: number;
      readonly failed?: readonly Failure[];
    }
  | { readonly lifeline: 'miscount'; readonly sent: number; readonly received: number }
  | {
      readonly lifeline: 'position' | 'gap';
      readonly topic: string;
      readonly epoch: string;
      readonly number: number;
    }
  | { readonly lifeline: 'topic'; readonly topic: string; readonly number: number }
  | { readonly lifeline: 'unsubscribed'; readonly topic: string }
  | { readonly lifeline: 'reply' | 'running' | 'lost'; readonly id: number }
  | { readonly lifeline: 'refusal'; readonly id: number; readonly reason: string | null };

/** Encodes a frame without a payload, or a header without its line feed. */
export const writeDeliveryFrame = (frame: DeliveryFrame): string => JSON.stringify(frame);
