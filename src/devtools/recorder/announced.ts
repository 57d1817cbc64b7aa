import type { Connection } from '../../core/connection.ts';
import type { Outbox } from '../../core/messages/outbox.ts';
import type { Shared } from '../../core/shared.ts';

/** A connection and its parts, as it announces itself. */
export interface Announced {
  readonly connection: Connection;
  readonly shared: Shared<never, never>;
  /** The messages that wait. */
  readonly waiting: Outbox<never>;
}
