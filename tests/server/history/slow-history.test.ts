/** A history that needs time for its answers, like one behind a network. */
import { expect, vi } from 'vitest';
import type { HistoryListener } from '../../../src/server/history/store.ts';
import { type HistoryStore, memoryHistory } from '../../../src/server.ts';
import { gate, test } from '../sessions/fixtures.ts';
import { heardIn, standsIn } from './fixtures.ts';

test('a client without a session gets what was said while it was held, and what is said later, once (fault 118)', async ({
  startSessions,
}) => {
  const [located, recorded] = [gate(), gate()];
  const store = memoryHistory();
  const history: HistoryStore = {
    isShared: false,
    start: (listener) => store.start(listener),
    follow: (topic) => located.opened.then(() => store.follow(topic)),
    unfollow: (topic) => store.unfollow(topic),
    publish: (...args) => recorded.opened.then(() => store.publish(...args)),
    read: (...args) => store.read(...args),
    stop: () => store.stop(),
  };
  const { server, visit } = await startSessions({ history });
  server.on('connection', (one) => {
    server.subscribe(one, 'room');
    server.broadcast('held', { topic: 'room' });
  });
  const old = await visit('/old');
  old.send('hello');
  for (const { open } of [located, recorded]) {
    await old.roundTrip();
    open();
  }
  await old.receives('held');
  server.broadcast('live', { topic: 'room' });
  await old.receives('live');
  expect(old.received.filter((frame) => !String(frame).includes('pong'))).toEqual(['held', 'live']);
});

test('a client without a session does not wait for ever for a history that does not answer (fault 118)', async ({
  startSessions,
}) => {
  const store = memoryHistory();
  const never = new Promise<never>(() => {});
  const history: HistoryStore = {
    isShared: false,
    start: (listener) => store.start(listener),
    follow: () => never,
    unfollow: (topic) => store.unfollow(topic),
    publish: () => never,
    read: () => never,
    stop: () => store.stop(),
  };
  const { server, visit } = await startSessions({ history });
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const old = await visit('/old');
  old.send('hello');
  await old.roundTrip();
  server.broadcast('lost', { topic: 'room' });
  await vi.waitFor(
    () => {
      server.broadcast('live', { topic: 'room' });
      expect(old.received).toContain('live');
    },
    { interval: 100, timeout: 5_000 },
  );
  expect(old.received).not.toContain('lost');
});

test.for(['where the topic stands', 'what was missed'] as const)(
  'a history that tells %s after the client was unsubscribed says nothing to it (fault 153)',
  async (late, { startSessions }) => {
    const store = memoryHistory();
    const answer = gate();
    const slow = <Value>(what: string, value: () => Value | Promise<Value>) =>
      what === late ? answer.opened.then(value) : value();
    const history: HistoryStore = {
      isShared: false,
      start: (listener) => store.start(listener),
      follow: (topic) => slow('where the topic stands', () => store.follow(topic)),
      unfollow: (topic) => store.unfollow(topic),
      publish: (...args) => store.publish(...args),
      read: (...args) => slow('what was missed', () => store.read(...args)),
      stop: () => store.stop(),
    };
    const { server, client, visit } = await startSessions({ history });
    // Somebody has the topic kept while the client is away.
    if (late === 'what was missed') {
      const other = await visit('/other');
      const [one] = server.clients;
      if (one) server.subscribe(one, 'room');
      other.send('hello');
      await other.roundTrip();
    }
    const { epoch } = late === 'what was missed' ? await store.follow('troom') : { epoch: 'e' };
    server.on('message', (from, word) =>
      word === 'subscribe' ? void server.subscribe(from, 'room') : server.unsubscribe(from, 'room'),
    );
    server.broadcast('missed', { topic: 'room' });
    const ada = client();
    await ada.resume([['room', epoch, 0]]);
    ada.send('subscribe');
    ada.send('unsubscribe');
    await ada.hears('unsubscribed');
    answer.open();
    await ada.roundTrip();
    expect(standsIn(ada, 'room')).toEqual([]);
    expect(heardIn(ada, 'room')).toEqual([]);
  },
);

test('what could not be recorded is told to who waits for it; else an error event tells of it once', async ({
  startSessions,
}) => {
  const error = new Error('The store is away.');
  let isAway = true;
  const store = memoryHistory();
  const history: HistoryStore = {
    isShared: false,
    start: (listener) => store.start(listener),
    follow: (topic) => store.follow(topic),
    unfollow: (topic) => store.unfollow(topic),
    publish: (...args) => (isAway ? Promise.reject(error) : store.publish(...args)),
    read: (...args) => store.read(...args),
    stop: () => store.stop(),
  };
  const started = await startSessions({ history });
  const { server } = started;
  await expect(server.broadcast('one', { topic: 'room' })).rejects.toBe(error);
  await expect(server.sendTo('ada', 'two')).rejects.toBe(error);
  await new Promise((resolve) => void setTimeout(resolve, 20));
  expect(started.errors).toEqual([]);
  for (let n = 0; n < 10; n++) server.broadcast('ignored', { topic: 'room' });
  await vi.waitFor(() => expect(started.errors).not.toEqual([]));
  await new Promise((resolve) => void setImmediate(resolve));
  expect(started.errors).toEqual([error]);
  await server.broadcast('to all');
  isAway = false;
  await server.broadcast('recorded', { topic: 'room' });
  await server.sendTo('ada', 'recorded');
});

test('a server that is behind the one before repeats nothing that its client has heard there (fault 131)', async ({
  startSessions,
}) => {
  const store = memoryHistory();
  let listener: HistoryListener | undefined;
  const history: HistoryStore = {
    isShared: true,
    start: (given) => void (listener = given),
    follow: () => ({ epoch: 'same', number: 3 }),
    unfollow: () => {},
    publish: (...args) => store.publish(...args),
    // As when Redis cannot be reached.
    read: () => Promise.reject(new Error('The store is away.')),
    stop: () => store.stop(),
  };
  const { server, client, errors } = await startSessions({ history });
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume([['room', 'same', 5]]);
  await vi.waitFor(() => expect(standsIn(ada, 'room')).toHaveLength(1));
  for (const number of [4, 5, 6])
    listener?.deliver('troom', { number, data: Buffer.from(String(number)), isBinary: false });
  await ada.roundTrip();
  expect(heardIn(ada, 'room')).toEqual([[6, '6']]);
  expect(errors.map(String)).toEqual(['Error: The store is away.']);
});

test('what was read when its topic begins anew is not repeated as part of the new one (fault 168)', async ({
  startSessions,
}) => {
  const [asked, answer] = [gate(), gate()];
  let listener: HistoryListener | undefined;
  const messageOf = (text: string) => ({ number: 1, data: Buffer.from(text), isBinary: false });
  const history: HistoryStore = {
    isShared: true,
    start: (given) => void (listener = given),
    follow: () => ({ epoch: 'old', number: 1 }),
    unfollow: () => {},
    publish: () => {},
    async read() {
      asked.open();
      await answer.opened;
      return [messageOf('old')];
    },
    stop: async () => {},
  };
  const { server, client } = await startSessions({ history });
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume([['room', 'old', 0]]);
  await asked.opened;
  listener?.moved('troom', { epoch: 'new', number: 0 });
  answer.open();
  await ada.roundTrip();
  listener?.deliver('troom', messageOf('new'));
  await ada.roundTrip();
  expect(standsIn(ada, 'room')).toEqual([
    { lifeline: 'gap', topic: 'room', epoch: 'new', number: 0 },
  ]);
  expect(heardIn(ada, 'room')).toEqual([[1, 'new']]);
});
