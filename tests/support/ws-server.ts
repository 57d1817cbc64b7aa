import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { startCompanion } from './companion.ts';
import { listen } from './listen.ts';
import { remoteCommands } from './remote.ts';
import { startTcpProxy } from './tcp-proxy.ts';

/** What a server has seen so far. */
interface WsServerReport {
  /** Connections that are open now. */
  readonly open: number;
  /** Connections there were in all. */
  readonly ever: number;
  /** The path and query of every upgrade that was asked for, the refused ones included. */
  readonly requests: readonly string[];
  /** How many frames came in, pings included. */
  readonly frames: number;
}

/** A real server that answers `ping` by `pong` and echoes everything else, until it is told otherwise. */
export interface WsServer {
  readonly url: string;
  readonly port: number;
  saw(): Promise<WsServerReport>;
  /** The beginnings of all frames that came in; a binary one in hexadecimal: `<00 7f ff>`. */
  heard(): Promise<readonly string[]>;
  /** Goes away as a crash would: its connections end without a close frame, new ones are refused. */
  stops(): Promise<void>;
  /** Comes back on the same port. */
  starts(): Promise<void>;
  /** Closes all connections by the closing handshake. Without a code, the close frame has none. */
  closes(code?: number, reason?: string): Promise<void>;
  /**
   * Sends its close frame to all connections and goes no further: it does not read the answer, and keeps the
   * connections until it `terminates()`.
   */
  startsClosing(code: number): Promise<void>;
  /** Closes every connection as soon as it is open. */
  closesNewcomers(code: number): Promise<void>;
  /** Ends all connections without a close frame. */
  terminates(): Promise<void>;
  /** Sends a text frame to all clients. */
  says(text: string): Promise<void>;
  /** Sends the numbers from 0 up to `count` to all clients, each in a frame of its own, at once. */
  counts(count: number): Promise<void>;
  /** Sends so many frames to all clients that are no JSON, no JSON of a number, or no text, in turn and at once. */
  garbles(count: number): Promise<void>;
  /** Answers pings, but echoes nothing any more. */
  hushes(): Promise<void>;
  /** Answers upgrades by an HTTP status. */
  refuses(status: number): Promise<void>;
  /** Answers upgrades by these very bytes, whatever they mean. */
  babbles(answer: string): Promise<void>;
  /** Chooses this subprotocol, offered or not, instead of the first that is offered. */
  chooses(protocol: string): Promise<void>;
  /** Accepts connections again, and keeps them. */
  accepts(): Promise<void>;
}

/** How much of a frame is remembered, in characters or bytes. */
const REMEMBERED = 20;

const GARBLED = ['{"price":', '{"price":"high"}', Uint8Array.of(123, 125)];

/**
 * Starts a server on a port of its own.
 *
 * @param welcome - Takes care of every new link, in place of the answers and the memory that a server has by itself.
 */
export async function startWsServer(
  welcome?: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<WsServer> {
  const requests: string[] = [];
  const heard: string[] = [];
  const transports = new Set<Socket>();
  let ever = 0;
  let echoes = true;
  let port = 0;
  let http: Server | null = null;
  let answer: string | null = null;
  let greeting: number | null = null;
  let protocol: string | null = null;

  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: ([first]) => protocol ?? first ?? false,
  });

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    ever++;
    socket.on('error', () => {}); // 'close' follows
    if (welcome) welcome(socket, request);
    else converse(socket);
    if (greeting !== null) socket.close(greeting);
  });

  function converse(socket: WebSocket): void {
    socket.on('message', (data: Buffer, binary) => {
      const beginning = data.subarray(0, REMEMBERED);
      const text = String(beginning);
      heard.push(binary ? `<${beginning.toString('hex').replace(/..\B/g, '$& ')}>` : text);
      if (text === 'ping') socket.send('pong');
      else if (echoes) socket.send(data, { binary });
    });
  }

  const server: Omit<WsServer, 'url' | 'port'> = {
    async saw() {
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
      // Those of refused clients, too, which may never learn of it through a stalled network.
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
    async closesNewcomers(code) {
      greeting = code;
    },
    async terminates() {
      for (const client of sockets.clients) client.terminate();
    },
    async says(text) {
      for (const client of sockets.clients) client.send(text);
    },
    async counts(count) {
      for (let n = 0; n < count; n++) for (const client of sockets.clients) client.send(String(n));
    },
    async garbles(count) {
      for (let n = 0; n < count; n++)
        for (const client of sockets.clients) client.send(GARBLED[n % GARBLED.length] ?? '');
    },
    async hushes() {
      echoes = false;
    },
    async refuses(status) {
      answer = `HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    },
    async babbles(bytes) {
      answer = bytes;
    },
    async chooses(name) {
      protocol = name;
    },
    async accepts() {
      answer = greeting = protocol = null;
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
});
