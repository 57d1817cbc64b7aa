import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { isFor, refuse } from './admission.ts';
import type { ServerOptions } from '../options/options.ts';

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Takes upgrades from where the options say, and returns the function that ends this. */
export function attach(
  { port, host, server, path }: Pick<ServerOptions, 'port' | 'host' | 'server' | 'path'>,
  upgrade: Upgrade,
  listening: (port: number) => void,
  failed: (error: Error) => void,
): () => Promise<void> {
  if (server) {
    const listener: Upgrade = (request, socket, head) => {
      if (isFor(path, request)) upgrade(request, socket, head);
      // Where nobody else listens, nobody else would ever answer.
      else if (server.listenerCount('upgrade') === 1) refuse(socket, 404);
    };
    server.on('upgrade', listener);
    return async () => void server.off('upgrade', listener);
  }
  if (port === undefined) return async () => {};

  const own = createServer((_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
  });
  own.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isFor(path, request)) upgrade(request, socket, head);
    else refuse(socket, 404);
  });
  own.on('error', failed);
  own.listen(port, host, () => listening((own.address() as AddressInfo).port));
  return () =>
    new Promise((resolve) => {
      own.close(() => resolve());
      own.closeAllConnections();
    });
}
