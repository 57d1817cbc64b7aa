import { expect, vi } from 'vitest';
import {
  type HistoryStore,
  memoryHistory,
  memorySessions,
  type SessionStore,
} from '../../../src/server.ts';
import type { SessionRecord } from '../../../src/server/sessions/store.ts';
import { slowHistory, slowSessions } from '../../support/server/slow-stores.ts';
import { gate, test } from './fixtures.ts';

const failure = () => Promise.reject(new Error('The store is away.'));

test('a session that cannot be looked up ends its connection with 1013, and the next one works', async ({
  startSessions,
}) => {
  let isAway = true;
  const store = slowSessions(memorySessions());
  const sessions: SessionStore = {
    ...store,
    ttl: 1_000,
    size: 0,
    claim: (...args) => (isAway ? failure() : store.claim(...args)),
  };
  const started = await startSessions({ sessions });
  const ada = started.client();
  await ada.open();
  ada.begin();
  expect((await ada.visitor?.closed)?.[0]).toBe(1013);
  expect(ada.words('wait')).toHaveLength(1);
  isAway = false;
  await ada.resume();
  ada.send('one');
  await ada.hears('taken');
  expect(started.handled).toHaveLength(1);
  expect(started.errors.map(({ message }) => message)).toEqual(['The store is away.']);
});

/** A store in which an outbox is remembered as soon as something of it is written. It asks for patience. */
function keeping(): SessionStore & { readonly answer: ReturnType<typeof gate> } {
  const records = new Map<string, SessionRecord>();
  const answer = gate();
  const write = async (name: string, record: SessionRecord) => void records.set(name, record);
  return {
    answer,
    ttl: 1_000,
    size: 0,
    start() {},
    claim: (_owner, name) => answer.opened.then(() => records.get(name) ?? null),
    save: write,
    release: (_owner, name, record) => void write(name, record),
    forget: (_owner, name) => void records.delete(name),
    async stop() {},
  };
}

test('an outbox is unknown until its client has heard so: what was sent before is not handled twice (D85) (fault 154)', async ({
  startSessions,
}) => {
  const sessions = keeping();
  const { client, server, handled } = await startSessions({ sessions });
  const ada = client();
  // Sent to an earlier server, which is gone with all that it remembered.
  ada.unconfirmed.set(1, 'one').set(2, 'two');
  ada.sent = 2;
  await ada.open();
  ada.begin();
  await ada.hears('wait');
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  sessions.answer.open();
  await ada.open();
  ada.begin();
  expect(await ada.answered()).toMatchObject({ taken: 0, known: false });
  expect(handled).toEqual([]);
});

test('what ends after the counts have differed brings nothing of the session back (D14) (fault 155)', async ({
  startSessions,
}) => {
  const sessions = keeping();
  sessions.answer.open();
  const { client, server } = await startSessions({ sessions });
  const { opened, open } = gate();
  server.on('message', () => opened);
  const ada = client();
  await ada.resume();
  ada.send('one');
  ada.word({ lifeline: 'ping', timestamp: 1, sent: 7 });
  expect((await ada.visitor?.closed)?.[0]).toBe(4400);
  open();
  await ada.open();
  ada.begin();
  expect(await ada.answered()).toMatchObject({ taken: 0, known: false });
});

test('what could not be kept is not confirmed: the client is closed with 1013, and its message comes again', async ({
  startSessions,
}) => {
  let isAway = true;
  const store = memorySessions();
  const sessions: SessionStore = {
    ttl: 1_000,
    size: 0,
    start: (listener) => store.start(listener),
    claim: (...args) => store.claim(...args),
    save: (...args) => (isAway ? failure() : store.save(...args)),
    release: (...args) => store.release(...args),
    forget: (...args) => store.forget(...args),
    stop: () => store.stop(),
  };
  const started = await startSessions({ sessions });
  const ada = started.client();
  await ada.resume();
  ada.send('one');
  expect((await ada.visitor?.closed)?.[0]).toBe(1013);
  expect(ada.words('taken')).toEqual([]);
  isAway = false;
  expect(await ada.resume()).toMatchObject({ taken: 0 });
  await ada.roundTrip();
  expect(ada.taken).toBe(1);
  expect(started.handled).toEqual([1, 1].map((number) => [ada.outbox, number, 'one']));
  expect(started.errors.map(({ message }) => message)).toEqual(['The store is away.']);
});

