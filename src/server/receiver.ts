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
  /** The time of the sweeper. */
  readonly clock: { readonly now: number };
  readonly presence: PresenceStore;
  readonly lifeline: LifelineHandler<Identity>;
  readonly events: Events<Identity>;
}

/** Takes the frames of clients: notes the sign of life, holds the rate, and hands each frame to whom it is for. */
export class Receiver<Identity extends AnyIdentity> {
  readonly #parts: ReceiverParts<Identity>;

  constructor(parts: ReceiverParts<Identity>) {
    this.#parts = parts;
  }

  receive(client: ServerClient<Identity>, data: Buffer, isBinary: boolean): void {
    if (!this.accept(client)) return;
    const { events, lifeline } = this.#parts;
    if (isBinary) return events.emit('message', client, data);
    const text = String(data);
    if (text === PING) client.send(PONG);
    else if (isLifelineFrame(text)) lifeline.handle(client, text);
    else events.emit('message', client, text);
  }

  /** Counts a frame of any kind; false if it must be ignored: the client is closing, or over its rate and closed for it. */
  accept(client: ServerClient<Identity>): boolean {
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
