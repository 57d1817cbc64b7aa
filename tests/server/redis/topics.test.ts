/** Who is in a topic, on servers that share a Redis. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect, vi } from 'vitest';
import { commandsInASecond, type StartedStore, test, until } from './fixtures.ts';

/** Waits until all servers know that exactly these are in a topic. */
const allKnow = (servers: readonly StartedStore[], topic: string, ...ids: string[]) =>
  until(() => {
    for (const { topics } of servers) expect(topics.list(topic)?.toSorted()).toEqual(ids);
  }, 10_000);

// Concurrent, since they mostly wait. Each has its own Redis.
describe.concurrent('topics in Redis:', () => {
  test('all servers know who is in a topic, and hear of each change once', async ({ open }) => {
    const [one, two] = [open(), open()];
    one.topics.join('room', 'ann', 'a1');
    for (const { topics } of [one, two]) topics.watch?.('room');
    await allKnow([one, two], 'room', 'ann');
    for (const { topicChanges } of [one, two]) expect(topicChanges.at(0)).toBe('known room');
    // A busy machine may not have let the first connection through in time.
    for (const { topicChanges, errors } of [one, two]) topicChanges.length = errors.length = 0;
    two.topics.join('room', 'bob', 'b1');
    two.topics.join('room', 'ann', 'a2');
    one.topics.join('other room', 'cat', 'c1');
    await allKnow([one, two], 'room', 'ann', 'bob');
    one.topics.leave('room', 'ann', 'a1', true);
    two.topics.leave('room', 'bob', 'b1', true);
    await allKnow([one, two], 'room', 'ann');
    await delay(400);
    for (const { topics, topicChanges, errors } of [one, two]) {
      expect(topicChanges).toEqual(['online room bob', 'offline room bob']);
      expect(topics.isOnline('room', 'ann')).toBe(true);
      expect(topics.isOnline('room', 'bob')).toBe(false);
      expect(errors).toEqual([]);
    }
  });

  test('an identity is in a topic until the grace after its last connection, or its farewell', async ({
    open,
  }) => {
    const [one, two] = [open({ grace: 600 }), open({ grace: 600 })];
    for (const { topics } of [one, two]) topics.watch?.('room');
    one.topics.join('room', 'ann', 'a1');
    one.topics.join('room', 'ann', 'a2');
    await allKnow([one, two], 'room', 'ann');
    one.topics.leave('room', 'ann', 'a1', false);
    await delay(900);
    expect(two.topics.isOnline('room', 'ann')).toBe(true);
    // It moves to the other server, and back.
    one.topics.leave('room', 'ann', 'a2', false);
    await delay(200);
    two.topics.join('room', 'ann', 'a3');
    await delay(100);
    two.topics.leave('room', 'ann', 'a3', false);
    one.topics.join('room', 'ann', 'a4');
    await delay(900);
    for (const { topicChanges } of [one, two])
      expect(topicChanges.filter((change) => change.startsWith('offline'))).toEqual([]);
    one.topics.leave('room', 'ann', 'a4', false);
    const took = await allKnow([one, two], 'room');
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(1_600);
    // A farewell also ends the grace of an earlier connection.
    one.topics.join('room', 'bob', 'b1');
    await allKnow([one, two], 'room', 'bob');
    one.topics.leave('room', 'bob', 'b1', false);
    two.topics.join('room', 'bob', 'b2');
    await delay(50);
    two.topics.leave('room', 'bob', 'b2', true);
    expect(await allKnow([one, two], 'room')).toBeLessThan(400);
  });

  test('who comes and goes at once is told as both', async ({ open }) => {
    const one = open();
    one.topics.watch?.('room');
    await allKnow([one], 'room');
    one.topics.join('room', 'ann', 'a1');
    one.topics.leave('room', 'ann', 'a1', true);
    await until(() =>
      expect(one.topicChanges).toEqual(['known room', 'online room ann', 'offline room ann']),
    );
  });

  test('a server without a connection in a topic knows who is in it soon after it asked', async ({
    open,
  }) => {
    const [one, two] = [open(), open()];
    one.topics.join('room', 'ann', 'a1');
    await until(() => expect(one.topics.list('room')).toEqual(['ann']));
    expect(two.topics.list('room')).toBeNull();
    expect(two.topics.isOnline('empty room', 'ann')).toBeNull();
    await allKnow([two], 'room', 'ann');
    await until(() => expect(two.topics.isOnline('empty room', 'ann')).toBe(false));
    expect(two.topicChanges.toSorted()).toEqual(['known empty room', 'known room']);
  });

  test('a server hears only of the topics that somebody there watches or has asked about', async ({
    open,
    redis,
  }) => {
    const client = await createClient({ url: redis.url }).connect();
    const followed = async () =>
      Object.fromEntries(
        Object.entries(await client.pubSubNumSub(await client.pubSubChannels('*:topic:*'))).map(
          ([channel, count]) => [channel.split(':topic:')[1], count],
        ),
      );
    const [one, two] = [open(), open()];
    for (const room of ['a', 'b', 'c']) one.topics.join(room, 'ann', 'a1');
    await until(() => expect(one.store.list()).toEqual([]));
    await delay(200);
    expect(await followed()).toEqual({});
    one.topics.watch?.('a');
    two.topics.watch?.('a');
    two.topics.list('b');
    await allKnow([one, two], 'a', 'ann');
    await allKnow([two], 'b', 'ann');
    expect(await followed()).toEqual({ '"a"': 2, '"b"': 1 });
    client.destroy();
  });

  test('a topic of any name is a topic of its own, with identities of any name', async ({
    open,
  }) => {
    const names = [
      'room',
      'room2',
      'roo',
      '"',
      '"room"',
      'room\n"ann"',
      '\0',
      ':whole',
      '__proto__',
      'Zoë 🙂 東京',
      '\ud800',
      ' ',
      '\\',
      '\u000b',
      'x'.repeat(256),
    ];
    const [one, two] = [open(), open()];
    for (const topic of names) {
      two.topics.watch?.(topic);
      one.topics.join(topic, topic, 'c');
      one.topics.join(topic, `${topic}2`, 'd');
    }
    for (const topic of names) await allKnow([two], topic, ...[topic, `${topic}2`].toSorted());
    two.errors.length = 0;
    for (const topic of names) one.topics.leave(topic, topic, 'c', true);
    for (const topic of names) await allKnow([two], topic, `${topic}2`);
    expect(two.errors).toEqual([]);
  });

  test('the identities of a server that stops leave after the grace, those of a lost one after its lease', async ({
    open,
    proxy,
  }) => {
    const [one, two] = [open(), open()];
    const lost = open({}, proxy.port);
    two.topics.watch?.('room');
    one.topics.join('room', 'ann', 'a1');
    two.topics.join('room', 'bob', 'b1');
    for (let n = 0; n < 1_200; n++) lost.topics.join('room', `user ${n}`, `c${n}`);
    await until(() => expect(two.topics.list('room')).toHaveLength(1_202), 10_000);
    await one.store.stop();
    expect(await until(() => expect(two.topics.isOnline('room', 'ann')).toBe(false))).toBeLessThan(
      1_000,
    );
    await proxy.refuses();
    await proxy.resets();
    await delay(500);
    expect(two.topics.list('room')).toHaveLength(1_201);
    await allKnow([two], 'room', 'bob');
    // It comes back, with all of them.
    await proxy.passes();
    await until(() => expect(two.topics.list('room')).toHaveLength(1_201), 10_000);
    expect(two.topicChanges).not.toContain('offline room bob');
  });

  test('the keys in Redis expire when all servers are gone', async ({ open, redis }) => {
    const client = await createClient({ url: redis.url }).connect();
    const one = open({ lease: 900 });
    one.topics.join('room', 'ann', 'a1');
    one.topics.watch?.('room');
    await allKnow([one], 'room', 'ann');
    await one.store.stop();
    await until(async () => expect(await client.keys('*')).toEqual([]));
    client.destroy();
  });

  test('public data reach all servers, and are told anew when they change', async ({ open }) => {
    const [one, two] = [open({ grace: 0 }), open()];
    one.store.join('ann', 'a1', '{"name":"Ann"}');
    one.store.join('bob', 'b1', 'null');
    one.store.join('cat', 'c1');
    const late = open();
    const all = [one, two, late];
    await until(() => {
      for (const { store } of all) {
        expect(store.dataOf?.('ann')).toBe('{"name":"Ann"}');
        expect(store.dataOf?.('bob')).toBe('null');
        expect(store.isOnline('cat')).toBe(true);
        expect(store.dataOf?.('cat')).toBeUndefined();
      }
    });
    two.store.join('ann', 'a2', '{"name":"Ann Lee"}');
    two.store.join('bob', 'b2', 'null');
    await until(() => {
      for (const { store } of all) expect(store.dataOf?.('ann')).toBe('{"name":"Ann Lee"}');
    });
    // Leases are renewed meanwhile, by both servers.
    await delay(1_600);
    for (const { store, changes } of all) {
      expect(store.dataOf?.('ann')).toBe('{"name":"Ann Lee"}');
      expect(changes.filter((change) => change.startsWith('renewed'))).toEqual(['renewed ann']);
    }
    two.store.join('ann', 'a3');
    await until(() => {
      for (const { store } of all) expect(store.dataOf?.('ann')).toBeUndefined();
    });
  });

  test('thousands in one topic, and one who joins each of a thousand topics', async ({ open }) => {
    const [one, two] = [open(), open()];
    for (let n = 0; n < 3_000; n++) one.topics.join('room', `user ${n}`, `c${n}`);
    for (let n = 0; n < 1_000; n++) one.topics.join(`room ${n}`, 'ann', `a${n}`);
    await until(() => expect(one.topics.list('room')).toHaveLength(3_000), 10_000);
    one.errors.length = two.errors.length = 0;
    two.topics.watch?.('room');
    for (let n = 0; n < 1_000; n++) two.topics.watch?.(`room ${n}`);
    await until(() => {
      expect(two.topics.list('room')).toHaveLength(3_000);
      for (let n = 0; n < 1_000; n++) expect(two.topics.list(`room ${n}`)).toEqual(['ann']);
    }, 10_000);
    expect(two.topicChanges).toHaveLength(1_001);
    for (let n = 0; n < 3_000; n++) one.topics.leave('room', `user ${n}`, `c${n}`, true);
    await allKnow([one, two], 'room');
    for (const { errors } of [one, two]) expect(errors).toEqual([]);
  });

  test(
    'a list that is too long for one message comes in parts, with all changes meanwhile (fault 89)',
    { timeout: 60_000 },
    async ({ open, admin }) => {
      // All names together have 2.5 MB. A server that is sent more than 0.5 MB before it reads is cut off.
      const limit = 'pubsub 500000 0 0';
      await admin.sendCommand(['CONFIG', 'SET', 'client-output-buffer-limit', limit]);
      const periods = { grace: 0, lease: 15_000 };
      const [one, late] = [open(periods), open(periods)];
      const names = Array.from({ length: 10_000 }, (_, n) => `${n} `.padEnd(250, 'x'));
      for (const name of names) one.topics.join('room', name, name);
      await until(() => expect(one.topics.list('room')).toHaveLength(10_000), 20_000);
      late.errors.length = 0;
      late.topics.watch?.('room');
      let moved = 0;
      while (late.topics.list('room') === null && moved < 5_000) {
        for (const name of names.slice(moved, moved + 10))
          one.topics.leave('room', name, name, true);
        for (let n = moved; n < moved + 10; n++) one.topics.join('room', `new ${n}`, `new ${n}`);
        moved += 10;
        await delay(2);
      }
      expect(moved).toBeGreaterThan(0);
      await until(() => {
        for (const { topics } of [one, late]) {
          expect(topics.list('room')).toHaveLength(10_000);
          expect(topics.isOnline('room', `new ${moved - 1}`)).toBe(true);
          expect(topics.isOnline('room', names[moved - 1] ?? '')).toBe(false);
        }
      }, 20_000);
      expect(new Set(late.topics.list('room'))).toEqual(new Set(one.topics.list('room')));
      expect(late.errors).toEqual([]);
    },
  );

  test(
    'nobody flaps if a server needs seconds to report all again to a Redis that has lost it (fault 87)',
    { timeout: 60_000 },
    async ({ admin, open, proxy }) => {
      const periods = { grace: 5_000, lease: 15_000 };
      const [one, slow] = [open(periods), open(periods, proxy.port)];
      one.topics.watch?.('room');
      for (let n = 0; n < 10_000; n++) slow.topics.join('room', `user ${n}`, `c${n}`);
      await until(() => expect(one.topics.list('room')).toHaveLength(10_000), 20_000);
      one.topicChanges.length = 0;
      await proxy.throttles(150_000);
      await admin.sendCommand(['FLUSHALL']);
      const [key] = await vi.waitFor(
        async () => {
          const keys = (await admin.sendCommand(['KEYS', '*:members'])) as string[];
          expect(keys).toHaveLength(1);
          return keys as [string];
        },
        { timeout: 10_000 },
      );
      // Two entries for each, and `:whole`.
      const took = await until(
        async () => expect(await admin.sendCommand(['ZCARD', key])).toBe(20_001),
        30_000,
      );
      expect(took).toBeGreaterThan(3_000);
      await delay(2_000);
      expect(one.topicChanges).toEqual([]);
      expect(one.topics.list('room')).toHaveLength(10_000);
      await proxy.passes();
    },
  );

  test('all keys are in one slot of a cluster, so that a node runs the scripts', async ({
    open,
    redis,
  }) => {
    await redis.dies();
    await redis.starts(['--cluster-enabled', 'yes']);
    const client = await createClient({ url: redis.url }).connect();
    await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await until(async () =>
      expect(await client.sendCommand(['CLUSTER', 'INFO'])).toContain('cluster_state:ok'),
    );
    client.destroy();
    const one = open();
    one.topics.watch?.('room');
    one.store.join('ann', 'a1', '1');
    one.topics.join('room', 'ann', 'a1');
    await allKnow([one], 'room', 'ann');
    one.errors.length = 0;
    one.topics.leave('room', 'ann', 'a1', false);
    one.store.leave('ann', 'a1');
    await allKnow([one], 'room');
    await until(() => expect(one.changes).toEqual(['online ann', 'offline ann']));
    expect(one.errors).toEqual([]);
  });

  test('who watches again soon is told at once, and has missed nothing', async ({ open }) => {
    const [one, two] = [open(), open()];
    one.topics.watch?.('room');
    await allKnow([one], 'room');
    one.topics.unwatch?.('room');
    two.topics.join('room', 'ann', 'a1');
    await until(() => expect(one.topicChanges.at(-1)).toBe('online room ann'));
    one.topics.watch?.('room');
    expect(one.topics.list('room')).toEqual(['ann']);
    expect(one.topicChanges).toEqual(['known room', 'online room ann']);
  });
});

// Not concurrent: it counts what happens in a second.
test('at rest, 2,000 members of 200 topics cost Redis what one costs', async ({ open, redis }) => {
  const { topics } = open({ grace: 5_000, lease: 15_000 });
  /** A server sweeps two times in a second, and perhaps a third time, or renews its leases. */
  const most = async () => Math.max(await commandsInASecond(redis), await commandsInASecond(redis));
  topics.join('room', 'ann', 'a1');
  topics.watch?.('room');
  await until(() => expect(topics.list('room')).toEqual(['ann']), 10_000);
  await delay(600);
  const one = await most();
  for (let n = 0; n < 200; n++) {
    topics.watch?.(`room ${n}`);
    for (let id = 0; id < 10; id++) topics.join(`room ${n}`, `user ${id}`, `c${id}`);
  }
  await until(() => {
    for (let n = 0; n < 200; n++) expect(topics.list(`room ${n}`)).toHaveLength(10);
  }, 10_000);
  await delay(600);
  expect((await most()) - one).toBeLessThan(30);
  expect(one).toBeLessThan(90);
});
