import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AnyIdentity } from '../clients/client.ts';
import type { Settings } from '../options/settings.ts';
import { type Authenticate, authenticateWithin } from './authenticate.ts';
import { isOriginAllowed } from './origins.ts';
import { refuse } from './refuse.ts';

/** The result of an upgrade that was admitted. */
export interface Admitted<Identity extends AnyIdentity> {
  /** The open socket. */
  readonly socket: WebSocket;
  /** The identity that `authenticate` returned. */
  readonly identity: Identity;
  /** The id of the new connection. */
  readonly connection: string;
  /** The upgrade request. */
  readonly request: IncomingMessage;
}

interface AdmissionListener<Identity extends AnyIdentity> {
  /** A client was admitted, and its socket is open. */
  admitted(admitted: Admitted<Identity>): void;
  /** A function of the application threw, or the socket cannot be upgraded. */
  error(error: unknown): void;
}

type AdmissionSettings<Identity extends AnyIdentity> = Pick<
  Settings<Identity>,
  'authenticate' | 'authenticateTimeout' | 'maxConnections' | 'maxPayload' | 'origins'
>;

/** Decides for each upgrade request whether to admit it, and with which identity. */
export class Admission<Identity extends AnyIdentity> {
  readonly #settings: AdmissionSettings<Identity>;
  readonly #connected: { readonly size: number };
  readonly #listener: AdmissionListener<Identity>;
  readonly #sockets: WebSocketServer;
  /** The upgrades that are not decided yet. */
  readonly #pending = new Set<Promise<void>>();
  #authenticating = 0;
  #isClosed = false;

  constructor(
    settings: AdmissionSettings<Identity>,
    connected: { readonly size: number },
    listener: AdmissionListener<Identity>,
  ) {
    this.#settings = settings;
    this.#connected = connected;
    this.#listener = listener;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxPayload,
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const decision: Promise<void> = this.#decide(request, socket, head)
      .catch((error: unknown) => this.#listener.error(error))
      .finally(() => this.#pending.delete(decision));
    this.#pending.add(decision);
  }

  /** Refuses all upgrades from now on, including those that are not decided yet. */
  close(): void {
    this.#isClosed = true;
  }

  /** Waits until all current upgrades are decided. */
  async whenDecided(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #decide(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The socket may fail at any time, and an error without a listener ends the process. Later, ws has a listener.
    socket.on('error', ignore);
    if (!this.#isOriginAllowed(request)) return refuse(socket, 403);
    if (this.#isClosed || this.#isFull()) return refuse(socket, 503);
    const { authenticate } = this.#settings;
    const connection = randomUUID();
    const identity = authenticate
      ? await this.#authenticate(authenticate, request)
      : // Without `authenticate`, the type of an identity is string.
        (connection as AnyIdentity as Identity);
    if (identity === null) return refuse(socket, 401);
    if (this.#isClosed) return refuse(socket, 503);
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      socket.off('error', ignore);
      this.#listener.admitted({ socket: opened, identity, connection, request });
    });
  }

  #isOriginAllowed(request: IncomingMessage): boolean {
    try {
      return isOriginAllowed(request, this.#settings.origins);
    } catch (error) {
      this.#listener.error(error);
      return false;
    }
  }

  #isFull(): boolean {
    return this.#connected.size + this.#authenticating >= this.#settings.maxConnections;
  }

  async #authenticate(
    authenticate: Authenticate<Identity>,
    request: IncomingMessage,
  ): Promise<Identity | null> {
    this.#authenticating++;
    try {
      return await authenticateWithin(this.#settings.authenticateTimeout, authenticate, request);
    } catch (error) {
      this.#listener.error(error);
      return null;
    } finally {
      this.#authenticating--;
    }
  }
}

function ignore(): void {}
