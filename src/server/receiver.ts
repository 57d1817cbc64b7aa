import { POLICY_VIOLATION } from '../core/protocol/close-codes.ts';
import { PING, PONG } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Events } from './events.ts';
import type { LifelineHandler } from './lifeline-handler.ts';
import { type Rate, takeToken } from './limits/rate.ts';
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

  constructor(parts: ReceiverParts<Identity>) {
    this.#parts = parts;
  }

  receive(client: ServerClient<Identity>, data: Buffer, isBinary: boolean): void {
    if (!this.countFrame(client)) return;
    const { events, lifeline } = this.#parts;
    if (isBinary) return events.emit('message', client, data);
    const text = String(data);
    if (text === PING) client.send(PONG);
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
    const { clock, presence, rate } = this.#parts;
    client.lastFrameAt = clock.now;
    presence.seen(client.id, client.connection);
    if (!rate) return true;
    const fullAt = takeToken(client.rateFullAt, performance.now(), rate);
    if (fullAt === null) client.close(POLICY_VIOLATION, 'Too many messages.');
    else client.rateFullAt = fullAt;
    return fullAt !== null;
  }
}
