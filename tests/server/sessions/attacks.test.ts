import { expect, vi } from 'vitest';
import { json, memoryHistory } from '../../../src/server.ts';
import { REPLAY_RATE } from '../../../src/server/limits/delivery.ts';
import { newOutbox } from '../../support/server/session-client.ts';
import { gate, test } from './fixtures.ts';

test('frames of the application before the answer close the client with 4400', async ({
  startSessions,
}) => {
  const { server, client, handled } = await startSessions();
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  ada.send('one');
  await ada.visitor?.roundTrip();
  const mallory = client('/ada', ada.outbox);
  await mallory.open();
  mallory.begin();
  await mallory.hears('wait');
  mallory.raw('two');
  expect((await mallory.visitor?.closed)?.[0]).toBe(4400);
  expect(handled).toHaveLength(1);
  open();
});

test.for([
  ['a header without a payload', '{"lifeline":"message"}'],
  ['a word with a payload', '{"lifeline":"skip","count":1}\nhello'],
  ['a second session', `{"lifeline":"session","outbox":"${'0'.repeat(32)}","next":1}`],
  ['positions that come late', '{"lifeline":"positions","topics":[]}'],
  ['a header that is no JSON', '{"lifeline":message}\nhello'],
  ['a header that nobody knows', '{"lifeline":"massage"}\nhello'],
  ['a request without an id', '{"lifeline":"request"}\nhello'],
  ['a word of the server', '{"lifeline":"taken","number":7}'],
  ['a ping with a payload', '{"lifeline":"ping","timestamp":1}\nhello'],
] as const)(
  '%s is malformed, is not counted, and is never a message: as text and as binary data',
  async ([, frame], { startSessions }) => {
    const { server, client, handled } = await startSessions();
    const ada = client();
    await ada.resume();
    ada.raw(frame);
    ada.raw(Buffer.from(frame));
    ada.send('one');
    await ada.roundTrip();
    expect(server.malformed).toBe(2);
    expect(handled).toEqual([[ada.outbox, 1, 'one']]);
  },
);

test('a request with an id that is at work is malformed', async ({ startSessions }) => {
  const { server, client } = await startSessions();
  server.on('request', () => new Promise<string>(() => {}));
  const ada = client();
  await ada.resume();
  ada.request(1, 'one');
  ada.raw('{"lifeline":"request","id":1}\ntwo');
  await ada.roundTrip();
  expect(server.malformed).toBe(1);
  expect(server.stats().requests).toBe(1);
});

test.for([
  [{ lifeline: 'skip', count: 257 }, 4400],
  [{ lifeline: 'skip', count: 2 ** 52 }, 4400],
] as const)(
  'a count that lies ends only its own connection: %j',
  async ([word, code], { startSessions }) => {
    const { client } = await startSessions();
    const ada = client();
    await ada.resume();
    ada.word(word);
    expect((await ada.visitor?.closed)?.[0]).toBe(code);
    expect(await ada.resume()).toMatchObject({ taken: 0 });
  },
);

test('a first number that lies concerns nobody else', async ({ startSessions }) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.open();
  ada.word({ lifeline: 'session', outbox: ada.outbox, next: 2 ** 52 });
  expect(await ada.answered()).toMatchObject({ taken: 2 ** 52 - 1, known: false });
  ada.raw('one');
  await ada.hears('taken');
  expect(handled).toEqual([[ada.outbox, 2 ** 52, 'one']]);
});

test('messages that do not fit the schema are each taken and told, in the pace of invalidRate, and nobody is closed (D52)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions<string, unknown, unknown>({
    codec: json(),
    invalidRate: { perSecond: 50, burst: 5 },
  });
  const invalid = vi.fn<() => void>();
  server.on('invalid', invalid);
  const ada = client();
  await ada.resume();
  const from = performance.now();
  for (let n = 0; n < 20; n++) ada.send('{');
  ada.send('"fits"');
  await vi.waitFor(() => expect(server.stats().messagesReceived).toBe(1));
  expect(performance.now() - from).toBeGreaterThan(200);
  await ada.confirms(21);
  expect(ada.failed).toHaveLength(20);
  expect(ada.failed[0]).toEqual([1, 'The codec cannot decode it (SyntaxError).']);
  expect(invalid).toHaveBeenCalledTimes(20);
});

