import { describe, expect, vi } from 'vitest';
import { memoryPresence } from '../../../src/server.ts';
import { byPath, test } from '../fixtures.ts';

const WATCH = { lifeline: 'watch', topic: 'room' } as const;

test('a client that is subscribed to a topic gets who is in it, then the changes, until it unwatches', async ({
  start,
}) => {
  const { server, visit } = await start({
    authenticate: byPath,
    presence: memoryPresence({ grace: 0 }),
  });
  server.on('connection', (client) => {
    if (client.id !== 'outside') server.subscribe(client, 'room');
  });
  const [ada, outside] = [await visit('/ada'), await visit('/outside')];
  for (const visitor of [ada, outside]) visitor.send(WATCH);
  await ada.receives({ lifeline: 'presence', id: 'ada', topic: 'room', online: ['ada'] });
  const grace = await visit('/grace');
  await ada.receives({ lifeline: 'online', topic: 'room', ids: ['grace'] });
  expect(server.presence.list('room')).toEqual(['ada', 'grace']);
  expect(server.presence.isOnline('outside', 'room')).toBe(false);
  grace.socket.terminate();
  await ada.receives({ lifeline: 'offline', topic: 'room', ids: ['grace'] });
  ada.send({ lifeline: 'unwatch', topic: 'room' });
  await ada.roundTrip();
  const before = ada.received.length;
  await visit('/joan');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await ada.roundTrip();
  expect(ada.received).toHaveLength(before + 1);
  await outside.roundTrip();
  expect(outside.received).toHaveLength(1);
});

test('a client that watches before it is subscribed gets the list when it is, and hears when that ends', async ({
  start,
}) => {
  const { server, visit } = await start({ authenticate: byPath });
  server.on('message', (client, word) => {
    if (word === 'in') server.subscribe(client, 'room');
    else server.unsubscribe(client, 'room');
  });
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  grace.send('in');
  ada.send(WATCH);
  await ada.roundTrip();
  ada.send('in');
  await ada.receives({ lifeline: 'presence', id: 'ada', topic: 'room', online: ['grace', 'ada'] });
  ada.send('out');
  await ada.receives({ lifeline: 'unwatch', topic: 'room' });
  expect(server.presence.list('room')).toEqual(['grace']);
  const before = ada.received.length;
  ada.send('in');
  await vi.waitFor(
    () =>
      expect(ada.received.slice(before).map((frame) => JSON.parse(String(frame)))).toEqual([
        { lifeline: 'presence', id: 'ada', topic: 'room', online: ['grace', 'ada'] },
      ]),
    5_000,
  );
});

describe('an identity is in a topic', () => {
  test('until the grace after its last subscribed connection was lost', async ({ start }) => {
    const { server, visit } = await start({
      authenticate: byPath,
      presence: memoryPresence({ grace: 200 }),
    });
    server.on('connection', (client) => server.subscribe(client, 'room'));
    const tabs = [await visit('/ada'), await visit('/ada')] as const;
    tabs[0].socket.terminate();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.presence.isOnline('ada', 'room')).toBe(true);
    tabs[1].socket.terminate();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.presence.isOnline('ada', 'room')).toBe(true);
    const back = await visit('/ada');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.presence.list('room')).toEqual(['ada']);
    back.socket.terminate();
    await vi.waitFor(() => expect(server.presence.list('room')).toEqual([]));
  });

  test('not any longer once all its connections are unsubscribed, or it has left', async ({
    start,
  }) => {
    const { server, visit } = await start({ authenticate: byPath });
    server.on('connection', (client) => server.subscribe(client, 'room'));
    const tabs = [await visit('/ada'), await visit('/ada'), await visit('/grace')] as const;
    const [first, second] = [...server.clients];
    if (!first || !second) throw new Error('They are not connected.');
    for (let n = 0; n < 3; n++) server.unsubscribe(first, 'room');
    expect(server.presence.isOnline('ada', 'room')).toBe(true);
    server.unsubscribe(second, 'room');
    expect(server.presence.list('room')).toEqual(['grace']);
    expect(server.presence.isOnline('ada')).toBe(true);
    tabs[2].send({ lifeline: 'leave' });
    tabs[2].socket.close();
    await vi.waitFor(() => expect(server.presence.list('room')).toEqual([]));
  });
});

test('topics can have the names of object properties, and a wrong one is malformed', async ({
  start,
}) => {
  const { server, visit } = await start({ authenticate: byPath });
  const names = ['__proto__', 'constructor', 'a"b\\', '\u2028'];
  server.on('connection', (client) => names.forEach((topic) => server.subscribe(client, topic)));
  const ada = await visit('/ada');
  for (const topic of names) ada.send({ lifeline: 'watch', topic });
  for (const topic of names)
    await ada.receives({ lifeline: 'presence', id: 'ada', topic, online: ['ada'] });
  const before = ada.received.length;
  for (const topic of [7, null, '', {}, 'x'.repeat(257)])
    for (const lifeline of ['watch', 'unwatch']) ada.send(JSON.stringify({ lifeline, topic }));
  await ada.roundTrip();
  expect(server.malformed).toBe(10);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await ada.roundTrip();
  expect(ada.received.length).toBe(before + 2);
});

