import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, vi } from 'vitest';
import { json, memoryPresence, refuseWith } from '../../src/server.ts';
import { BroadcastHub } from '../support/server/broadcast-hub.ts';
import { byPath, test } from './fixtures.ts';

const ZEROS = {
  connections: 0,
  online: 0,
  admitted: 0,
  refused: {},
  full: 0,
  messagesReceived: 0,
  messagesSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
  broadcasts: 0,
  foreignBroadcasts: 0,
  slowClients: 0,
  malformed: 0,
  invalid: 0,
  sessions: 0,
  failed: 0,
  requests: 0,
  replayed: 0,
  gaps: 0,
};

test('a new server has counted nothing', async ({ start }) => {
  const { server } = await start({});
  expect(server.stats()).toEqual(ZEROS);
});

test('messages and bytes are counted in both directions, heartbeats only as bytes', async ({
  start,
}) => {
  const { server, visit } = await start({});
  server.on('message', (client, data) => client.send(data));
  const ada = await visit();
  ada.send('é'); // 2 bytes
  ada.send(Uint8Array.of(1, 2, 3));
  ada.send('ping');
  await ada.receives('pong');
  expect(server.stats()).toMatchObject({
    messagesReceived: 2,
    bytesReceived: 2 + 3 + 4,
    messagesSent: 2,
    bytesSent: 2 + 3 + 4,
    malformed: 0,
  });
});

test('a broadcast counts once, and as a message to each client that gets it', async ({ start }) => {
  const hub = new BroadcastHub();
  const one = await start({ broadcasts: hub.channel() });
  const two = await start({ broadcasts: hub.channel() });
  for (const { visit } of [one, one, one, two]) await visit();
  const [first] = one.server.clients;
  one.server.broadcast('hello', { except: first });
  expect(one.server.stats()).toMatchObject({ broadcasts: 1, messagesSent: 2, bytesSent: 10 });
  expect(two.server.stats()).toMatchObject({
    broadcasts: 0,
    foreignBroadcasts: 1,
    messagesSent: 1,
    bytesSent: 5,
  });
  // To close a user on all servers is no broadcast.
  one.server.disconnect('nobody');
  expect(two.server.stats().foreignBroadcasts).toBe(1);
});

test('clients are counted when they are admitted, and by what those who are refused were told', async ({
  start,
}) => {
  const { server, visit, statusOf } = await start({
    path: (path) => path !== '/nowhere',
    presence: memoryPresence({ grace: 0 }),
    authenticate: (request) =>
      request.url === '/log-in' ? refuseWith(4401, 'log in') : byPath(request),
  });
  const [ada, grace] = [await visit('/ada'), await visit('/ada')];
  expect(await statusOf('/')).toBe(401);
  expect(await statusOf('/')).toBe(401);
  expect(await statusOf('/nowhere')).toBe(404);
  expect(await statusOf('/grace', { origin: 'https://evil.example' })).toBe(403);
  await (
    await visit('/log-in')
  ).closed;
  expect(server.stats()).toMatchObject({
    connections: 2,
    online: 1,
    admitted: 2,
    refused: { 401: 2, 403: 1, 404: 1, 4401: 1 },
  });
  for (const { socket } of [ada, grace]) socket.close();
  await vi.waitFor(() => expect(server.stats()).toMatchObject({ connections: 0, online: 0 }));
  expect(server.stats().admitted).toBe(2);
});

test('malformed lifeline frames and invalid messages are counted', async ({ start }) => {
  const { server, visit } = await start({ codec: json() });
  const ada = await visit();
  ada.send('{"lifeline":');
  ada.send('{');
  ada.send('{}');
  await ada.roundTrip();
  expect(server.stats()).toMatchObject({ malformed: 1, invalid: 1, messagesReceived: 1 });
  expect(server.malformed).toBe(1);
});

test('a client that does not read is counted once when it is terminated', async ({ start }) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { server, visit } = await start({});
    const ada = await visit();
    const [client] = server.clients;
    const gone = new Promise((resolve) => server.on('disconnection', resolve));
    vi.spyOn(client?.socket ?? ({} as never), 'bufferedAmount', 'get').mockReturnValue(1_048_577);
    vi.advanceTimersByTime(10_000);
    expect(server.stats().slowClients).toBe(1);
    ada.socket.terminate();
    await gone;
    expect(server.stats().slowClients).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('what stats() returned does not change later', async ({ start }) => {
  const { server, visit, statusOf } = await start({ maxConnections: 1 });
  const before = server.stats();
  await visit();
  await statusOf();
  expect(before).toEqual(ZEROS);
  expect(server.stats().refused).toEqual({ 503: 1 });
});

test('a client for whom there is no place is told from one that comes while the server closes (fault 94)', async ({
  start,
}) => {
  const { server, url, visit, statusOf } = await start({ maxConnections: 1 });
  const ada = await visit();
  expect([await statusOf(), await statusOf()]).toEqual([503, 503]);
  expect((await fetch(url.replace('ws', 'http'))).status).toBe(503);
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  await once(idle.resume(), 'close');
  expect(server.stats()).toMatchObject({ refused: { 503: 2 }, full: 4 });
  const closed = server.close({ drain: 5_000 });
  expect(await statusOf()).toBe(503);
  expect(server.stats()).toMatchObject({ refused: { 503: 3 }, full: 4 });
  ada.socket.terminate();
  await closed;
});
