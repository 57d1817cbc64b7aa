import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { createDemo } from './demo.ts';
import type { Link } from './link.ts';

/** The demo on real sockets. */
export interface DemoServer {
  /** Answers one upgrade request, whatever its path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers the upgrade requests to `path` of an http server, and returns the function that ends this. */
  attach(http: Server, path: string): () => void;
  /** Ends every connection and timer. Whom it was attached to is not closed. */
  close(): void;
}

/** Larger than any frame of a story. */
const MAX_FRAME = 16 * 1024 * 1024;

/** Makes a {@link DemoServer}; any number of them can live in one process. */
export function createDemoServer(log: (line: string) => void = () => {}): DemoServer {
  const demo = createDemo(log);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME });
  const detachers = new Set<() => void>();

  function welcome(socket: WebSocket, query: URLSearchParams): void {
    const { receive, ended } = demo.join(linkOf(socket), query);
    socket.on('message', (data: Buffer, binary) => receive(binary ? data : data.toString()));
    // A frame against the protocol, a reset: 'close' follows, and nobody else is to notice.
    socket.on('error', (error) => log(error.message));
    socket.on('close', ended);
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { query } = targetOf(request);
    if (demo.refuses(query)) {
      log('refused a client');
      socket.on('error', () => {}); // the client may be gone already
      socket.end(
        'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => welcome(opened, query));
  }

  return {
    handleUpgrade,
    attach(http, path) {
      const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (targetOf(request).path === path) handleUpgrade(request, socket, head);
      };
      const detach = () => {
        detachers.delete(detach);
        http.off('upgrade', listener);
      };
      http.on('upgrade', listener);
      detachers.add(detach);
      return detach;
    },
    close() {
      for (const detach of detachers) detach();
      demo.close();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function linkOf(socket: WebSocket): Link {
  return {
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
    // A paused socket hears neither data nor the end of it, as where no packet comes through.
    deafen: () => socket.pause(),
  };
}

/** Not by `new URL`, which throws for some of what a client may put into its request line. */
function targetOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', query] = url.split('?');
  return { path, query: new URLSearchParams(query) };
}
