import { expect, vi } from 'vitest';
import { memoryPresence } from '../../../src/server.ts';
import { BroadcastHub } from '../../support/server/broadcast-hub.ts';
import { heardIn, positionIn, standsIn, test } from './fixtures.ts';

test('what was said while a client was away is replayed exactly, then it is live (D27)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('message', (from) => void server.subscribe(from, 'room'));
  const ada = client();
  await ada.resume();
  ada.send('subscribe');
  expect(await ada.hears('position')).toBeDefined();
  await ada.roundTrip();
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'position', number: 0 }]);
  for (let n = 1; n <= 100; n++) server.broadcast(`${n}`, { topic: 'room' });
  await ada.hearsAll('topic', 100);
  const position = await positionIn(ada, 'room');
  expect(position[2]).toBe(100);
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  for (let n = 101; n <= 120; n++) server.broadcast(`${n}`, { topic: 'room' });
  await ada.resume([position]);
  ada.send('subscribe');
  await ada.hearsAll('topic', 20);
  server.broadcast('121', { topic: 'room' });
  await ada.hearsAll('topic', 21);
  expect(standsIn(ada, 'room')).toEqual([
    { lifeline: 'position', topic: 'room', epoch: position[1], number: 100 },
  ]);
  expect(heardIn(ada, 'room')).toEqual(
    Array.from({ length: 21 }, (_, n) => [101 + n, `${101 + n}`]),
  );
  expect(server.stats()).toMatchObject({ replayed: 20, gaps: 0 });
});

test('a subscription whose beginning was lost with the link begins there on the next one; two pings show that the client knows it (D69) (fault 129)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  await ada.hears('position');
  await ada.roundTrip();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('one', { topic: 'room' });
  // It has heard nothing, so that it tells no position.
  await ada.resume();
  await ada.hears('topic');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'position', number: 0 }]);
  expect(heardIn(ada, 'room')).toEqual([[1, 'one']]);
  await ada.roundTrip();
  await ada.roundTrip();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('two', { topic: 'room' });
  await ada.resume();
  expect((await positionIn(ada, 'room'))[2]).toBe(2);
});

test('who is excepted while it connects gets the message over no later connection either (D78) (fault 117)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', async (one) => {
    server.subscribe(one, 'room');
    await server.broadcast(`${one.id} is here`, { topic: 'room', except: one });
  });
  const bob = client('/bob');
  await bob.resume();
  await vi.waitFor(() => expect(standsIn(bob, 'room').at(-1)).toMatchObject({ number: 1 }));
  const ada = client();
  await ada.resume();
  await bob.hearsAll('topic', 1);
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  // The link was lost before it heard of any position.
  await ada.resume();
  await bob.hearsAll('topic', 2);
  await server.broadcast('hello', { topic: 'room' });
  await ada.hears('topic');
  expect(ada.words('topic').map(({ payload }) => payload)).toEqual(['hello']);
});

test('a client is excepted from what it was excepted from during its last 16 connections (D78)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  let connections = 0;
  server.on('connection', async (one) => {
    server.subscribe(one, 'room');
    if (one.id === 'ada')
      await server.broadcast(`${++connections}`, { topic: 'room', except: one });
  });
  const bob = client('/bob');
  await bob.resume();
  const [topic, epoch] = await positionIn(bob, 'room');
  const ada = client();
  await ada.resume();
  for (let n = 1; n <= 17; n++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await bob.hearsAll('topic', n);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ada.cut();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ada.resume([[topic, epoch, 0]]);
  }
  await vi.waitFor(() => expect(standsIn(ada, 'room').at(-1)).toMatchObject({ number: 18 }));
  expect(heardIn(ada, 'room').map(([, text]) => text)).toEqual(['1', '2']);
});

test('the sender that is left out is left out at another server, too (D32)', async ({
  startSessions,
  share,
}) => {
  const one = await startSessions({ history: share() });
  const two = await startSessions({ history: share() });
  for (const { server } of [one, two]) {
    server.on('connection', (from) => void server.subscribe(from, 'room'));
    server.on('message', (from, text) => server.broadcast(text, { topic: 'room', except: from }));
  }
  const [bob, ada] = [two.client('/bob'), one.client()];
  await bob.resume();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  await positionIn(bob, 'room');
  ada.send('from ada');
  await bob.hears('topic');
  await ada.cut();
  const there = two.client('/ada', ada.outbox);
  await there.resume([position]);
  bob.send('from bob');
  await there.hears('topic');
  expect(heardIn(there, 'room')).toEqual([[2, 'from bob']]);
});

