/** Timers and listeners of a server, with simulated sockets and timers. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createLifelineServer,
  type LifelineServer,
  memoryPresence,
  type ServerOptions,
} from '../../src/server.ts';
import { SimulatedSocket } from '../support/server/simulated-process.ts';

vi.mock(import('ws'), async () => {
  const { SimulatedSocketServer } = await import('../support/server/simulated-process.ts');
  return { WebSocketServer: SimulatedSocketServer as never };
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const createServer = (options: ServerOptions = {}) =>
  createLifelineServer({
    origins: () => true,
    presence: memoryPresence({ grace: 0 }),
    ...options,
  });

/** Connects a client that answers pings. Without `authenticate`, it is admitted at once. */
function connect(server: LifelineServer): SimulatedSocket {
  const socket = new SimulatedSocket((pong) => pong());
  const request = { url: '/', headers: {} } as IncomingMessage;
  server.handleUpgrade(request, socket as unknown as Duplex, Buffer.alloc(0));
  return socket;
}

test('a server without clients has no timer', () => {
  const server = createServer();
  expect(vi.getTimerCount()).toBe(0);
  const sockets = [connect(server), connect(server)];
  expect(server.clients.size).toBe(2);
  expect(vi.getTimerCount()).toBe(1);
  for (const socket of sockets) socket.ends(1000);
  vi.advanceTimersByTime(0);
  expect(vi.getTimerCount()).toBe(0);
  connect(server);
  expect(vi.getTimerCount()).toBe(1);
});

test('a server that closed early because its clients left has no timer', async () => {
  const server = createServer();
  const sockets = Array.from({ length: 4 }, () => connect(server));
  const closed = server.close({ drain: 4_000 });
  for (const socket of sockets) socket.ends(1000);
  await closed;
  expect(vi.getTimerCount()).toBe(0);
});

test('a server that closed before a watcher got its answer has no timer', async () => {
  const server = createServer();
  const watcher = connect(server);
  watcher.emit('message', Buffer.from('{"lifeline":"watch"}'), false);
  const closed = server.close();
  watcher.ends(1000);
  await closed;
  expect(vi.getTimerCount()).toBe(0);
});

test('a client that connects later still has the whole timeout', () => {
  const server = createServer();
  connect(server);
  vi.advanceTimersByTime(100_000);
  const silent = connect(server);
  silent.answers = null;
  vi.advanceTimersByTime(60_000);
  expect(server.clients.size).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(server.clients.size).toBe(1);
});

test('visible() is not called for a watcher that has disconnected', () => {
  const visible = vi.fn<() => boolean>(() => true);
  const server = createServer({ visible });
  const watcher = connect(server);
  watcher.emit('message', Buffer.from('{"lifeline":"watch"}'), false);
  vi.advanceTimersByTime(50);
  expect(visible).toHaveBeenCalledOnce();
  watcher.ends(1000);
  connect(server);
  vi.advanceTimersByTime(1_000);
  expect(visible).toHaveBeenCalledOnce();
});

test('the presence store is told of each frame of a client, until the client is closing', () => {
  const presence = memoryPresence();
  const seen = vi.spyOn(presence, 'seen');
  const server = createServer({ presence });
  const messages = vi.fn<() => void>();
  server.on('message', messages);
  const socket = connect(server);
  const [client] = server.clients;
  const say = () => {
    socket.emit('message', Buffer.from('text'), false);
    socket.emit('message', Buffer.from('bytes'), true);
    socket.emit('ping');
    socket.emit('pong');
  };
  say();
  expect(seen.mock.calls).toEqual(
    Array.from({ length: 4 }, () => [client?.id, client?.connection]),
  );
  client?.close();
  say();
  expect(seen).toHaveBeenCalledTimes(4);
  expect(messages).toHaveBeenCalledTimes(2);
});

test('an admitted client has one error listener', () => {
  const socket = connect(createServer());
  expect(socket.listenerCount('error')).toBe(1);
});