test('the viewer sees in a topic whom visible(viewer, id, topic) shows', async ({ start }) => {
  const { server, visit } = await start({
    authenticate: byPath,
    visible: (viewer, id, topic) => viewer.id === id || topic === 'room',
  });
  server.on('connection', (client) => server.subscribe(client, 'room'));
  await visit('/grace');
  const ada = await visit('/ada');
  ada.send({ lifeline: 'watch' });
  ada.send(WATCH);
  await ada.receives({ lifeline: 'presence', id: 'ada', online: ['ada'] });
  await ada.receives({ lifeline: 'presence', id: 'ada', topic: 'room', online: ['grace', 'ada'] });
});

test('a store without topics causes one error, and its clients are told nothing of topics', async ({
  start,
}) => {
  const { topics: _, ...store } = memoryPresence();
  const { server, visit, errors } = await start({ authenticate: byPath, presence: store });
  server.on('connection', (client) => server.subscribe(client, 'room'));
  const [ada, grace] = [await visit('/ada'), await visit('/grace')];
  for (const visitor of [ada, grace]) {
    visitor.send(WATCH);
    await visitor.roundTrip();
  }
  expect(() => server.presence.list('room')).toThrow(/^The presence store keeps no topics/);
  expect(errors).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/^The presence store keeps no/) }),
  ]);
  expect(ada.received).toHaveLength(1);
});

test('an error of the topics of a store becomes an error event, and the subscription stays', async ({
  start,
}) => {
  const store = memoryPresence();
  const fails = () => {
    throw new Error('no room');
  };
  const topics = { start() {}, join: fails, leave: fails, isOnline: fails, list: fails };
  const { server, visit, errors } = await start({ presence: { ...store, topics } });
  server.on('connection', (client) => server.subscribe(client, 'room'));
  const ada = await visit();
  server.broadcast('hello', { topic: 'room' });
  await ada.receives('hello');
  ada.send(WATCH);
  await ada.roundTrip();
  ada.socket.terminate();
  await vi.waitFor(() =>
    expect(errors.map(({ message }) => message)).toEqual(['no room', 'no room', 'no room']),
  );
});

describe('the option describe', () => {
  test('returns public data, which watchers get beside the id', async ({ start }) => {
    const { server, visit } = await start<{ id: string; name: string; secret: string }>({
      authenticate: ({ url = '' }) => {
        const [id = '', name = ''] = url.slice(1).split('/');
        return { id, name, secret: 'x' };
      },
      describe: ({ name }) => (name ? { name } : undefined),
    });
    server.on('connection', (client) => server.subscribe(client, 'room'));
    const ada = await visit('/ada/Ada');
    ada.send(WATCH);
    ada.send({ lifeline: 'watch' });
    const data = { ada: { name: 'Ada' } };
    await ada.receives({ lifeline: 'presence', id: 'ada', topic: 'room', online: ['ada'], data });
    await ada.receives({ lifeline: 'presence', id: 'ada', online: ['ada'], data });
    await visit('/grace');
    await ada.receives({ lifeline: 'online', topic: 'room', ids: ['grace'] });
    await visit('/grace/Rear%20Admiral');
    const renewed = { ids: ['grace'], data: { grace: { name: 'Rear%20Admiral' } } };
    await ada.receives({ lifeline: 'online', topic: 'room', ...renewed });
    await ada.receives({ lifeline: 'online', ...renewed });
    expect(String(ada.received)).not.toContain('secret');
  });

  test('that fails, or returns too much or no JSON, causes an error event and gives no data', async ({
    start,
  }) => {
    const wrong: Record<string, () => unknown> = {
      throws: () => {
        throw new Error('no idea');
      },
      'too much': () => 'ü'.repeat(512),
      function: () => () => {},
      cycle: () => {
        const cycle: Record<string, unknown> = {};
        return (cycle.itself = cycle);
      },
      bigint: () => 1n,
      promise: async () => 'late',
      rejects: () => Promise.reject(new Error('later')),
      fits: () => 'ü'.repeat(511),
      none: () => undefined,
    };
    const { visit, errors } = await start({
      authenticate: byPath,
      describe: (id) => wrong[id]?.(),
    });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const name of Object.keys(wrong)) await visit(`/${name}`);
    const ada = await visit('/ada');
    ada.send({ lifeline: 'watch' });
    await ada.receives({
      lifeline: 'presence',
      id: 'ada',
      online: [...Object.keys(wrong), 'ada'],
      data: { fits: 'ü'.repeat(511) },
    });
    expect(errors.map(({ message }) => message.slice(0, 40))).toEqual([
      'no idea',
      'describe() returned 1026 bytes of JSON: ',
      'describe() returned a function: return d',
      expect.stringContaining('circular'),
      expect.stringContaining('BigInt'),
      'describe() returned a promise: return th',
      'describe() returned a promise: return th',
      'later',
    ]);
  });
});