test('binary messages have their header in bytes', async ({ startSessions, withHistory }) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'röhm'));
  const ada = client();
  await ada.resume();
  const bytes = Buffer.from([0, 10, 255, 123]);
  server.broadcast(bytes, { topic: 'röhm' });
  expect(await ada.hears('topic')).toEqual({
    lifeline: 'topic',
    topic: 'röhm',
    number: 1,
    payload: bytes,
  });
});

test('more than the history holds is a gap, then it is live (D28)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory({ perTopic: 10 }));
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  for (let n = 1; n <= 10; n++) server.broadcast(`${n}`, { topic: 'room' });
  await server.broadcast('11', { topic: 'room' });
  await ada.resume([position]);
  await ada.hears('gap');
  server.broadcast('12', { topic: 'room' });
  await ada.hears('topic');
  expect(standsIn(ada, 'room')).toEqual([
    { lifeline: 'gap', topic: 'room', epoch: position[1], number: 11 },
  ]);
  expect(heardIn(ada, 'room')).toEqual([[12, '12']]);
  expect(server.stats().gaps).toBe(1);
});

test('the first messages of a topic ever are replayed, too (D30)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  expect(position[2]).toBe(0);
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  for (let n = 1; n <= 5; n++) server.broadcast(`${n}`, { topic: 'room' });
  await ada.resume([position]);
  await ada.hearsAll('topic', 5);
  expect(heardIn(ada, 'room').map(([number]) => number)).toEqual([1, 2, 3, 4, 5]);
});

test('a subscription begins at the call, though the session came later (D31)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => {
    server.subscribe(one, 'room');
    server.broadcast('welcome', { topic: 'room' });
  });
  const ada = client();
  await ada.open();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  server.broadcast('early', { topic: 'room' });
  ada.begin();
  await ada.answered();
  server.broadcast('late', { topic: 'room' });
  await ada.hearsAll('topic', 3);
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'position', number: 0 }]);
  expect(heardIn(ada, 'room')).toEqual([
    [1, 'welcome'],
    [2, 'early'],
    [3, 'late'],
  ]);
});

test.for([
  ['sends something else first', 'hello'],
  ['sends nothing', null],
] as const)(
  'a client without a session that %s gets all, in order, without headers (D31)',
  async ([, first], { startSessions, withHistory }) => {
    const { server, visit } = await startSessions(withHistory());
    server.on('connection', (one) => {
      server.subscribe(one, 'room');
      server.broadcast('welcome', { topic: 'room' });
    });
    const old = await visit('/old');
    server.broadcast('{"lifeline":"leave"}', { topic: 'room' });
    if (first !== null) old.send(first);
    await old.receives('welcome');
    server.broadcast('late', { topic: 'room' });
    await old.receives('late');
    expect(old.received).toEqual(['welcome', ' {"lifeline":"leave"}', 'late']);
    const [held] = server.clients as ReadonlySet<{ delivery?: unknown }>;
    expect(held?.delivery === null).toBe(first !== null);
  },
);

test('a session that comes very late: what was sent plainly does not come twice, and a told position is a gap (D56)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('missed', { topic: 'room' });
  const visitor = await ada.open();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  server.broadcast('plain', { topic: 'room' });
  await visitor.receives('plain');
  ada.begin([position]);
  await ada.answered();
  server.broadcast('numbered', { topic: 'room' });
  await ada.hears('topic');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'gap', number: 2 }]);
  expect(heardIn(ada, 'room')).toEqual([[3, 'numbered']]);
});

test('what was sent plainly before a late session is not sent again when the link is lost before the position arrives (D56) (fault 166)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  const visitor = await ada.open();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  server.broadcast('plain', { topic: 'room' });
  await visitor.receives('plain');
  ada.begin();
  await ada.answered();
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('missed', { topic: 'room' });
  // The position was lost with the link, so that it tells none.
  await ada.resume();
  await ada.hears('topic');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'position', number: 1 }]);
  expect(heardIn(ada, 'room')).toEqual([[2, 'missed']]);
});

