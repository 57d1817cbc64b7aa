import { POLICY_VIOLATION } from '../core/protocol/close-codes.ts';
import { PING, PONG } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Events } from './events.ts';
import type { LifelineHandler } from './lifeline-handler.ts';
import type { Rate } from './limits/rate.ts';
import { RateLimit } from './limits/rate-limit.ts';
import type { PresenceStore } from './presence/store.ts';
import { isLifelineFrame } from './protocol/lifeline-frame.ts';

interface ReceiverParts<Identity extends AnyIdentity> {
  readonly rate: Rate | false;
  /** The clock of the sweeper. */
  readonly clock: { readonly now: number };
  readonly presence: PresenceStore;
  readonly lifeline: LifelineHandler<Identity>;
  readonly events: Events<Identity>;
}

/** Handles the frames of clients: records signs of life, applies the rate limit, and passes each frame on. */
export class Receiver<Identity extends AnyIdentity> {
  readonly #parts: ReceiverParts<Identity>;
  readonly #rateLimit: RateLimit | null;

  constructor(parts: ReceiverParts<Identity>) {
    this.#parts = parts;
    this.#rateLimit = parts.rate ? new RateLimit(parts.rate) : null;
  }

  receive(client: ServerClient<Identity>, data: Buffer, isBinary: boolean): void {
    client.inMessageSince = null;
    if (!this.countFrame(client)) return;
    const { events, lifeline } = this.#parts;
    if (isBinary) return events.emit('message', client, data);
    const text = String(data);
    if (text === PING) client.sendFrame(PONG);
    else if (isLifelineFrame(text)) lifeline.handle(client, text);
    else events.emit('message', client, text);
  }

  /**
   * Counts a frame of any kind as a sign of life, and for the rate limit.
   *
   * @returns False if the frame must be ignored: the client is closing, or is closed now because it sends too much.
   */
  countFrame(client: ServerClient<Identity>): boolean {
    if (!client.isOpen) return false;
    const { clock, presence } = this.#parts;
    client.lastFrameAt = clock.now;
    presence.seen(client.id, client.connection);
    if (this.#rateLimit?.take(client.id, performance.now()) ?? true) return true;
    client.close(POLICY_VIOLATION, 'Too many messages.');
    return false;
  }
}
