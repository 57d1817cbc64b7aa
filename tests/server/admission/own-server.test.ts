import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { listenOnPort } from '../../../src/server/admission/own-server.ts';
import { Places } from '../../../src/server/admission/places.ts';
import { requestUpgrade, statusLine } from '../../support/server/upgrade.ts';
import { test } from '../fixtures.ts';

function openRaw(url: string, sent = ''): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  if (sent) socket.write(sent);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('idle sockets, unfinished headers and pending authentications count towards maxConnections (fault 85)', async ({
  start,
}) => {
  const answers: ((id: string) => void)[] = [];
  const { server, url, visit, statusOf } = await start({
    maxConnections: 3,
    authenticate: () => new Promise<string>((resolve) => answers.push(resolve)),
  });
  const refusals: number[] = [];
  server.on('refusal', ({ status }) => refusals.push(status));
  const ada = visit();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  const idle = openRaw(url);
  const unfinished = openRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\n');
  await Promise.all([once(idle, 'connect'), once(unfinished, 'connect')]);
  expect(await statusOf()).toBe(503);
  const plain = await fetch(url.replace('ws', 'http'));
  expect([plain.status, await plain.text()]).toEqual([503, 'There are too many connections.']);
  answers[0]?.('ada');
  await ada;
  expect(await statusOf()).toBe(503);
  expect(refusals).toEqual([503, 503]);
  unfinished.destroy();
  await vi.waitFor(async () => {
    const status = statusOf();
    await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 200 });
    answers[1]?.('grace');
    expect(await status).toBe(101);
  });
});

test('sockets above maxConnections have one second to send a request that is answered with 503 (fault 85)', async ({
  start,
}) => {
  const { url, statusOf } = await start({ maxConnections: 1 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  openRaw(url);
  let ended = 0;
  const ends = Array.from({ length: 150 }, async () => {
    await once(openRaw(url).resume(), 'close');
    ended++;
  });
  const turn = () => new Promise(setImmediate);
  // A hundred may wait; the others are closed at once.
  while (ended < 50) await turn();
  vi.advanceTimersByTime(999);
  await turn();
  expect(ended).toBe(50);
  vi.advanceTimersByTime(1);
  await Promise.all(ends);
  expect(await statusOf()).toBe(503);
});

test('a socket that sends nothing, and one that does not finish its request, end in time (fault 85)', async () => {
  const places = new Places(10);
  const unexpected = () => expect.unreachable('There is no whole request.');
  let stop: () => Promise<void> = async () => {};
  const port = await new Promise<number>((listening) => {
    const route = { takesAll: true, matches: () => true, upgrade: unexpected, refused: unexpected };
    stop = listenOnPort(
      { port: 0, host: '127.0.0.1' },
      places,
      { ...route, cannotListen: unexpected, error: unexpected, listening },
      300,
    );
  });
  onTestFinished(() => stop());
  const url = `ws://127.0.0.1:${port}`;
  const sockets = [
    openRaw(url),
    openRaw(url, 'GET / HT'),
    openRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n'),
  ];
  // By itself, Node would wait for minutes.
  await Promise.all(sockets.map(async (socket) => once(socket.resume(), 'close')));
});

test('an upgrade to another protocol is answered as a plain request, with 426 (fault 82)', async ({
  start,
}) => {
  const { url } = await start({});
  const socket = requestUpgrade(Number(new URL(url).port), '/', 'Upgrade: h2c');
  expect(await statusLine(socket)).toBe('HTTP/1.1 426 Upgrade Required');
});