test('the sender that is left out gets a position in place of its message, also in a replay (D32)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  server.on('message', (from, text) => server.broadcast(text, { topic: 'room', except: from }));
  const [ada, grace] = [client(), client('/grace')];
  await ada.resume();
  await grace.resume();
  const positions = [await positionIn(ada, 'room')];
  ada.send('from ada');
  await ada.roundTrip();
  grace.send('from grace');
  await ada.hears('topic');
  const { epoch } = standsIn(ada, 'room')[0] ?? {};
  const heard = [
    { lifeline: 'position', topic: 'room', epoch, number: 0 },
    { lifeline: 'position', topic: 'room', epoch, number: 1 },
  ];
  expect(standsIn(ada, 'room')).toEqual(heard);
  await grace.hears('topic');
  expect(heardIn(grace, 'room')).toEqual([[1, 'from ada']]);
  await ada.cut();
  await ada.resume(positions);
  await ada.hears('topic');
  expect(standsIn(ada, 'room')).toEqual(heard);
  expect(heardIn(ada, 'room')).toEqual([[2, 'from grace']]);
});

test('who is unsubscribed is told, and begins anew when it is subscribed again (D33)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  const ada = client();
  await ada.resume();
  const [one] = server.clients;
  if (!one) throw new Error('There is no client.');
  server.subscribe(one, 'room');
  await positionIn(ada, 'room');
  server.unsubscribe(one, 'room');
  server.broadcast('unheard', { topic: 'room' });
  server.subscribe(one, 'room');
  server.subscribe(one, 'room');
  server.broadcast('heard', { topic: 'room' });
  await ada.hears('topic');
  expect(ada.words('unsubscribed')).toEqual([{ lifeline: 'unsubscribed', topic: 'room' }]);
  expect(standsIn(ada, 'room').map(({ number }) => number)).toEqual([0, 1]);
  expect(heardIn(ada, 'room')).toEqual([[2, 'heard']]);
});

test('replay: false gives nothing that was missed, and says that there is something (D34)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('message', (from) => void server.subscribe(from, 'room', { replay: false }));
  const ada = client();
  await ada.resume();
  ada.send('subscribe');
  await ada.roundTrip();
  const position = await positionIn(ada, 'room');
  await ada.cut();
  await ada.resume([position]);
  ada.send('subscribe');
  await positionIn(ada, 'room');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'position', number: 0 }]);
  await ada.cut();
  server.broadcast('secret', { topic: 'room' });
  await ada.resume([position]);
  ada.send('subscribe');
  await positionIn(ada, 'room');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'gap', number: 1 }]);
  expect(heardIn(ada, 'room')).toEqual([]);
});

test('a replay waits for a client that does not read, in order with what is said meanwhile (D36)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(
    withHistory({ bytesPerTopic: 4_194_304, perTopic: 1_000 }),
  );
  const rooms = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  server.on('connection', (one) => rooms.forEach((room) => void server.subscribe(one, room)));
  const ada = client();
  await ada.resume();
  const positions = await Promise.all(rooms.map((room) => positionIn(ada, room)));
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  const filler = 'x'.repeat(60_000);
  for (const topic of rooms) {
    const said = Array.from({ length: 30 }, (_, n) => `${n + 1} ${filler}`);
    await Promise.all(said.map((text) => server.broadcast(text, { topic })));
  }
  const visitor = await ada.open();
  ada.begin(positions);
  await ada.answered();
  visitor.socket.pause();
  await vi.waitFor(() => {
    const [one] = server.clients;
    expect(one?.socket.bufferedAmount).toBeGreaterThan(1_048_576);
  }, 10_000);
  for (const topic of rooms) server.broadcast(`31 ${filler}`, { topic });
  const [slow] = server.clients;
  expect(slow?.socket.bufferedAmount).toBeLessThan(4 * 1_048_576);
  visitor.socket.resume();
  await ada.hearsAll('topic', 31 * rooms.length);
  for (const room of rooms)
    expect(heardIn(ada, room).map(([number]) => number)).toEqual(
      Array.from({ length: 31 }, (_, n) => n + 1),
    );
  expect(server.stats().gaps).toBe(0);
});

