// What the companion is measured beside: `ws` alone, with what any server has, and a broadcast that is a loop.
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { BROADCAST } from './beside-bare.ts';
import { cpuOfBroadcasts, usage } from './usage.ts';
import { serve } from './worker.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const listening = once(server, 'listening');
server.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', () => {});
});

serve({
  async port() {
    await listening;
    return (server.address() as AddressInfo).port;
  },
  usage,
  broadcasts: (count: number) =>
    cpuOfBroadcasts(count, () => {
      for (const socket of server.clients) socket.send(BROADCAST);
    }),
});
