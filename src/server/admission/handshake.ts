import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AnyIdentity } from '../clients/client.ts';
import { partLimits } from '../limits/parts.ts';
import type { Settings } from '../options/settings.ts';
import type { Answer } from './refusal.ts';
import { isForWebSocket } from './route.ts';

/** How long a refused client may take to answer the closing handshake, in milliseconds: as long as other clients. */
const CLOSE_TIMEOUT = 3_000;

/** The smallest message that is compressed, in bytes: below it, compression costs more than it saves (the default of ws). */
const COMPRESSION_THRESHOLD = 1_024;

type HandshakeSettings = Pick<Settings<AnyIdentity>, 'compression' | 'maxPayload'>;

/** Turns an upgrade request into an open WebSocket. */
export class Handshake {
  readonly #server: WebSocketServer;
  /** The subprotocol of the request in hand. */
  #protocol = '';

  /** @param refuse - Called for a request that is not a right one. */
  constructor(
    { compression, maxPayload }: HandshakeSettings,
    refuse: (request: IncomingMessage, socket: Duplex, answer: Answer) => void,
  ) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: compression && {
        // With a window over several messages, the size of one would tell what was in another (CRIME, RFC 7692, section 9).
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        threshold: COMPRESSION_THRESHOLD,
      },
      maxPayload,
      ...partLimits(maxPayload),
      handleProtocols: () => this.#protocol,
    });
    this.#server.on('wsClientError', ({ message }, socket, request) => {
      const status = isForWebSocket(request) ? (request.method === 'GET' ? 400 : 405) : 426;
      refuse(request, socket, { status, reason: `The upgrade request is not valid: ${message}.` });
    });
  }

  /**
   * Completes the handshake.
   *
   * @returns Null if the request is not a right one, or the client has disconnected.
   */
  complete(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    protocol: string,
  ): WebSocket | null {
    const opened: WebSocket[] = [];
    this.#protocol = protocol;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => opened.push(webSocket));
    return opened[0] ?? null;
  }

  /** Closes a socket, and waits until it is closed. */
  async close(socket: WebSocket, code: number, reason: string): Promise<void> {
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', ignore); // 'close' follows.
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT);
    await closed;
    clearTimeout(timer);
  }
}

function ignore(): void {}