test('a position for a topic to which the client is not subscribed shows nothing (D37, D64)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on(
    'connection',
    (one) => void server.subscribe(one, one.id === 'ada' ? 'secret' : 'open'),
  );
  const ada = client();
  await ada.resume();
  const [, epoch] = await positionIn(ada, 'secret');
  server.broadcast('secret', { topic: 'secret' });
  const mallory = client('/mallory');
  await mallory.resume([
    ['secret', epoch, 0],
    ['', epoch, 0],
    ['open', 'another', 0],
    ['tada', epoch, 0],
  ]);
  await positionIn(mallory, 'open');
  await mallory.roundTrip();
  expect(standsIn(mallory, 'secret')).toEqual([]);
  expect(mallory.words('topic')).toEqual([]);
  expect(standsIn(mallory, 'open')).toMatchObject([{ lifeline: 'gap', number: 0 }]);
});

test.for<[string, (epoch: string) => readonly unknown[]]>([
  ['from the future', (epoch) => [epoch, 2 ** 40]],
  ['of another epoch', () => ['another', 0]],
])('a position %s is a gap (D64)', async ([, tell], { startSessions, withHistory }) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const [, epoch] = await positionIn(ada, 'room');
  await ada.resume([['room', ...tell(epoch)]]);
  await ada.hears('gap');
  expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'gap', epoch, number: 0 }]);
});

test('positions that are more than a client can need are ignored (D64)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  const ada = client();
  await ada.open();
  for (let part = 0; part < 20; part++)
    ada.word({
      lifeline: 'positions',
      topics: Array.from({ length: 500 }, (_, n) => [`${part}-${n}`, 'a1', n]),
    });
  ada.begin();
  await ada.answered();
  await ada.roundTrip();
  expect(server.malformed).toBe(0);
});

test('a message to an identity reaches all its connections, and those of its sessions that are away, once (D62)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client, visit } = await startSessions(withHistory());
  const [phone, laptop] = [client(), client()];
  await phone.resume();
  await laptop.resume();
  const old = await visit('/ada');
  const grace = await visit('/grace');
  await old.roundTrip();
  server.sendTo('ada', 'one');
  await old.receives('one');
  await Promise.all([phone.hears('topic'), laptop.hears('topic')]);
  const position = await positionIn(phone, '');
  await phone.cut();
  server.sendTo('ada', 'two');
  server.sendTo('ada', Buffer.from('three'));
  await phone.resume([position]);
  await phone.hearsAll('topic', 2);
  await laptop.hearsAll('topic', 3);
  await grace.roundTrip();
  expect(heardIn(phone, '')).toEqual([
    [2, 'two'],
    [3, 'three'],
  ]);
  expect(heardIn(laptop, '').map(([, text]) => text)).toEqual(['one', 'two', 'three']);
  expect(old.received.slice(1).map(String)).toEqual(['one', 'two', 'three']);
  expect(grace.received).toHaveLength(1);
});

test('another user is told nothing for the positions of the one before (D77) (fault 116)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const [page, phone] = [client('/ada'), client('/grace')];
  await Promise.all([page.resume(), phone.resume()]);
  const positions = [await positionIn(page, 'room'), await positionIn(page, '')];
  await page.cut();
  await server.broadcast('said while ada was here', { topic: 'room' });
  await server.sendTo('grace', 'said to grace before');
  page.url = page.url.replace('/ada', '/grace');
  await page.resume(positions);
  await page.roundTrip();
  for (const topic of ['room', ''])
    expect(standsIn(page, topic)).toMatchObject([{ lifeline: 'position', number: 1 }]);
  expect([heardIn(page, 'room'), heardIn(page, '')]).toEqual([[], []]);
  await page.cut();
  // Back again: the server remembers where the first session began, but the page has forgotten all of it.
  page.url = page.url.replace('/grace', '/ada');
  await page.resume([await positionIn(phone, 'room')]);
  await page.roundTrip();
  expect(standsIn(page, 'room')).toMatchObject([{ lifeline: 'position', number: 1 }]);
  expect(heardIn(page, 'room')).toEqual([]);
  expect(server.stats()).toMatchObject({ replayed: 0, gaps: 0 });
});

test('a message to an identity that comes while it greets is not doubled by its session (D62)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, '');
  await ada.cut();
  await ada.open();
  await vi.waitFor(() => expect(server.clients.size).toBe(1));
  server.sendTo('ada', 'hello');
  ada.begin([position]);
  await ada.answered();
  await ada.roundTrip();
  expect(heardIn(ada, '')).toEqual([[1, 'hello']]);
  expect(ada.heard).not.toContain('hello');
});

