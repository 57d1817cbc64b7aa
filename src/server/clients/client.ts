import type { WebSocket } from 'ws';
import type { RawOut } from '../messages/format.ts';
import type { Outlet } from '../messages/outlet.ts';
import type { Viewer, Viewing } from '../presence/watch.ts';
import type { Backlog } from './backlog.ts';
import type { ClientDelivery } from './client-delivery.ts';

/** The identity of a client: an id, or an object of the application that has an `id`. */
export type AnyIdentity = string | { readonly id: string };

/** A connected client. Each connection is one client. `Out`: the messages that can be sent to it. */
export interface Client<Identity extends AnyIdentity = string, Out = RawOut> {
  /** The identity that `authenticate` returned. Without `authenticate`, it is the same as `connection`. */
  readonly identity: Identity;
  /** The id of the identity. Presence uses it. Several clients may have the same identity. */
  readonly id: string;
  /** The id of this connection: a UUID that the server made. */
  readonly connection: string;
  /** The label that the client sent in its last ping, or null. It proves nothing. */
  readonly name: string | null;
  /** The socket of `ws`. Use it for `protocol`, `bufferedAmount` or `terminate()`. */
  readonly socket: WebSocket;
  /**
   * Sends a message: text or binary data, or what the `codec` encodes. The bytes are not copied, so do not change them later.
   * A message to a client that is closing or disconnected is dropped. A text that begins like a lifeline frame, `{"lifeline":`,
   * gets a space in front, so that no client takes it for one: the same JSON. `socket.send()` does not do this.
   *
   * @throws What `codec.encode()` throws. TypeError for a message that is neither text nor binary data.
   */
  send(message: Out): void;
  /**
   * Starts the closing handshake. A client that does not answer is terminated after 3 to 4 s.
   *
   * @param code - The close code, such as 1000, or 3000 to 4999.
   * @param reason - A text of at most 123 bytes in UTF-8 (RFC 6455, section 5.5).
   * @throws Error if the code or the reason is not valid.
   */
  close(code?: number, reason?: string): void;
}

/** A {@link Client} with the fields that only the server uses. */
export class ServerClient<Identity extends AnyIdentity, Out = never>
  implements Client<Identity, Out>, Viewer<ServerClient<Identity, Out>>
{
  readonly identity: Identity;
  readonly id: string;
  readonly connection: string;
  readonly socket: WebSocket;
  name: string | null = null;
  /** The code and the reason with which this server closed it; null if it did not. */
  closedWith: readonly [code: number, reason: string] | null = null;
  /** Whether the `connection` event has told of it. */
  isAnnounced = false;
  /** Whether it has sent the lifeline frame `leave`: it closes for good. */
  hasLeft = false;
  /** How many frames it has sent since it began to close. */
  lateFrames = 0;
  viewing: Viewing<ServerClient<Identity, Out>> | null = null;
  delivery: ClientDelivery | null = null;
  // The following times are those of the sweeper, in milliseconds.
  lastFrameAt: number;
  lastPingAt: number;
  readonly #outlet: Outlet<Out>;
  /** When the sweeper first saw the client closing; null while it is open. */
  closingSince: number | null = null;
  /** What waits for the client to read it; null while that is little. */
  backlog: Backlog | null = null;
  /** When the sweeper first saw the message that the client has begun in fragments; null if there is none. */
  inMessageSince: number | null = null;

  constructor(
    {
      socket,
      identity,
      id,
      connection,
    }: Pick<Client<Identity>, 'socket' | 'identity' | 'id' | 'connection'>,
    now: number,
    outlet: Outlet<Out>,
  ) {
    this.socket = socket;
    this.identity = identity;
    this.id = id;
    this.connection = connection;
    this.lastFrameAt = now;
    this.lastPingAt = now;
    this.#outlet = outlet;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount;
  }

  send(message: Out): void {
    if (this.isOpen) this.#outlet.send(this.socket, message, this.delivery?.hasHeaders);
  }

  /** Sends a frame of the server itself. */
  sendFrame(frame: string): void {
    if (this.isOpen) this.#outlet.sendFrame(this.socket, frame);
  }

  /** Sends the data of a frame. Text may be given as its bytes. */
  sendData(data: string | Uint8Array, isBinary: boolean): void {
    if (this.isOpen) this.#outlet.sendFrame(this.socket, data, isBinary);
  }

  close(code?: number, reason?: string): void {
    const wasOpen = this.isOpen;
    this.socket.close(code, reason);
    if (!wasOpen) return;
    if (code !== undefined) this.closedWith = [code, reason ?? ''];
    this.delivery?.closing();
  }
}
