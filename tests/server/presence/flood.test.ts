import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, vi } from 'vitest';
import type { ServerClient } from '../../../src/server/clients/client.ts';
import { Watchers } from '../../../src/server/presence/watchers.ts';
import { memoryInUse } from '../../support/server/heap.ts';
import { test } from '../fixtures.ts';

const REQUEST = [
  'GET / HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n');
const TEXT = '{"lifeline":"watch"}';
/** With the mask 0. */
const WATCH = Buffer.concat([
  Buffer.from([0x81, 0x80 | TEXT.length, 0, 0, 0, 0]),
  Buffer.from(TEXT),
]);

test('clients that ask again and again, and never read, get nothing more while 64 KiB wait (fault 83)', async ({
  start,
}) => {
  const { server, url, visit } = await start({
    // 500 identities of 200 characters: a list of 100 KB.
    authenticate: ({ url: path = '' }) => `${path}-${'x'.repeat(200)}`,
    rate: false,
  });
  await Promise.all(Array.from({ length: 500 }, (_, n) => visit(`/${n}`)));
  server.on('connection', (client) => server.subscribe(client, 'mute'));
  const mute = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(REQUEST);
      await once(socket, 'data');
      return socket.pause();
    }),
  );
  const clients = [...server.clients].slice(-20) as ServerClient<string>[];
  const waiting = () => clients.map(({ socket }) => socket.bufferedAmount);
  // The operating system takes some megabytes before anything waits.
  while (Math.min(...waiting()) <= 65_536) {
    for (const { socket } of clients)
      if (socket.bufferedAmount <= 65_536) socket.send(Buffer.alloc(65_536));
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const before = waiting();
  for (let n = 0; n < 300; n++) {
    for (const socket of mute) for (let m = 0; m < 4; m++) socket.write(WATCH);
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(clients.every(({ viewing }) => viewing !== null)).toBe(true);
  expect(waiting()).toEqual(before);
  // One that reads again gets the list.
  let text = '';
  mute[0]?.on('data', (data) => (text = `${text}${data.toString('latin1')}`.slice(-200_000)));
  mute[0]?.resume();
  await vi.waitFor(
    () => expect(text).toMatch(/"lifeline":"presence"[^]+"lifeline":"online"/),
    5_000,
  );
  for (const socket of mute) socket.destroy();
});

test('a watcher of many identities with visible() takes at most a quarter byte for each (fault 84)', async () => {
  const [identities, watcherCount] = [4_000, 1_000];
  const ids = Array.from({ length: identities }, (_, n) => `identity-${n}`);
  const viewers = Array.from({ length: watcherCount }, (_, n) => ({
    id: ids[n] ?? '',
    bufferedAmount: 0,
    viewing: null,
    sendFrame() {},
  }));
  const watchers = new Watchers(
    {
      list: () => ids,
      dataOf: () => undefined,
      isSubscribed: () => false,
      isFollowed: () => false,
      watched() {},
    },
    () => true,
  );
  const [first, ...others] = viewers;
  if (!first) throw new Error('There is nobody.');
  watchers.watch(first);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = memoryInUse();
  for (const viewer of others) watchers.watch(viewer);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const bytes = (memoryInUse() - before) / others.length;
  expect(bytes).toBeLessThan(identities / 4);
  watchers.stop();
});
