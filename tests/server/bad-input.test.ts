import { describe, expect, onTestFinished, vi } from 'vitest';
import type { ServerEvents } from '../../src/server.ts';
import { requestUpgrade, statusLine } from '../support/server/upgrade.ts';
import { byPath, test } from './fixtures.ts';

test('a message above the size limit closes its connection with 1009', async ({ start }) => {
  const { server, visit } = await start({});
  const messages = vi.fn<() => void>();
  server.on('message', messages);
  const [ada, grace] = [await visit(), await visit()];
  ada.send(new Uint8Array(65_536));
  await ada.roundTrip();
  ada.send(new Uint8Array(65_537));
  expect((await ada.closed)[0]).toBe(1009);
  await grace.roundTrip();
  expect(messages).toHaveBeenCalledOnce();
});

test('text that is not UTF-8 closes the connection with 1007, and a frame that breaks the protocol with 1002', async ({
  start,
}) => {
  const { visit } = await start({});
  const bytes = [
    [0x81, 0x81, 0, 0, 0, 0, 0xff],
    [0x83, 0x80, 0, 0, 0, 0],
  ];
  const codes = bytes.map(async (frame) => {
    const { socket, closed } = await visit();
    const { _socket: raw } = socket as unknown as { _socket: { write(data: Buffer): void } };
    // Only a raw socket can send such a frame.
    raw.write(Buffer.from(frame));
    return (await closed)[0];
  });
  expect(await Promise.all(codes)).toEqual([1007, 1002]);
});

describe('too many messages close the connection with 1008, and the rest are not delivered', () => {
  const rate = { perSecond: 1, burst: 10 };

  test('when they are messages of the application', async ({ start }) => {
    const { server, visit } = await start({ rate });
    const messages = vi.fn<() => void>();
    server.on('message', messages);
    const [ada, grace] = [await visit(), await visit()];
    for (let n = 0; n < 50; n++) ada.send('more');
    expect(await ada.closed).toEqual([1008, 'Too many messages.']);
    expect(messages).toHaveBeenCalledTimes(10);
    await grace.roundTrip();
  });

  test('and a client that goes on as before is ended, before the time for the close is over', async ({
    start,
  }) => {
    const { server, visit } = await start({ rate });
    const ends: unknown[] = [];
    server.on('disconnection', (_client, code, reason) => ends.push([code, reason]));
    const ada = await visit();
    ada.socket.pause(); // It does not answer the close.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const ended = new Promise((resolve) => void server.on('disconnection', resolve));
    for (let n = 0; n < 11 + 2_001; n++) ada.send('more');
    await ended;
    expect(ends).toEqual([[1008, 'Too many messages.']]);
  });

  test.for([
    ['pings', (send: (text: string) => void) => send('ping')],
    ['lifeline pings', (send: (text: string) => void) => send('{"lifeline":"ping","timestamp":1}')],
    ['malformed frames', (send: (text: string) => void) => send('{"lifeline":')],
  ] as const)('when they are %s', async ([, say], { start }) => {
    const { visit } = await start({ rate });
    const ada = await visit();
    for (let n = 0; n < 11; n++) say((text) => ada.send(text));
    expect((await ada.closed)[0]).toBe(1008);
  });

  test('when they are pings and pongs of the WebSocket protocol', async ({ start }) => {
    const { visit } = await start({ rate });
    const ada = await visit();
    for (let n = 0; n < 6; n++) {
      ada.socket.ping();
      ada.socket.pong();
    }
    expect((await ada.closed)[0]).toBe(1008);
  });

  test('not with rate: false, and not by default when a client sends a full outbox', async ({
    start,
  }) => {
    for (const [options, count] of [
      [{}, 1_000],
      [{ rate: false }, 5_000],
    ] as const) {
      const { server, visit } = await start(options);
      let heard = 0;
      server.on('message', () => heard++);
      const ada = await visit();
      for (let n = 0; n < count; n++) ada.send('queued');
      await ada.roundTrip();
      expect(heard).toBe(count);
    }
  });
});

test('a malformed lifeline frame is ignored and counted, and the connection stays open', async ({
  start,
}) => {
  const { server, visit } = await start({});
  const messages: unknown[] = [];
  server.on('message', (_client, data) => messages.push(data));
  const ada = await visit();
  const malformed = [
    '{"lifeline":',
    '{"lifeline":}',
    '{"lifeline":"ping"}',
    '{"lifeline":"ping","timestamp":"1"}',
    '{"lifeline":"ping","timestamp":1e999}',
    '{"lifeline":"ping","timestamp":null}',
    '{"lifeline":"ping","__proto__":{"timestamp":1}}',
    '{"lifeline":"pong","timestamp":1}',
    '{"lifeline":"explode"}',
    '{"lifeline":"toString"}',
    '{"lifeline":"__proto__"}',
    '{"lifeline":{"toString":1}}',
    '{"lifeline":["watch"]}',
    '{"lifeline":null}',
    '{"lifeline":"watch"}{"lifeline":"watch"}',
    `{"lifeline":${'['.repeat(60_000)}`,
  ];
  for (const frame of malformed) ada.send(frame);
  // All other frames belong to the application.
  const others = [
    ' {"lifeline":"watch"}',
    '{ "lifeline":"watch"}',
    '{"a":1,"lifeline":"ping"}',
    '[]',
  ];
  for (const frame of others) ada.send(frame);
  ada.send(Buffer.from('{"lifeline":"watch"}'));
  await ada.roundTrip();
  expect(server.malformed).toBe(malformed.length);
  expect(messages).toEqual([...others, Buffer.from('{"lifeline":"watch"}')]);
});