test('sendTo() works without sessions, without authenticate, and on other servers (D62)', async ({
  start,
}) => {
  const hub = new BroadcastHub();
  const one = await start({ broadcasts: hub.channel(), presence: memoryPresence() });
  const two = await start({ broadcasts: hub.channel(), authenticate: () => 'ada' });
  const [visitor, ada] = [await one.visit(), await two.visit()];
  const [client] = one.server.clients;
  one.server.sendTo(String(client?.id), 'to a connection');
  await visitor.receives('to a connection');
  one.server.sendTo('ada', 'text');
  one.server.sendTo('ada', Buffer.from([0, 255]));
  await ada.receives('text');
  await ada.receives(Buffer.from([0, 255]));
  expect(() => one.server.sendTo(7 as never, 'x')).toThrow(/sendTo\(\) takes the id/);
  expect(() => one.server.subscribe(client as never, 'x', { reply: 1 } as never)).toThrow(
    /did you mean replay/,
  );
  expect(visitor.received).toEqual(['to a connection']);
  expect(one.server.stats().broadcasts).toBe(3);
  expect(two.server.stats().foreignBroadcasts).toBe(3);
});

test('an identity that reconnects all the time is replayed 16 MiB a minute, then it is a gap (D63)', async ({
  startSessions,
  withHistory,
}) => {
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  for (let n = 0; n < 16; n++) server.broadcast('x'.repeat(60_000), { topic: 'room' });
  let replayed = 0;
  const from = performance.now();
  for (let n = 0; n < 30; n++) {
    const mallory = client('/ada', ada.outbox);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await mallory.resume([position]);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await vi.waitFor(
      () =>
        expect(mallory.words('gap').length > 0 || mallory.words('topic').length === 16).toBe(true),
      10_000,
    );
    replayed += mallory.words('topic').length * 60_000;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await mallory.cut();
  }
  expect(replayed).toBeGreaterThan(15_000_000);
  const minutes = (performance.now() - from) / 60_000;
  expect(replayed).toBeLessThan(16_777_216 * (1 + minutes) + 960_000);
  expect(server.stats().gaps).toBeGreaterThan(5);
});

test('servers that share a history: one order for all, each message once, also for who moves from one to the other (D38)', async ({
  share,
  startSessions,
}) => {
  const hub = new BroadcastHub();
  const servers = [
    await startSessions({ history: share(), broadcasts: hub.channel() }),
    await startSessions({ history: share(), broadcasts: hub.channel() }),
  ] as const;
  for (const { server } of servers)
    server.on('connection', (client) => void server.subscribe(client, 'room'));
  const [one, two] = servers;
  const [ada, grace] = [one.client(), two.client('/grace')];
  const old = [await one.visit('/old'), await two.visit('/older')];
  for (const visitor of old) await visitor.roundTrip();
  await ada.resume();
  await grace.resume();
  await Promise.all([ada.hearsAll('position', 2), grace.hearsAll('position', 2)]);
  for (let n = 0; n < 20; n++)
    servers[n % 2 === 0 ? 0 : 1].server.broadcast(`${n}`, { topic: 'room' });
  one.server.sendTo('grace', 'only for you');
  await ada.hearsAll('topic', 20);
  await grace.hearsAll('topic', 21);
  const heard = heardIn(ada, 'room');
  expect(heardIn(grace, 'room')).toEqual(heard);
  expect(heard.map(([number]) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  expect(heardIn(grace, '')).toEqual([[1, 'only for you']]);
  const position = await positionIn(ada, 'room');
  await ada.cut();
  one.server.broadcast('from one', { topic: 'room' });
  two.server.broadcast('from two', { topic: 'room' });
  const moved = two.client('/ada', ada.outbox);
  await moved.resume([position]);
  await moved.hearsAll('topic', 2);
  expect(heardIn(moved, 'room').map(([number]) => number)).toEqual([21, 22]);
  for (const visitor of old) await visitor.roundTrip();
  for (const { received } of old)
    expect(received.filter((frame) => !String(frame).includes('pong'))).toHaveLength(22);
});

test('history without sessions is a TypeError', async ({ start, withHistory }) => {
  await expect(start(withHistory())).rejects.toThrow(/history needs sessions/);
});
