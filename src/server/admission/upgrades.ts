import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerOptions } from '../options/options.ts';
import { refuse } from './refuse.ts';

type UpgradeSource = Pick<ServerOptions, 'port' | 'host' | 'server' | 'path'>;

interface UpgradeListener {
  /** An upgrade request arrived. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The server listens on its own port. */
  listening(port: number): void;
  /** The server cannot listen on its own port. */
  error(error: Error): void;
}

/** Listens for upgrade requests on the `server` or the `port` of the options, if there is one. Returns the function that stops it. */
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
    // If there is no other listener, the request would never get an answer.
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

/** Whether a request is for this path. The query does not count. */
function isForPath(path: string | undefined, { url = '' }: IncomingMessage): boolean {
  return path === undefined || url.split('?', 1)[0] === path;
}