test.for([
  ['too long', '"x"'.replace('x', 'x'.repeat(257))],
  ['empty', '""'],
  ['a number', '7'],
  ['null', 'null'],
])(
  'a lifeline ping whose id is %s is answered, counted as malformed, and sets no name',
  async ([, id], { start }) => {
    const { server, visit } = await start({});
    const ada = await visit();
    const [client] = server.clients;
    ada.send('{"lifeline":"ping","timestamp":1,"id":"ada"}');
    await ada.receives({ lifeline: 'pong', timestamp: 1 });
    expect([client?.name, server.malformed]).toEqual(['ada', 0]);
    ada.send(`{"lifeline":"ping","timestamp":2,"id":${id}}`);
    await ada.receives({ lifeline: 'pong', timestamp: 2 });
    expect([client?.name, server.malformed]).toEqual([null, 1]);
    ada.send(`{"lifeline":"ping","timestamp":1e999,"id":${id}}`);
    await ada.roundTrip();
    expect([ada.received.length, server.malformed]).toEqual([3, 2]);
  },
);

test('identities and topics can have the names of object properties', async ({ start }) => {
  const { server, visit } = await start({ authenticate: byPath });
  const changes: string[] = [];
  server.on('online', (id) => changes.push(id));
  server.on('message', (client, data) => {
    server.subscribe(client, String(data));
    server.broadcast(data, { topic: String(data) });
  });
  const names = ['__proto__', 'constructor', '{"toString":1}', 'hasOwnProperty'];
  const visitors = await Promise.all(names.map((name) => visit(`/${encodeURIComponent(name)}`)));
  expect(new Set(changes)).toEqual(new Set(names));
  expect(changes).toHaveLength(names.length);
  expect(server.presence.isOnline('toString')).toBe(false);
  visitors.forEach((visitor, n) => visitor.send(names[n] ?? ''));
  for (const visitor of visitors) await visitor.roundTrip();
  expect(visitors.map(({ received }) => received[0])).toEqual(names);
  for (const { received } of visitors) expect(received).toHaveLength(2);
  expect(({} as Record<string, unknown>).topic).toBeUndefined();
});

test('subscribe() refuses a topic of more than 256 characters, and more than 1,000 topics a client', async ({
  start,
}) => {
  const { server, visit } = await start({});
  const answers: boolean[] = [];
  server.on('connection', (client) => {
    answers.push(
      server.subscribe(client, 'x'.repeat(256)),
      server.subscribe(client, 'x'.repeat(257)),
    );
    answers.push(server.subscribe(client, ''), server.subscribe(client, 7 as unknown as string));
    for (let n = 1; n < 1_000; n++) server.subscribe(client, String(n));
    answers.push(server.subscribe(client, 'one more'), server.subscribe(client, '7'));
    server.unsubscribe(client, '7');
    answers.push(server.subscribe(client, 'one more'));
  });
  await visit();
  expect(answers).toEqual([true, false, false, false, false, true, true]);
});

test('an invalid request line or handshake is refused, and other clients stay connected', async ({
  start,
}) => {
  const { server, url, visit, statusOf, errors } = await start({ path: '/live' });
  expect(await statusOf('//[?')).toBe(404);
  const port = Number(new URL(url).port);
  for (const header of ['Sec-WebSocket-Key: short', 'Sec-WebSocket-Version: 7'])
    expect(await statusLine(requestUpgrade(port, '/live', header))).toMatch(/^HTTP\/1.1 400 /);
  expect(await statusLine(requestUpgrade(port, '/live', 'Upgrade: h2c'))).toMatch(
    /^HTTP\/1.1 426 /,
  );
  await (await visit('/live')).roundTrip();
  expect([server.clients.size, errors]).toEqual([1, []]);
});

test('an upgrade handed over twice causes an error event, and the process goes on', async ({
  start,
}) => {
  const { server, visit, errors } = await start({});
  let twice: ServerEvents['connection'] | undefined;
  server.on('connection', (...given) => (twice ??= given));
  await visit();
  if (!twice) throw new Error('No client has connected.');
  server.handleUpgrade(twice[1], twice[1].socket, Buffer.alloc(0));
  await vi.waitFor(() => expect(String(errors)).toMatch(/more than once/));
});
