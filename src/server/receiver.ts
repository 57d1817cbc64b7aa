import { POLICY_VIOLATION } from '../core/protocol/close-codes.ts';
import { PING, PONG } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { ClientDelivery } from './clients/client-delivery.ts';
import type { Events } from './events.ts';
import type { LifelineHandler } from './lifeline-handler.ts';
import { reportRejection } from './checks/rejections.ts';
import { RateLimit } from './limits/rate-limit.ts';
import type { PresenceStore } from './presence/store.ts';
import type { Format } from './messages/format.ts';
import { InvalidMessage } from './messages/invalid-message.ts';
import type { Settings } from './options/settings.ts';
import { isLifelineFrame } from './protocol/lifeline-frame.ts';
import { NOT_COUNTED } from './sessions/app.ts';
import type { Counters } from './stats/stats.ts';

/** How many frames a client may send after it was closed: the outboxes of two tabs, which were on their way. */
const MAX_LATE_FRAMES = 2_000;

interface ReceiverParts<Identity extends AnyIdentity, In, Out> {
  readonly settings: Pick<Settings<Identity, In, Out>, 'rate' | 'invalidRate'>;
  readonly format: Pick<Format<In, Out>, 'decode'>;
  readonly counters: Counters;
  /** The clock of the sweeper. */
  readonly clock: { readonly now: number };
  readonly presence: PresenceStore;
  readonly lifeline: LifelineHandler<Identity>;
  readonly events: Events<Identity, In, Out>;
}

/** Handles the frames of clients: records signs of life, applies the rate limit, and passes each frame on. */
export class Receiver<Identity extends AnyIdentity, In, Out> {
  readonly #parts: ReceiverParts<Identity, In, Out>;
  readonly #rateLimit: RateLimit | null;
  readonly #invalidLimit: RateLimit | null;

  constructor(parts: ReceiverParts<Identity, In, Out>) {
    this.#parts = parts;
    const { rate, invalidRate } = parts.settings;
    this.#rateLimit = rate ? new RateLimit(rate) : null;
    this.#invalidLimit = invalidRate ? new RateLimit(invalidRate) : null;
  }

  receive(client: ServerClient<Identity, Out>, data: Buffer, isBinary: boolean): void {
    client.inMessageSince = null;
    if (client.delivery) return this.#receiveInSession(client, client.delivery, data, isBinary);
    if (!this.countFrame(client)) return;
    this.#parts.counters.bytesReceived += data.length;
    this.#read(client, isBinary ? data : String(data));
  }

  /**
   * Counts a frame of any kind as a sign of life, and for the rate limit.
   *
   * @returns False if the frame must be ignored: the client is closing, or is closed now because it sends too much.
   */
  countFrame(client: ServerClient<Identity, Out>): boolean {
    return this.#isAlive(client) && this.takesRate(client);
  }

  /** @returns False if the client is closed now because it sends too much. */
  takesRate(client: Pick<ServerClient<Identity, Out>, 'id' | 'close'>): boolean {
    if (this.#rateLimit?.take(client.id, performance.now()) ?? true) return true;
    client.close(POLICY_VIOLATION, 'Too many messages.');
    return false;
  }

  /** Ends a client that goes on sending while it closes: it would be read at full speed until its time is over. */
  #countLateFrame(client: ServerClient<Identity, Out>): false {
    client.lateFrames++;
    if (this.#rateLimit && client.lateFrames > MAX_LATE_FRAMES) client.socket.terminate();
    return false;
  }

  /** Frames that are counted in a session wait for the rate, instead of ending the client. */
  #receiveInSession(
    client: ServerClient<Identity, Out>,
    delivery: ClientDelivery,
    data: Buffer,
    isBinary: boolean,
  ): void {
    if (!this.#isAlive(client)) return;
    this.#parts.counters.bytesReceived += data.length;
    const frame = isBinary ? data : String(data);
    if (!delivery.receive(frame) && this.takesRate(client)) this.#read(client, frame);
  }

  /** Records a sign of life. @returns False if the client is closing. */
  #isAlive(client: ServerClient<Identity, Out>): boolean {
    if (!client.isOpen) return this.#countLateFrame(client);
    const { clock, presence, events } = this.#parts;
    client.lastFrameAt = clock.now;
    try {
      reportRejection(presence.seen(client.id, client.connection), events.report);
    } catch (error) {
      // ws would pass it on, and the process would end.
      events.report(error);
    }
    return true;
  }

  #read(client: ServerClient<Identity, Out>, frame: string | Buffer): void {
    if (frame === PING) client.sendFrame(PONG);
    else if (typeof frame === 'string' && isLifelineFrame(frame))
      this.#parts.lifeline.handle(client, frame);
    else this.deliver(client, frame);
  }

  /** Hands over a message that is not counted. */
  deliver(client: ServerClient<Identity, Out>, data: string | Buffer): void {
    const { format, counters, events } = this.#parts;
    let message: In;
    try {
      message = format.decode(data);
    } catch (error) {
      return this.#refuse(client, new InvalidMessage(data, error));
    }
    counters.messagesReceived++;
    events.emit('message', client, message, NOT_COUNTED);
  }

  /** Tells of a message that could not be decoded, and closes a client that sends too many of them. */
  #refuse(client: ServerClient<Identity, Out>, invalid: InvalidMessage): void {
    const { counters, events } = this.#parts;
    counters.invalid++;
    events.emit('invalid', client, invalid);
    if (!(this.#invalidLimit?.take(client.id, performance.now()) ?? true))
      client.close(POLICY_VIOLATION, 'Too many invalid messages.');
  }
}
