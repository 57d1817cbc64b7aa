/** WebSocket servers for tests in the browser, which start and steer them by Vitest's commands. */
import type { AddressInfo } from 'node:net';
import type { BrowserCommand } from 'vitest/node';
import { type WebSocket, WebSocketServer } from 'ws';

interface Running {
  readonly server: WebSocketServer;
  /** Every connection there ever was, the first one first. */
  readonly sockets: WebSocket[];
  readonly received: string[];
}

/** What a server has seen. */
interface WsServerReport {
  /** Connections that are open now. */
  readonly open: number;
  /** Connections there were in all. */
  readonly accepted: number;
  /** The text frames that came in, pings included. */
  readonly received: string[];
}

const servers = new Map<string, Running>();

const running = (url: string): Running => {
  const found = servers.get(url);
  if (!found) throw new Error(`No test server at ${url}; startWsServer() gives the url of one.`);
  return found;
};

/**
 * Starts a server that answers `ping` by `pong` and echoes everything else, and returns its url. With a port given
 * it takes that one: a server that comes back.
 */
const startWsServer: BrowserCommand<[port?: number]> = async (_context, port = 0) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const sockets: WebSocket[] = [];
  const received: string[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, binary) => {
      const text = binary ? null : data.toString();
      if (text !== null) received.push(text);
      if (text === 'ping') socket.send('pong');
      else socket.send(data, { binary });
    });
  });
  servers.set(url, { server, sockets, received });
  return url;
};

/** Stops a server as a crash would: its connections end without a close frame. */
const stopWsServer: BrowserCommand<[url: string]> = async (_context, url) => {
  const { server, sockets } = running(url);
  servers.delete(url);
  for (const socket of sockets) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
};

/** Ends all connections of a server: by a close frame if there is a code, else without one. */
const dropWsClients: BrowserCommand<[url: string, code?: number, reason?: string]> = (
  _context,
  url,
  code,
  reason,
) => {
  for (const socket of running(url).server.clients) {
    if (code === undefined) socket.terminate();
    else socket.close(code, reason);
  }
};

/** Sends a text frame to all clients of a server. */
const broadcastFromWsServer: BrowserCommand<[url: string, text: string]> = (
  _context,
  url,
  text,
) => {
  for (const socket of running(url).server.clients) socket.send(text);
};

/** Tells what a server has seen so far. */
const reportOfWsServer: BrowserCommand<[url: string]> = (_context, url): WsServerReport => {
  const { server, sockets, received } = running(url);
  return { open: server.clients.size, accepted: sockets.length, received };
};

/** For `browser.commands` in the Vitest configuration. */
export const wsServerCommands = {
  startWsServer,
  stopWsServer,
  dropWsClients,
  broadcastFromWsServer,
  reportOfWsServer,
};

declare module 'vitest/browser' {
  interface BrowserCommands {
    startWsServer(port?: number): Promise<string>;
    stopWsServer(url: string): Promise<void>;
    dropWsClients(url: string, code?: number, reason?: string): Promise<void>;
    broadcastFromWsServer(url: string, text: string): Promise<void>;
    reportOfWsServer(url: string): Promise<WsServerReport>;
  }
}
