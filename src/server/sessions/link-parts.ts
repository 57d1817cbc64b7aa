import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { History } from '../history/history.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import type { DeliveryWord } from '../protocol/delivery-words.ts';
import type { Confirmer } from './confirmer.ts';
import type { Session } from './session.ts';

export type Word<Lifeline extends DeliveryWord['lifeline']> = Extract<
  DeliveryWord,
  { lifeline: Lifeline }
>;

/** The parts that all connections share. */
export interface LinkParts {
  readonly confirmer: Confirmer;
  readonly history: History | null;
  /** How much is repeated for an identity, in bytes. */
  readonly budget: RateLimit;
  /** Whether the server authenticates. */
  readonly hasIdentities: boolean;
  /** The window, and the largest frame, in bytes. */
  readonly bytes: number;
  readonly largest: number;
  readonly counters: { malformed: number; messagesSent: number };
  /** Counts a frame for the rate limit. @returns False if the client is closed now. */
  takesRate(client: ServerClient<AnyIdentity>): boolean;
  /** Hands over a frame that is not counted. */
  deliver(client: ServerClient<AnyIdentity>, data: string | Buffer): void;
  /** Finds or begins the session of a client. `ownKey`: the name of the own topic of its identity. */
  begin(client: ServerClient<AnyIdentity>, word: Word<'session'>, ownKey?: string): Session;
  /** The counts of both ends differ. */
  miscounted(session: Session): void;
}
