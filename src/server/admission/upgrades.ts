import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerOptions } from '../options/options.ts';
import { refuse } from './refuse.ts';

type UpgradeSource = Pick<ServerOptions, 'port' | 'host' | 'server' | 'path'>;

interface UpgradeListener {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The server's own port is open. */
  listening(port: number): void;
  /** The server's own port cannot be listened on. */
  error(error: Error): void;
}

/** Takes upgrades from where the options say: a server, a port, or nowhere. Returns the function that ends this. */
export function listenForUpgrades(
  { port, host, server, path }: UpgradeSource,
  listener: UpgradeListener,
): () => Promise<void> {
  if (server) return listenOnServer(server, path, listener);
  if (port !== undefined) return listenOnPort(port, host, path, listener);
  return async () => {};
}

function listenOnServer(
  server: NonNullable<UpgradeSource['server']>,
  path: string | undefined,
  listener: UpgradeListener,
): () => Promise<void> {
  const onUpgrade: UpgradeListener['upgrade'] = (request, socket, head) => {
    if (isForPath(path, request)) listener.upgrade(request, socket, head);
    // Without another listener, nobody else would ever answer.
    else if (server.listenerCount('upgrade') === 1) refuse(socket, 404);
  };
  server.on('upgrade', onUpgrade);
  return async () => void server.off('upgrade', onUpgrade);
}

function listenOnPort(
  port: number,
  host: string | undefined,
  path: string | undefined,
  listener: UpgradeListener,
): () => Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isForPath(path, request)) listener.upgrade(request, socket, head);
    else refuse(socket, 404);
  });
  server.on('error', (error) => listener.error(error));
  server.listen(port, host, () => listener.listening((server.address() as AddressInfo).port));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/** Whether a request is for this path, whatever its query. */
function isForPath(path: string | undefined, { url = '' }: IncomingMessage): boolean {
  return path === undefined || url.split('?', 1)[0] === path;
}
