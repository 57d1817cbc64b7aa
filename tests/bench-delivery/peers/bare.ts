import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Peer } from './peer.ts';

const RETRY_DELAY = 1_000;

/** `ws` by hand: a client that connects again after a second, and sends while it is open. */
export const bare: Peer = {
  async serve(heard) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.on('message', (data: Buffer) => heard(String(data)));
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      port,
      say(text) {
        for (const socket of server.clients) socket.send(text);
      },
    };
  },
  connect(port, heard) {
    let socket: WebSocket;
    const open = () => {
      socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
      socket.on('error', () => {});
      socket.on('message', (data: Buffer) => heard(String(data)));
      socket.on('close', () => setTimeout(open, RETRY_DELAY));
    };
    open();
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
    };
  },
};
