/** What a connection over `ws` learns of an attempt that fails. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { selfSigned } from '../support/chromium/certificate.ts';
import { listen } from '../support/listen.ts';
import { reaches } from '../support/reaches.ts';
import { connectWith } from '../support/recorded-connection.ts';
import { test } from './fixtures.ts';

const connect = connectWith(WebSocket);

test('a certificate that nobody trusts is the cause (fault 78)', async () => {
  const server = createSecureServer(selfSigned('localhost'));
  onTestFinished(() => void server.close());
  const port = await listen(server, 0);
  const { cause } = await reaches(
    connect({ url: `wss://127.0.0.1:${port}/?token=1` }),
    'reconnecting',
  );
  expect(cause).toEqual({
    kind: 'error',
    name: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    message: `wss://127.0.0.1:${port}/ failed: DEPTH_ZERO_SELF_SIGNED_CERT.`,
  });
});

test('a 503 is the cause, and its Retry-After is waited for (fault 78)', async ({ server }) => {
  await server.answersUpgradesWith('HTTP/1.1 503 No\r\nRetry-After: 60\r\n\r\n');
  const start = Date.now();
  const { cause, retryAt } = await reaches(connect({ url: server.url }), 'reconnecting');
  expect(cause).toMatchObject({ kind: 'error', name: 'HTTP 503', retryAfter: 60_000 });
  expect(Number(retryAt) - start).toBeGreaterThanOrEqual(60_000);
});

test('an answer that never ends is not waited for (fault 78)', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const url = `ws://127.0.0.1:${await listen(server, 0)}/`;
  const connection = connect({ url, reconnect: false });
  const [, socket] = (await once(server, 'upgrade')) as [unknown, Socket];
  socket.on('error', () => {});
  const ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  socket.write('HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n');
  const { cause } = await reaches(connection, 'closed');
  expect(cause).toMatchObject({ kind: 'error', name: 'HTTP 401' });
  socket.resume();
  await ended;
});
