import { expect, vi } from 'vitest';
import { Later, memorySessions, Refusal } from '../../../src/server.ts';
import { SessionClient } from '../../support/server/session-client.ts';
import { gate, test } from './fixtures.ts';

const numbers = (handled: readonly unknown[][]) => handled.map(([, number]) => number);

test('the first session is not known, and says who the client is and how much it may send', async ({
  startSessions,
}) => {
  const { client } = await startSessions();
  const ada = client();
  expect(await ada.resume()).toMatchObject({
    lifeline: 'session',
    id: 'ada',
    taken: 0,
    known: false,
    messages: 256,
    bytes: 1_048_576,
    largest: 65_536,
  });
});

test('messages are handled in order, with their numbers, and confirmed (D1)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  for (const text of ['one', 'two', 'three']) ada.send(text);
  expect(await ada.hears('taken')).toEqual({ lifeline: 'taken', number: 3 });
  expect(handled).toEqual([
    [ada.outbox, 1, 'one'],
    [ada.outbox, 2, 'two'],
    [ada.outbox, 3, 'three'],
  ]);
});

test('what was taken and not confirmed is confirmed by the next session, and not handled again (D1)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  for (const text of ['one', 'two', 'three']) ada.send(text);
  await vi.waitFor(() => expect(handled).toHaveLength(3));
  await ada.cut();
  expect(await ada.resume()).toMatchObject({ taken: 3, known: true });
  ada.send('four');
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([1, 2, 3, 4]);
});

test('what did not arrive is sent again, once (D2)', async ({ startSessions }) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  ada.send('one');
  await ada.roundTrip();
  await ada.cut();
  ada.send('two');
  expect(await ada.resume()).toMatchObject({ taken: 1, known: true });
  await ada.confirms(2);
  expect(handled.map(([, , text]) => text)).toEqual(['one', 'two']);
  expect(ada.unconfirmed.size).toBe(0);
});

test('the bytes of an older connection that wakes are ignored (D3)', async ({ startSessions }) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  const asleep = ada.visitor;
  await ada.resume();
  asleep?.send('four');
  expect(await asleep?.closed).toEqual([4409, 'The session goes on over another connection.']);
  ada.send('one');
  await ada.roundTrip();
  expect(handled).toEqual([[ada.outbox, 1, 'one']]);
});

test('a session waits for the handler of the older connection, and what had no handler yet is not taken (D4)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  const { opened, open } = gate();
  const begun: unknown[] = [];
  server.on('message', async (_client, message) => {
    begun.push(message);
    await opened;
  });
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.send('two');
  await vi.waitFor(() => expect(begun).toEqual(['one']));
  await ada.cut();
  await ada.open();
  ada.begin();
  await ada.hears('wait');
  await ada.visitor?.roundTrip();
  expect(ada.words('session')).toEqual([]);
  open();
  expect(await ada.answered()).toMatchObject({ taken: 1, known: true });
  for (const frame of ada.unconfirmed.values()) ada.raw(frame);
  await ada.roundTrip();
  expect(begun).toEqual(['one', 'two']);
});

test('a handler that takes too long has failed, and the next one begins (D5)', async ({
  startSessions,
}) => {
  const started = await startSessions({ handlerTimeout: 60 });
  const { server, client, handled } = started;
  server.on('message', (_client, message) =>
    message === 'hang' ? new Promise(() => {}) : undefined,
  );
  const ada = client();
  await ada.resume();
  ada.send('hang');
  ada.send('next');
  await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2]));
  await ada.confirms(2);
  expect(ada.failed).toEqual([[1, null]]);
  expect(started.errors.map(String)).toEqual([expect.stringMatching(/took too long/)]);
  expect(server.stats().failed).toBe(1);
});

test('a server that has forgotten says so, and goes on at the number of the client (D6, D7)', async ({
  startSessions,
}) => {
  const before = await startSessions();
  const ada = before.client();
  await ada.resume();
  for (const text of ['one', 'two', 'three']) ada.send(text);
  await ada.confirms(3);
  ada.send('four');
  ada.send('five');
  const { client, handled } = await startSessions();
  const again = client('/ada', ada.outbox);
  again.sent = 5;
  again.unconfirmed.set(4, 'four').set(5, 'five');
  await again.open();
  again.begin();
  expect(await again.answered()).toMatchObject({ taken: 3, known: false });
  again.word({ lifeline: 'skip', count: 2 });
  again.send('six');
  await again.confirms(6);
  expect(handled).toEqual([[ada.outbox, 6, 'six']]);
});

