import { expect, vi } from 'vitest';
import { test } from '../fixtures.ts';

test('one connection over maxConnections is a 503, until another one goes', async ({ start }) => {
  const { server, visit, statusOf } = await start({ maxConnections: 2 });
  const [ada] = [await visit(), await visit()];
  expect(await statusOf()).toBe(503);
  ada.socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  expect(await statusOf()).toBe(101);
});
