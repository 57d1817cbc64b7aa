import { expect, vi } from 'vitest';
import { test } from '../fixtures.ts';

test('a connection above maxConnections gets a 503 until another one ends', async ({ start }) => {
  const { server, visit, statusOf } = await start({ maxConnections: 2 });
  const [ada] = [await visit(), await visit()];
  expect(await statusOf()).toBe(503);
  ada.socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  expect(await statusOf()).toBe(101);
});

test('a closing server refuses with 503 and does not call authenticate', async ({ start }) => {
  const authenticate = vi.fn<() => string>(() => 'ada');
  const { server, visit, statusOf } = await start({ authenticate });
  await Promise.all([visit(), visit()]);
  const closed = server.close({ drain: 200 });
  expect(await statusOf()).toBe(503);
  expect(authenticate).toHaveBeenCalledTimes(2);
  await closed;
});

test('messages are not compressed, even if the client offers it', async ({ start }) => {
  const { visit } = await start({});
  const { socket } = await visit('/', { perMessageDeflate: true });
  expect(socket.extensions).toBe('');
});
