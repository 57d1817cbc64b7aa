import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { startCompanion } from './companion.ts';
import { listen } from './listen.ts';
import { remoteCommands } from './remote.ts';
import { startSessionServer } from './session-server.ts';
import { startTcpProxy } from './tcp-proxy.ts';

/** What a server has counted so far. */
interface WsServerReport {
  /** Connections that are open now. */
  readonly open: number;
  /** All connections so far. */
  readonly ever: number;
  /** The path and query of every upgrade request, also of refused ones. */
  readonly requests: readonly string[];
  /** The number of frames received, pings included. */
  readonly frames: number;
}

/** A real server. By default it answers `ping` with `pong` and echoes everything else. */
export interface WsServer {
  readonly url: string;
  readonly port: number;
  report(): Promise<WsServerReport>;
  /** The beginnings of all frames received; a binary one in hexadecimal: `<00 7f ff>`. */
  heard(): Promise<readonly string[]>;
  /** Stops as in a crash: its connections end without a close frame, and new ones are refused. */
  stops(): Promise<void>;
  /** Starts again on the same port. */
  starts(): Promise<void>;
  /** Closes all connections with a closing handshake. Without a code, the close frame has none. */
  closes(code?: number, reason?: string): Promise<void>;
  /**
   * Sends a close frame to all connections, does not read the answer, and keeps the connections until
   * `terminates()`.
   */
  startsClosing(code: number): Promise<void>;
  /** Closes every new connection as soon as it is open. */
  closesNewLinks(code: number): Promise<void>;
  /** Ends all connections without a close frame. */
  terminates(): Promise<void>;
  /** Sends a text frame to all clients. */
  says(text: string): Promise<void>;
  /** Sends the numbers from 0 to `count - 1` to all clients at once, each in its own frame. */
  sendsNumbers(count: number): Promise<void>;
  /** Sends so many malformed frames to all clients at once: broken JSON, a wrong type and binary, in turn. */
  sendsMalformed(count: number): Promise<void>;
  /** Answers pings, and echoes nothing any more. */
  stopsEchoing(): Promise<void>;
  /** Answers upgrades with an HTTP status. */
  refuses(status: number): Promise<void>;
  /** Answers upgrades with exactly these bytes. */
  answersUpgradesWith(answer: string): Promise<void>;
  /** Chooses this subprotocol, offered or not, instead of the first one offered. */
  chooses(protocol: string): Promise<void>;
  /** Accepts and keeps new connections again. */
  accepts(): Promise<void>;
}

/** How much of each frame is kept, in bytes. */
const REMEMBERED = 20;

const MALFORMED = ['{"price":', '{"price":"high"}', Uint8Array.of(123, 125)];

/**
 * Starts a server on its own port.
 *
 * @param onLink - Handles every new link, instead of the echo and the record of frames.
 */
export async function startWsServer(
  onLink?: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<WsServer> {
  const requests: string[] = [];
  const heard: string[] = [];
  const transports = new Set<Socket>();
  let ever = 0;
  let echoes = true;
  let port = 0;
  let http: Server | null = null;
  let answer: string | null = null;
  let closeCode: number | null = null;
  let protocol: string | null = null;

  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: ([first]) => protocol ?? first ?? false,
  });

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    ever++;
    socket.on('error', () => {}); // 'close' follows
    if (onLink) onLink(socket, request);
    else echo(socket);
    if (closeCode !== null) socket.close(closeCode);
  });

  function echo(socket: WebSocket): void {
    socket.on('message', (data: Buffer, binary) => {
      const beginning = data.subarray(0, REMEMBERED);
      const text = String(beginning);
      heard.push(binary ? `<${beginning.toString('hex').replace(/..\B/g, '$& ')}>` : text);
      if (text === 'ping') socket.send('pong');
      else if (echoes) socket.send(data, { binary });
    });
  }

  const server: Omit<WsServer, 'url' | 'port'> = {
    async report() {
      return { open: sockets.clients.size, ever, requests, frames: heard.length };
    },
    async heard() {
      return heard;
    },
    async starts() {
      http = createServer();
      http.on('connection', (socket) => {
        transports.add(socket);
        socket.on('close', () => transports.delete(socket));
      });
      http.on('upgrade', (request, socket, head) => {
        requests.push(request.url ?? '');
        socket.on('error', () => {});
        if (answer !== null) socket.end(answer);
        else
          sockets.handleUpgrade(request, socket, head, (client) =>
            sockets.emit('connection', client, request),
          );
      });
      port = await listen(http, port);
    },
    async stops() {
      if (!http) return;
      const closed = once(http, 'close');
      http.close();
      http = null;
      // Also the sockets of refused clients, which a stalled network may not tell.
      for (const socket of transports) socket.destroy();
      await closed;
    },
    async closes(code, reason) {
      for (const client of sockets.clients) client.close(code, reason);
    },
    async startsClosing(code) {
      for (const client of sockets.clients) {
        client.pause();
        client.close(code);
      }
    },
    async closesNewLinks(code) {
      closeCode = code;
    },
    async terminates() {
      for (const client of sockets.clients) client.terminate();
    },
    async says(text) {
      for (const client of sockets.clients) client.send(text);
    },
    async sendsNumbers(count) {
      for (let n = 0; n < count; n++) for (const client of sockets.clients) client.send(String(n));
    },
    async sendsMalformed(count) {
      for (let n = 0; n < count; n++)
        for (const client of sockets.clients) client.send(MALFORMED[n % MALFORMED.length] ?? '');
    },
    async stopsEchoing() {
      echoes = false;
    },
    async refuses(status) {
      answer = `HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    },
    async answersUpgradesWith(bytes) {
      answer = bytes;
    },
    async chooses(name) {
      protocol = name;
    },
    async accepts() {
      answer = closeCode = protocol = null;
    },
  };

  await server.starts();
  return { ...server, url: `ws://127.0.0.1:${port}/`, port };
}

/** For `browser.commands` in the Vitest configuration: the same servers and proxies for tests in the browser. */
export const wsServerCommands = remoteCommands({
  server: startWsServer,
  proxy: startTcpProxy,
  companion: startCompanion,
  sessions: startSessionServer,
});