test('many outboxes of one identity push out only its own', async ({ startSessions }) => {
  const { server, client } = await startSessions({ rate: false });
  const forgotten: unknown[] = [];
  server.on('forgotten', (what) => forgotten.push(what));
  const grace = client('/grace');
  await grace.resume();
  grace.send('one');
  await grace.roundTrip();
  await grace.cut();
  for (let n = 0; n < 80; n++) {
    const mallory = client('/mallory', newOutbox());
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await mallory.resume();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await mallory.cut();
  }
  expect(forgotten.length).toBeGreaterThan(10);
  expect(new Set(forgotten.map((what) => JSON.stringify(what)))).toEqual(
    new Set(['{"what":"session","of":"mallory"}']),
  );
  expect(server.stats().sessions).toBeLessThan(70);
  expect(await grace.resume()).toMatchObject({ taken: 1, known: true });
});

test('replies that are asked for again and again end the connection with 1013 (D63)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  server.on('request', () => 'x'.repeat(1_000_000));
  const ada = client();
  await ada.resume();
  ada.request(1, 'large');
  await ada.hears('reply');
  let code: number | undefined;
  for (let n = 0; n < 25 && code === undefined; n++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ada.resume();
    ada.word({ lifeline: 'pending', ids: [1] });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    code = await Promise.race([
      ada.hears('reply').then(() => undefined),
      ada.visitor?.closed.then(([closed]) => closed),
    ]);
  }
  expect(code).toBe(1013);
});

test('a reply that is larger than all that may be repeated is repeated all the same (D82) (fault 134)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  const { opened, open } = gate();
  const reply = 'x'.repeat(REPLAY_RATE.burst + 1);
  server.on('request', () => opened.then(() => reply));
  const ada = client();
  await ada.resume();
  ada.request(1, 'large');
  await ada.confirms(1);
  await ada.cut();
  open();
  await ada.resume();
  ada.word({ lifeline: 'pending', ids: [1] });
  const { payload } = await ada.hears('reply');
  expect(payload === reply).toBe(true);
});

test('a flood of sessions, words and positions of one client is closed by the rate', async ({
  startSessions,
}) => {
  const { client } = await startSessions({ rate: { perSecond: 1, burst: 50 } });
  const ada = client();
  await ada.open();
  for (let n = 0; n < 60; n++) ada.word({ lifeline: 'positions', topics: [['room', 'a1', n]] });
  expect((await ada.visitor?.closed)?.[0]).toBe(1008);
});

test('a client that was refused as too fast has its session when it comes back', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions({
    rate: { perSecond: 1_000, burst: 20 },
    history: memoryHistory(),
  });
  const ada = client();
  await ada.resume();
  ada.send('one');
  for (let n = 0; n < 60; n++) ada.word({ lifeline: 'watch' });
  expect((await ada.visitor?.closed)?.[0]).toBe(1008);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await ada.resume()).toMatchObject({ known: true });
  await ada.roundTrip();
  expect(handled.map(([, number]) => number)).toEqual([1]);
});

test.for([
  ['skips', { lifeline: 'skip', count: 1 }],
  ['malformed words', { lifeline: 'skip' }],
] as const)('a flood of %s is bound by the rate', async ([name, word], { startSessions }) => {
  const { client } = await startSessions({ rate: { perSecond: 1, burst: 50 } });
  const ada = client();
  await ada.resume();
  for (let n = 0; n < 400; n++) ada.word(word);
  expect((await ada.visitor?.closed)?.[0]).toBe(name === 'skips' ? 4400 : 1008);
});

/** A value that throws whatever is asked of it. */
const hostile = () => {
  const fail = () => {
    throw new Error('hostile');
  };
  return new Proxy({}, { get: fail, getPrototypeOf: fail, has: fail });
};

test('handlers that return or throw what cannot be looked at fail, and end nothing', async ({
  startSessions,
}) => {
  const started = await startSessions();
  const { server, client } = started;
  server.on('message', (_client, message) => {
    if (message === 'return') return hostile();
    if (message === 'throw') throw hostile();
    if (message === 'reject') return Promise.reject(hostile());
  });
  server.on('request', () => hostile() as never);
  const ada = client();
  await ada.resume();
  for (const text of ['return', 'throw', 'reject', 'fine']) ada.send(text);
  ada.request(1, 'x');
  expect(await ada.hears('refusal')).toMatchObject({ reason: null });
  await ada.confirms(5);
  expect([ada.taken, ada.failed]).toEqual([
    5,
    [
      [1, null],
      [2, null],
      [3, null],
    ],
  ]);
  expect(started.errors).toHaveLength(4);
});
