/** Clients of two servers that share a Redis watch a topic. */
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { redisPresence } from '../../../src/server.ts';
import { type Redis, startRedis } from '../../support/redis.ts';
import { byPath, test } from '../fixtures.ts';

const WATCH = { lifeline: 'watch', topic: 'room' } as const;

let redis: Redis;
// For all tests, since a server stops after the fixtures of a test.
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.ends());

/** The options of a server. The public data of an identity are its name, and the place in `places`. */
const optionsOf = (
  url: string,
  places: ReadonlyMap<string, string> = new Map(),
  prefix = 'lifeline:',
) => ({
  authenticate: byPath,
  presence: redisPresence(createClient({ url }), { grace: 100, lease: 1_500, prefix }),
  describe: (id: string) => ({ id, place: places.get(id) ?? 'home' }),
});

test('who watches a topic gets who is in it at any server, with public data, and then the changes', async ({
  start,
}) => {
  const places = new Map([['bob', 'work']]);
  const [one, two] = [await start(optionsOf(redis.url)), await start(optionsOf(redis.url, places))];
  for (const { server } of [one, two])
    server.on('connection', (client) => {
      if (client.id !== 'outside') server.subscribe(client, 'room');
    });
  const ann = await one.visit('/ann');
  await two.visit('/outside');
  await vi.waitFor(() => expect(two.server.presence.list('room')).toEqual(['ann']));
  ann.send(WATCH);
  const home = { id: 'ann', place: 'home' };
  await ann.receives({
    lifeline: 'presence',
    id: 'ann',
    topic: 'room',
    online: ['ann'],
    data: { ann: home },
  });
  const bob = await two.visit('/bob');
  await ann.receives({
    lifeline: 'online',
    topic: 'room',
    ids: ['bob'],
    data: { bob: { id: 'bob', place: 'work' } },
  });
  // Another connection of bob has other data.
  const bobAtHome = await one.visit('/bob');
  await ann.receives({
    lifeline: 'online',
    topic: 'room',
    ids: ['bob'],
    data: { bob: { id: 'bob', place: 'home' } },
  });
  bobAtHome.socket.close();
  bob.socket.close();
  await ann.receives({ lifeline: 'offline', topic: 'room', ids: ['bob'] });
  // It stops, and watches again.
  ann.send({ lifeline: 'unwatch', topic: 'room' });
  await ann.roundTrip();
  const cat = await two.visit('/cat');
  cat.send(WATCH);
  await vi.waitFor(() => expect(two.server.presence.list('room')).toHaveLength(2));
  const before = ann.received.length;
  ann.send(WATCH);
  await vi.waitFor(
    () =>
      expect(ann.received.slice(before).map((frame) => JSON.parse(String(frame)))).toContainEqual(
        expect.objectContaining({ lifeline: 'presence', topic: 'room', online: ['ann', 'cat'] }),
      ),
    5_000,
  );
});

test('a user of Redis with few permissions is enough', async ({ start }) => {
  const admin = await createClient({ url: redis.url })
    .on('error', () => {})
    .connect();
  const rules = 'on >secret resetchannels ~few:* &few:* +@all -@admin -@dangerous +info';
  await admin.sendCommand(['ACL', 'SETUSER', 'live', ...rules.split(' ')]);
  const withUser = redis.url.replace('redis://', 'redis://live:secret@');
  const { server, visit, errors } = await start(optionsOf(withUser, undefined, 'few:'));
  server.on('connection', (client) => server.subscribe(client, 'room'));
  const ann = await visit('/ann');
  ann.send(WATCH);
  await ann.receives(expect.objectContaining({ lifeline: 'presence', online: ['ann'] }));
  expect(errors).toEqual([]);
  admin.destroy();
});