test.for([
  ['another identity', '/mallory'],
  ['the same one with another outbox', '/ada'],
])(
  '%s knows nothing of an outbox, and disturbs it in nothing (D11)',
  async ([, path], { startSessions }) => {
    const { client, handled } = await startSessions();
    const ada = client();
    await ada.resume();
    ada.send('one');
    await ada.roundTrip();
    const other = client(path, path === '/ada' ? undefined : ada.outbox);
    expect(await other.resume()).toMatchObject({ taken: 0, known: false });
    other.send('theirs');
    await other.roundTrip();
    ada.send('two');
    await ada.confirms(2);
    expect(handled.map(([, , text]) => text)).toEqual(['one', 'theirs', 'two']);
  },
);

test('without authenticate, the token decides (D11)', async ({ startSessions }) => {
  const { url, handled } = await startSessions({ authenticate: undefined });
  const ada = new SessionClient(url);
  const { token } = await ada.resume();
  expect(token).toMatch(/^[\da-f]{32}$/);
  ada.send('one');
  await ada.roundTrip();
  const thief = new SessionClient(url, ada.outbox);
  for (const stolen of [undefined, '0'.repeat(32), 'x']) {
    thief.token = stolen;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await thief.resume()).toMatchObject({ taken: 0, known: false });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await thief.cut();
  }
  expect(await ada.resume()).toMatchObject({ taken: 1, known: true, token });
  ada.send('two');
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([1, 2]);
  await ada.cut();
});

test('of two clients with one outbox, the later one has it (D12)', async ({ startSessions }) => {
  const { client } = await startSessions();
  const one = client();
  await one.resume();
  one.send('one');
  await one.roundTrip();
  const two = client('/ada', one.outbox);
  expect(await two.resume()).toMatchObject({ taken: 1, known: false });
  expect((await one.visitor?.closed)?.[0]).toBe(4409);
  // The second was told a number that it had never sent: it must begin another outbox.
  expect(two.sent).toBe(0);
});

test.for([
  ['messages', 257, 'x'],
  ['bytes', 17, 'x'.repeat(65_000)],
] as const)(
  'a client that sends more %s than the window allows is closed with 4400 (D13)',
  async ([, count, text], { startSessions }) => {
    const { server, client } = await startSessions();
    const { opened, open } = gate();
    server.on('message', () => opened);
    const ada = client();
    await ada.resume();
    for (let n = 1; n < count; n++) ada.send(text);
    await ada.visitor?.roundTrip();
    ada.send(text);
    expect(await ada.visitor?.closed).toEqual([4400, 'More was sent than the window allows.']);
    open();
  },
);

test('counts that differ end the session, and nothing is confirmed any more (D14)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.raw('a frame that the client did not count');
  ada.word({ lifeline: 'ping', timestamp: 1, sent: ada.sent });
  expect(await ada.hears('miscount')).toEqual({ lifeline: 'miscount', sent: 1, received: 2 });
  expect((await ada.visitor?.closed)?.[0]).toBe(4400);
  expect(ada.words('taken')).toEqual([]);
  expect(handled).toHaveLength(2);
  expect(await ada.resume()).toMatchObject({ taken: 0, known: false });
});

test('a handler that throws has taken its message, and the client is told once (D15)', async ({
  startSessions,
}) => {
  const started = await startSessions();
  const { server, client, handled } = started;
  server.on('message', (_client, message) => {
    if (message === 'full') throw new Refusal('the room is full');
    if (message === 'bug') throw new Error('bug');
  });
  const ada = client();
  await ada.resume();
  ada.send('fine');
  ada.send('full');
  ada.send('bug');
  await vi.waitFor(() => expect(handled).toHaveLength(3));
  await ada.cut();
  expect(await ada.resume()).toMatchObject({
    taken: 3,
    failed: [
      [2, 'the room is full'],
      [3, null],
    ],
  });
  ada.send('fine');
  await ada.confirms(4);
  expect(ada.words('taken')).toEqual([{ lifeline: 'taken', number: 4 }]);
  await ada.cut();
  expect(await ada.resume()).not.toHaveProperty('failed');
  expect(started.errors.map(({ message }) => message)).toEqual(['bug']);
  expect(server.stats().failed).toBe(2);
});