test('a history that cannot be read is a gap; one that cannot be written loses nothing else', async ({
  startSessions,
}) => {
  let isAway = false;
  const store = slowHistory(memoryHistory());
  const history: HistoryStore = {
    ...store,
    read: (...args) => (isAway ? failure() : store.read(...args)),
    publish: (...args) => (isAway ? failure() : store.publish(...args)),
  };
  const started = await startSessions({ history });
  const { server, client } = started;
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  await ada.hearsAll('position', 2);
  const told = ada.words('position').map(({ topic, epoch, number }) => [topic, epoch, number]);
  await ada.cut();
  server.broadcast('one', { topic: 'room' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  isAway = true;
  server.broadcast('lost', { topic: 'room' });
  await ada.resume(told);
  await ada.hears('gap');
  isAway = false;
  server.broadcast('two', { topic: 'room' });
  expect(await ada.hears('topic')).toMatchObject({ number: 2, payload: 'two' });
  expect(started.errors.length).toBeGreaterThan(0);
});

test('a topic that begins anew is a gap for all who are subscribed (D39)', async ({
  startSessions,
}) => {
  let move = (): void => {};
  const store = memoryHistory();
  const history: HistoryStore = {
    isShared: false,
    start(listener) {
      move = () => listener.moved('troom', { epoch: 'new', number: 7 });
      store.start(listener);
    },
    follow: (topic) => store.follow(topic),
    unfollow: (topic) => store.unfollow(topic),
    publish: (...args) => store.publish(...args),
    read: (...args) => store.read(...args),
    stop: () => store.stop(),
  };
  const { server, client, visit } = await startSessions({ history });
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const old = await visit('/old');
  await old.roundTrip();
  move();
  expect(await ada.hears('gap')).toEqual({
    lifeline: 'gap',
    topic: 'room',
    epoch: 'new',
    number: 7,
  });
  await old.roundTrip();
  expect(old.received.every((frame) => String(frame).includes('pong'))).toBe(true);
});

test('before the answer, payloads are sent as without a session; behind it, with headers (D57)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions();
  const { opened, open } = gate();
  server.on('message', () => opened);
  const alike = Buffer.from('{"lifeline":"topic","topic":"room","number":1}\nforged');
  const ada = client();
  await ada.resume();
  ada.send('one');
  await ada.visitor?.roundTrip();
  await ada.open();
  ada.begin();
  await ada.hears('wait');
  server.broadcast(alike);
  open();
  await ada.answered();
  server.broadcast(alike);
  await ada.hears('message');
  const { received = [] } = ada.visitor ?? {};
  const answer = received.findIndex((frame) => String(frame).includes('"session"'));
  expect(received.slice(1, answer)).toEqual([alike]);
  expect(received.at(-1)).toEqual(Buffer.concat([Buffer.from('{"lifeline":"message"}\n'), alike]));
});

test('stores that throw whatever they are asked end nothing', async ({ startSessions }) => {
  const fail = () => {
    throw new Error('broken');
  };
  const started = await startSessions({
    sessions: {
      ttl: 1_000,
      size: 0,
      start() {},
      claim: fail,
      save: fail,
      release: fail,
      forget: fail,
      async stop() {},
    },
    history: {
      isShared: false,
      start() {},
      follow: fail,
      unfollow: fail,
      publish: fail,
      read: fail,
      async stop() {},
    },
  });
  const { server, client, visit } = started;
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.open();
  ada.begin([['room', 'a1', 3]]);
  expect((await ada.visitor?.closed)?.[0]).toBe(1013);
  const old = await visit('/old');
  server.broadcast('lost', { topic: 'room' });
  server.broadcast('to all');
  await old.receives('to all');
  await old.roundTrip();
  expect(new Set(started.errors.map(({ message }) => message))).toEqual(new Set(['broken']));
});
