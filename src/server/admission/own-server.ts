import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Places } from './places.ts';
import { passToApplication } from './pass-to-application.ts';
import { NOT_FOUND } from './refusal.ts';
import { guard, refuse } from './refuse.ts';
import { isForWebSocket, type Route } from './route.ts';

/**
 * How long a socket may take to send its request, in milliseconds: as long as a client of this library waits for the answer
 * (`connectTimeout`).
 */
const REQUEST_TIMEOUT = 10_000;

/** How long a socket without a place may take to send the request that is then answered with 503, in milliseconds. */
const OVERFLOW_TIMEOUT = 1_000;

/** How many sockets without a place may wait for their 503 at the same time. */
const MAX_OVERFLOW = 100;

/** Listens on a port. Returns the function that stops it. */
export function listenOnPort(
  { port, host }: { readonly port: number; readonly host?: string | undefined },
  places: Places,
  route: Route,
  requestTimeout: number = REQUEST_TIMEOUT,
): () => Promise<void> {
  const server = createServer(
    {
      requestTimeout, // It is the limit for the headers, too.
      connectionsCheckingInterval: requestTimeout / 10,
    },
    ({ socket }, response) => {
      const [status, reason] = places.take(socket)
        ? [426, 'This is a WebSocket server: connect with a ws: or wss: url.']
        : [503, 'There are too many connections.'];
      if (status === 503) places.turnAway();
      const headers = { connection: 'close', 'content-type': 'text/plain; charset=utf-8' };
      response.writeHead(status, status === 426 ? { ...headers, upgrade: 'websocket' } : headers);
      response.end(reason);
    },
  );
  if (places.max !== Infinity) server.maxConnections = places.max + MAX_OVERFLOW;
  server.on('connection', (socket: Socket) => {
    if (!places.take(socket)) closeLater(socket, places);
  });
  server.on('drop', () => places.turnAway());
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    guard(socket);
    if (socket.writableEnded) return; // The answer to an older request closes it.
    if (!isForWebSocket(request)) return passToApplication(server, request, socket, head);
    if (route.matches(request)) return route.upgrade(request, socket, head);
    refuse(socket, NOT_FOUND.status, NOT_FOUND.reason);
    route.refused(request, NOT_FOUND);
  });
  server.on('error', (error: NodeJS.ErrnoException) => route.cannotListen(explain(error, port)));
  server.listen(port, host, () => route.listening((server.address() as AddressInfo).port));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function closeLater(socket: Socket, places: Places): void {
  const timer = setTimeout(() => {
    if (places.take(socket)) return;
    places.turnAway();
    socket.destroy();
  }, OVERFLOW_TIMEOUT);
  socket.once('close', () => clearTimeout(timer));
}

/** Adds the port and a remedy to an error of `listen()`, whose own text is a code such as EADDRINUSE. */
function explain(error: NodeJS.ErrnoException, port: number): Error {
  const fact =
    error.code === 'EADDRINUSE'
      ? 'another program uses it. Stop that program, or choose another port'
      : `${error.message}. Choose another port or host`;
  return Object.assign(
    new Error(`The server cannot listen on port ${port}: ${fact}.`, { cause: error }),
    { code: error.code },
  );
}
