import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { Peer } from './peer.ts';

/**
 * As https://socket.io/docs/v4/connection-state-recovery and https://socket.io/docs/v4/tutorial/step-8 say, whose figures these are. Both
 * speak WebSocket at once: polling would hide some of the cuts.
 */
export const socketIo: Peer = {
  async serve(heard) {
    const http = createServer();
    const server = new Server(http, {
      transports: ['websocket'],
      connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
    });
    server.on('connection', (socket) => {
      socket.on('message', (text: string, taken?: () => void) => {
        heard(text);
        taken?.();
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    return { port, say: (text) => void server.emit('message', text) };
  },
  connect(port, heard) {
    const socket = io(`ws://127.0.0.1:${port}`, {
      transports: ['websocket'],
      ackTimeout: 10_000,
      retries: 3,
      // Else all clients of this process would share one link.
      forceNew: true,
    });
    socket.on('message', heard);
    return { send: (text) => void socket.emit('message', text) };
  },
};
