import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { PING, PONG } from '../../src/core/protocol.ts';
import { obey } from './obey.ts';
import { type Client, Room } from './room.ts';
import { readCommand } from './words.ts';

/** The server of the stories: it greets, echoes, answers pings, and breaks connections on request. */
export interface DemoServer {
  /** Answers one upgrade request, whatever its path. The room is the `room` of its query. */
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
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME });
  const rooms = new Map<string, Room>();
  const detachers = new Set<() => void>();

  function welcome(socket: WebSocket, key: string): void {
    const room = rooms.get(key) ?? new Room(() => rooms.delete(key));
    rooms.set(key, room);
    const client = room.join(socket);
    log(`${client.name} connected`);
    socket.on('message', (data, binary) => receive(client, room, data, binary));
    // A frame against the protocol, a reset: 'close' follows, and nobody else is to notice.
    socket.on('error', (error) => log(`${client.name}: ${error.message}`));
    socket.on('close', (code) => {
      log(`${client.name} left (${code})`);
      client.stall.close();
      room.leave(client);
    });
  }

  function receive(client: Client, room: Room, data: RawData, binary: boolean): void {
    if (client.cut) return;
    const text = binary ? null : (data as Buffer).toString();
    if (text === PING) {
      if (!client.muted) client.socket.send(PONG);
      return;
    }
    const command = text === null ? null : readCommand(text);
    if (command === null) return client.socket.send(data, { binary });
    log(`${client.name}: ${text?.slice(0, 120)}`);
    if (typeof command === 'string') return room.tell(client, { demo: 'error', message: command });
    obey(client, room, command);
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const key = targetOf(request).query.get('room') ?? '';
    if (rooms.get(key)?.refuses) {
      log('refused a client');
      socket.on('error', () => {}); // the client may be gone already
      socket.end(
        'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => welcome(opened, key));
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
      for (const room of rooms.values()) room.reopen();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** Not by `new URL`, which throws for some of what a client may put into its request line. */
function targetOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', query] = url.split('?');
  return { path, query: new URLSearchParams(query) };
}