test('a handler that asks for a later try has taken nothing, and what is behind it waits, too (D16)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  const calls: unknown[] = [];
  let isReady = false;
  server.on('message', async (_client, message, { number }) => {
    calls.push([number, message]);
    if (!isReady) throw new Later();
  });
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.send('two');
  expect(await ada.visitor?.closed).toEqual([1013, 'Try again later.']);
  isReady = true;
  expect(await ada.resume()).toMatchObject({ taken: 0, known: true });
  await ada.roundTrip();
  expect(calls).toEqual([
    [1, 'one'],
    [1, 'one'],
    [2, 'two'],
  ]);
});

test('a server that closes waits for the handler, and confirms what it has taken (D17)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.send('two');
  await ada.visitor?.roundTrip();
  const closed = server.close();
  await ada.visitor?.roundTrip();
  open();
  expect((await ada.visitor?.closed)?.[0]).toBe(1012);
  expect(ada.words('taken')).toEqual([{ lifeline: 'taken', number: 1 }]);
  await closed;
});

test('a server that closes waits for the handler of a client that is away, and keeps what it has taken (D67) (fault 126)', async ({
  startSessions,
}) => {
  const released: number[] = [];
  const sessions = memorySessions();
  const { release } = sessions;
  sessions.release = (owner, outbox, record) => {
    released.push(record.taken);
    release.call(sessions, owner, outbox, record);
  };
  const { server, client } = await startSessions({ sessions });
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.send('two');
  await ada.visitor?.roundTrip();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  let isClosed = false;
  const closed = server.close().then(() => (isClosed = true));
  await new Promise(setImmediate);
  expect(isClosed).toBe(false);
  open();
  await closed;
  expect(released).toEqual([1]);
});

test('a client that asks for no session is served as without them (D19)', async ({
  startSessions,
}) => {
  const { server, visit, handled } = await startSessions();
  const old = await visit('/old');
  old.send('hello');
  old.send('{"lifeline":"session"}');
  old.send(JSON.stringify({ lifeline: 'session', outbox: '0'.repeat(32), next: 1 }));
  await old.roundTrip();
  expect(handled).toEqual([[null, null, 'hello']]);
  expect(old.received).toHaveLength(1);
  expect(server.malformed).toBe(2);
  expect(server.stats().sessions).toBe(0);
});

test('a server without sessions ignores the words (D18)', async ({ start }) => {
  const { server, url } = await start({});
  const ada = new SessionClient(url);
  await ada.open();
  ada.begin([['room', 'a1', 4]]);
  await ada.visitor?.roundTrip();
  expect(ada.words('session')).toEqual([]);
  expect(server.malformed).toBe(2);
  await ada.cut();
});

/** What an application may say that looks like what we say. */
const ALIKE: readonly (readonly [string, string | Buffer])[] = [
  ['a lifeline frame', '{"lifeline":"leave"}'],
  ['a lifeline frame behind a byte order mark', '\uFEFF{"lifeline":"leave"}'],
  ['a header', '{"lifeline":"uncounted"}\nhello'],
  ['the same, as binary data', Buffer.from('{"lifeline":"message"}\nhello')],
  ['binary data that is nothing else', Buffer.from('{"lifeline":')],
  ['a ping', 'ping'],
  ['a pong', 'pong'],
  ['an empty text', ''],
  ['empty binary data', Buffer.alloc(0)],
];

test.for(ALIKE)(
  '%s arrives as it was given, both ways, and is counted (D20, D49)',
  async ([, payload], { startSessions }) => {
    const { server, client, handled } = await startSessions();
    server.on('message', (from, message) => {
      from.send(message);
      server.broadcast(message);
    });
    const ada = client();
    await ada.resume();
    const header = '{"lifeline":"message"}\n';
    ada.send(
      typeof payload === 'string'
        ? header + payload
        : Buffer.concat([Buffer.from(header), payload]),
    );
    await ada.roundTrip();
    expect(handled).toEqual([[ada.outbox, 1, payload]]);
    const payloads = ada.heard.map((heard) =>
      typeof heard === 'object' && 'payload' in heard ? heard.payload : heard,
    );
    expect(payloads.filter((heard) => String(heard) === String(payload))).toEqual([
      payload,
      payload,
    ]);
  },
);

test('the largest frame is announced (D23)', async ({ startSessions }) => {
  const { client } = await startSessions({ maxPayload: 2_000_000 });
  expect(await client().resume()).toMatchObject({ largest: 2_000_000, bytes: 4_000_000 });
});

