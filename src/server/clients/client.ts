import type { WebSocket } from 'ws';

/** Who is behind a connection: an id, or an object of the application that has one. */
export type AnyIdentity = string | { readonly id: string };

/** One connection, as the application sees it. */
export interface Client<Identity extends AnyIdentity = string> {
  /** What `authenticate` returned; without it, the same as `connection`. */
  readonly identity: Identity;
  /** The id of the identity, by which presence knows it. An identity may have several clients. */
  readonly id: string;
  /** The id of this connection, a UUID that the server issued. */
  readonly connection: string;
  /** The name that the client gave itself in its last probe: no proof of anything. */
  readonly name: string | null;
  /** The socket of `ws`, for what is not here: `protocol`, `bufferedAmount`, `terminate()`. */
  readonly socket: WebSocket;
  /**
   * Sends text or binary, without a copy: do not change the bytes afterwards. What is sent to a client that is closing
   * or gone is dropped.
   */
  send(message: string | Uint8Array): void;
  /**
   * Begins the closing handshake. A client that does not answer is terminated after 3 to 4 s.
   *
   * @throws Error where the code may not be sent, or the reason is longer than 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): void;
}

/** A {@link Client} with what only the server needs to know of it. */
export class ServerClient<Identity extends AnyIdentity> implements Client<Identity> {
  readonly identity: Identity;
  readonly id: string;
  readonly connection: string;
  readonly socket: WebSocket;
  name: string | null = null;
  /** When its token bucket is full again, in the time of `performance.now()`. */
  rateFullAt = 0;
  // The following are in the time of the sweeper, in milliseconds.
  lastFrameAt: number;
  lastPingAt: number;
  /** Since when the sweeper has seen it closing; null while it is open. */
  closingSince: number | null = null;
  /** Since when the sweeper has seen too much wait for it; null while it reads. */
  slowSince: number | null = null;

  constructor(socket: WebSocket, identity: Identity, connection: string, now: number) {
    this.socket = socket;
    this.identity = identity;
    this.id = typeof identity === 'string' ? identity : identity.id;
    this.connection = connection;
    this.lastFrameAt = now;
    this.lastPingAt = now;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(message: string | Uint8Array): void {
    if (this.isOpen) this.socket.send(message);
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
  }
}
