import type { WebSocket } from 'ws';

/** Who is behind a connection: a name, or an object of the application that has one. */
export type AnyIdentity = string | { readonly id: string };

/** One connection, as the server sees it. */
export interface Client<Identity extends AnyIdentity = string> {
  /** What `authenticate` returned; without it, the same as `connection`. */
  readonly identity: Identity;
  /** The name of the identity, which is the one that presence knows. An identity may have several clients. */
  readonly id: string;
  /** The id of this very connection, a UUID issued by the server. */
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
   * @throws Error where the code is none that may be sent, or the reason is longer than 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): void;
}

/** A {@link Client} with what only the server knows of it. */
export class ServerClient<Identity extends AnyIdentity> implements Client<Identity> {
  readonly identity: Identity;
  readonly id: string;
  readonly connection: string;
  readonly socket: WebSocket;
  name: string | null = null;
  /** When its rate is fully restored. */
  restoredAt = 0;
  /** The following are in the time of the sweep, in milliseconds. */
  heardAt: number;
  pingedAt: number;
  closingSince: number | null = null;
  slowSince: number | null = null;

  constructor(socket: WebSocket, identity: Identity, connection: string, now: number) {
    this.socket = socket;
    this.identity = identity;
    this.id = typeof identity === 'string' ? identity : identity.id;
    this.connection = connection;
    this.heardAt = now;
    this.pingedAt = now;
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
