import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AnyIdentity } from '../clients/client.ts';
import type { Settings } from '../options/settings.ts';
import { type Authenticate, type Authenticated, authenticateWithin } from './authenticate.ts';
import { Claim, hasOlderRequest } from './claim.ts';
import { Handshake } from './handshake.ts';
import { isOriginAllowed } from './origins.ts';
import type { Places } from './places.ts';
import { chooseProtocol } from './protocols.ts';
import { type Answer, describeRefusal, type Refusal, TOO_EARLY, WITH_BODY } from './refusal.ts';
import { guard, refuse, unguard } from './refuse.ts';
import { hasBody } from './route.ts';
import { RefusedClient } from '../clients/refuse-with.ts';

/** The result of an upgrade that was admitted. */
export interface Admitted<Identity extends AnyIdentity> extends Authenticated<Identity> {
  /** The open socket. */
  readonly socket: WebSocket;
  /** The id of the new connection. */
  readonly connection: string;
  /** The upgrade request. */
  readonly request: IncomingMessage;
}

interface AdmissionListener<Identity extends AnyIdentity> {
  /** A client was admitted, and its socket is open. */
  admitted(admitted: Admitted<Identity>): void;
  /** A client was refused. */
  refused(refusal: Refusal, request: IncomingMessage): void;
  /** A function of the application threw, or the socket cannot be upgraded. */
  error(error: unknown): void;
}

type AdmissionSettings<Identity extends AnyIdentity> = Pick<
  Settings<Identity>,
  'authenticate' | 'authenticateTimeout' | 'compression' | 'maxPayload' | 'origins' | 'protocols'
>;

const CLOSING: Answer = { status: 503, reason: 'The server is closing.' };

/** Decides for each upgrade request whether to admit it, and with which identity. */
export class Admission<Identity extends AnyIdentity> {
  readonly #settings: AdmissionSettings<Identity>;
  readonly #places: Places;
  readonly #listener: AdmissionListener<Identity>;
  readonly #handshake: Handshake;
  /** The upgrades that are not decided yet. */
  readonly #pending = new Set<Promise<void>>();
  /** For each upgrade in authentication: the identities that were disconnected since it began. */
  readonly #disconnected = new Set<Map<string, RefusedClient>>();
  #isClosed = false;

  constructor(
    settings: AdmissionSettings<Identity>,
    places: Places,
    listener: AdmissionListener<Identity>,
  ) {
    this.#settings = settings;
    this.#places = places;
    this.#listener = listener;
    this.#handshake = new Handshake(settings, (request, socket, answer) =>
      this.#refuse(request, socket, answer),
    );
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

  /** Refuses an identity in all current upgrades: what `authenticate` knew of it may be out of date. */
  disconnect(id: string, refused: RefusedClient): void {
    for (const disconnected of this.#disconnected) disconnected.set(id, refused);
  }

  /** Waits until all current upgrades are decided. */
  async whenDecided(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Tells of a refusal. */
  tell(request: IncomingMessage, answer: Answer): void {
    this.#listener.refused(describeRefusal(request, answer), request);
  }

  async #decide(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The socket may fail at any time, and an error without a listener ends the process. Later, ws has a listener.
    guard(socket);
    const claim = new Claim(socket);
    checkUnanswered(socket, claim);
    if (socket.destroyed) return; // The client has disconnected.
    if (hasOlderRequest(socket)) {
      this.tell(request, TOO_EARLY);
      return void socket.destroy();
    }
    const checked = this.#check(request, socket);
    if (typeof checked !== 'string') return this.#refuse(request, socket, checked);
    // Node makes it a tree of pieces, which takes 489 bytes for as long as it is kept. The copy is one text of 65 bytes.
    const connection = String(Buffer.from(randomUUID()));
    const { authenticate } = this.#settings;
    const client = authenticate
      ? await this.#authenticate(authenticate, request)
      : // Without `authenticate`, the type of an identity is string.
        { identity: connection as AnyIdentity as Identity, id: connection };
    checkUnanswered(socket, claim);
    if (client === null)
      return this.#refuse(request, socket, {
        status: 401,
        reason: 'Not authenticated: authenticate returned no identity.',
      });
    if (this.#isClosed) return this.#refuse(request, socket, CLOSING);
    const opened = this.#handshake.complete(request, socket, head, checked);
    if (!opened) return; // The request was not a right one, or the client has disconnected.
    unguard(socket);
    if (client instanceof RefusedClient) return this.#closeAtOnce(opened, request, client);
    try {
      this.#listener.admitted({ ...client, socket: opened, connection, request });
    } catch (error) {
      opened.on('error', ignore).terminate();
      throw error;
    }
  }

  /** Returns the subprotocol if all is well so far (an empty text for none), otherwise the answer. */
  #check(request: IncomingMessage, socket: Duplex): string | Answer {
    const { origins, protocols } = this.#settings;
    if (!this.#try(() => isOriginAllowed(request, origins)))
      return {
        status: 403,
        reason:
          request.headers.origin === undefined
            ? 'The request has no origin: for programs, add null to the origins option.'
            : 'This origin is not allowed: add it to the origins option.',
      };
    if (this.#isClosed) return CLOSING;
    if (hasBody(request)) return WITH_BODY;
    if (!this.#places.take(socket)) {
      this.#places.turnAway();
      return { status: 503, reason: 'There are too many connections.' };
    }
    const protocol = this.#try(() => chooseProtocol(request, protocols));
    if (protocol === undefined) return { status: 500, reason: 'The protocols option failed.' };
    return (
      protocol ?? { status: 400, reason: 'The server speaks none of the offered subprotocols.' }
    );
  }

  /** Calls a function of the application. Reports its error, and returns undefined then. */
  #try<Result>(call: () => Result): Result | undefined {
    try {
      return call();
    } catch (error) {
      this.#listener.error(error);
      return undefined;
    }
  }

  #refuse(request: IncomingMessage, socket: Duplex, answer: Answer): void {
    // The address is known only until the socket is closed.
    const refusal = describeRefusal(request, answer);
    refuse(socket, answer.status, answer.reason);
    this.#listener.refused(refusal, request);
  }

  /** Closes a client that was accepted only to learn why it is refused. */
  async #closeAtOnce(
    socket: WebSocket,
    request: IncomingMessage,
    { code, reason }: RefusedClient,
  ): Promise<void> {
    this.tell(request, { status: 101, code, reason });
    await this.#handshake.close(socket, code, reason);
  }

  async #authenticate(
    authenticate: Authenticate<Identity>,
    request: IncomingMessage,
  ): Promise<Authenticated<Identity> | RefusedClient | null> {
    const disconnected = new Map<string, RefusedClient>();
    this.#disconnected.add(disconnected);
    try {
      const { authenticateTimeout } = this.#settings;
      const client = await authenticateWithin(authenticateTimeout, authenticate, request);
      return (client && 'id' in client && disconnected.get(client.id)) || client;
    } catch (error) {
      this.#listener.error(error);
      return null;
    } finally {
      this.#disconnected.delete(disconnected);
    }
  }
}

/** @throws Error if somebody else has answered: two answers on one socket would be broken frames. */
function checkUnanswered(socket: Duplex, claim: Claim): void {
  if (!claim.isAnswered) return;
  throw new Error(
    'The socket of an upgrade has been answered already: handleUpgrade() got it more than once, or another listener took it. Give each WebSocket server its own path.',
  );
}

function ignore(): void {}
