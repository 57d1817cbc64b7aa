import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './refusal.ts';

/** A companion, as the HTTP server sees it that passes upgrades to it. */
export interface UpgradeListener {
  /** An upgrade request arrived. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** A request was refused because nothing is at its path. */
  refused(request: IncomingMessage, answer: Answer): void;
  /** The server listens on its own port. */
  listening(port: number): void;
  /** The server cannot listen on its own port. */
  cannotListen(error: Error): void;
  /** A function of the application threw, or another listener answered a request for this companion. */
  error(error: unknown): void;
}

/** An {@link UpgradeListener} for some of the requests. */
export interface Route extends UpgradeListener {
  /** Whether it takes what nobody else takes: it has no `path`. */
  readonly takesAll: boolean;
  /** Whether a request is for this companion. */
  matches(request: IncomingMessage): boolean;
}

/** Whether a request has a body. Node 26 reads that first, and hands over something else than the socket of the client. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;

/** Whether a request asks for WebSocket, and for nothing else such as h2c. */
export const isForWebSocket = ({ headers: { upgrade } }: IncomingMessage): boolean =>
  upgrade?.toLowerCase() === 'websocket';
