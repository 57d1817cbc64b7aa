/** The WebSocket of undici 6, which is the global one of Node 22. */
import { expect } from 'vitest';
import { WebSocket as UndiciSocket } from 'undici';
import type { WebSocketConstructor } from '../../src/core.ts';
import { connectWith } from '../support/recorded-connection.ts';
import { reaches } from '../support/reaches.ts';
import { wireDataTests } from '../support/wire-data-tests.ts';
import { wireTests } from '../support/wire-tests.ts';
import { test } from './fixtures.ts';

// Its types name the Blob of Node, which differs from that of a page.
const WebSocket = UndiciSocket as unknown as WebSocketConstructor;

wireTests(test, WebSocket, { spares: 1 });
wireDataTests(test, WebSocket);

test('an attempt that fails with `error` and without `close` fails at once (fault 65)', async ({
  proxy,
}) => {
  await proxy.refuses();
  const connection = connectWith(WebSocket)({
    url: proxy.url,
    connectTimeout: 3_600_000, // only the event can end it
    reconnect: { minDelay: 60_000 },
  });
  const { attempt, cause } = await reaches(connection, 'reconnecting');
  expect(attempt).toBe(1);
  expect(cause).toEqual({ kind: 'close', code: 1006, reason: '', wasClean: false });
});