test('counted messages wait for the rate, and leave it to pings and to what is not counted (D26, D51)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions({ rate: { perSecond: 200, burst: 20 } });
  const ada = client();
  await ada.resume();
  const from = performance.now();
  for (let n = 0; n < 80; n++) ada.send(`${n}`);
  ada.raw('{"lifeline":"uncounted"}\naside');
  await ada.visitor?.roundTrip();
  expect(handled).toContainEqual([null, null, 'aside']);
  await vi.waitFor(() => expect(handled).toHaveLength(81));
  expect(performance.now() - from).toBeGreaterThan(250);
  await ada.confirms(80);
});

test('a new session is known on its next link, also if nothing of it had arrived (D60)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const ada = client();
  await ada.resume();
  await ada.cut();
  ada.send('one');
  expect(await ada.resume()).toMatchObject({ taken: 0, known: true });
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([1]);
});

test('the question of an older link, which comes when the server has forgotten the session, does not bring it back (D87) (fault 173)', async ({
  startSessions,
}) => {
  const { client, server, handled } = await startSessions({ sessions: memorySessions({ max: 1 }) });
  const [ada, late, grace] = [client(), client(), client('/grace')];
  await late.open();
  await ada.resume();
  ada.send('one');
  await vi.waitFor(() => expect(numbers(handled)).toEqual([1]));
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  await grace.resume();
  late.word({ lifeline: 'session', outbox: ada.outbox, next: 1 });
  expect(await late.answered()).toMatchObject({ taken: 0, known: false });
  await ada.open();
  ada.begin();
  expect(await ada.answered()).toMatchObject({ taken: 0, known: false });
});

test('what was sent to a server that is gone stays unknown, also if that answer was lost (D73) (fault 145)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const ada = client();
  // An earlier server may have taken these.
  for (const text of ['one', 'two']) ada.unconfirmed.set((ada.sent += 1), text);
  await ada.open();
  ada.begin();
  await ada.hears('session');
  await ada.cut();
  await ada.open();
  ada.begin();
  expect(await ada.answered()).toMatchObject({ taken: 0, known: false });
  await ada.cut();
  // It has heard it now. What it sends from then on is known.
  ada.unconfirmed.clear();
  ada.send('three');
  expect(await ada.resume()).toMatchObject({ taken: 2, known: true });
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([3]);
});

test('what had arrived before the client closed is handled (D61)', async ({ startSessions }) => {
  const { server, client, handled } = await startSessions();
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  for (const text of ['one', 'two', 'three']) ada.send(text);
  await ada.visitor?.roundTrip();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  open();
  await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2, 3]));
  expect(await ada.resume()).toMatchObject({ taken: 3 });
});

test('what had arrived before the server closed the client is not handled, and comes again (D61)', async ({
  startSessions,
}) => {
  const { server, client, handled } = await startSessions();
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  for (const text of ['one', 'two', 'three']) ada.send(text);
  await ada.visitor?.roundTrip();
  server.disconnect('ada', 4403);
  await ada.visitor?.closed;
  open();
  expect(await ada.resume()).toMatchObject({ taken: 1 });
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([1, 2, 3]);
});

test('what arrives behind a message that a closing server does not take is not handled, either (D86) (fault 167)', async ({
  startSessions,
}) => {
  const { server, client, handled } = await startSessions();
  const [slow, slower, request] = [gate(), gate(), gate()];
  server.on('message', (_client, text) => (text === 'slower' ? slower : slow).opened);
  server.on('request', async () => request.opened);
  const [ada, grace] = [client(), client('/grace')];
  for (const one of [ada, grace]) await one.resume();
  ada.request(1, 'question');
  ada.send('slow');
  ada.send('not taken');
  grace.send('slower');
  for (const one of [ada, grace]) await one.visitor?.roundTrip();
  const closed = server.close();
  ada.send('behind it');
  await ada.visitor?.roundTrip();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  // A request that ends lets what waits begin.
  for (const { open, opened } of [slow, request]) {
    open();
    await opened;
  }
  slower.open();
  await closed;
  expect(handled.map(([, , text]) => text)).toEqual(['slow', 'slower']);
});

test('the session of an older link that comes late ends the newer one, which can take it back (D50)', async ({
  startSessions,
}) => {
  const { client, handled } = await startSessions();
  const [ada, late] = [client(), client()];
  await late.open();
  await ada.resume();
  ada.send('one');
  await ada.roundTrip();
  late.word({ lifeline: 'session', outbox: ada.outbox, next: 1 });
  expect((await ada.visitor?.closed)?.[0]).toBe(4409);
  await late.cut();
  ada.send('two');
  expect(await ada.resume()).toMatchObject({ taken: 1, known: true });
  await ada.roundTrip();
  expect(numbers(handled)).toEqual([1, 2]);
});
