import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createConnection, json } from '../../src/core.ts';
import { test } from './fixtures.ts';

test('a JSON message of 16 MiB is sent, echoed and checked by its schema', async ({ server }) => {
  const text = 'x'.repeat(2 ** 24);
  const message = z.object({ text: z.string() });
  const connection = createConnection({
    url: server.url,
    codec: json({ schema: message, out: message }),
    outbox: { maxBytes: 2 ** 25 },
    WebSocket,
  });
  onTestFinished(connection.retain());
  const heard = new Promise<z.output<typeof message>>((resolve) => {
    connection.on('message', resolve);
  });
  expect(connection.send({ text })).toBe('queued');
  expect((await heard).text === text).toBe(true);
  expect(connection.getSnapshot().status).toBe('open');
  await vi.waitFor(async () => expect((await server.report()).ever).toBe(1));
});
