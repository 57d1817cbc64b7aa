/** Redis evicts what it was given, and has limits for a message. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { changesInRoom, enter, exit, ROOM, test, until } from './fixtures.ts';

const PERIODS = { grace: 300, lease: 3_000 };

/** Deletes the keys with such a name, as Redis does when its memory is full. */
async function evict(url: string, pattern: string): Promise<void> {
  const client = await createClient({ url }).connect();
  const keys = await client.keys(pattern);
  expect(keys).not.toEqual([]);
  await client.del(keys);
  client.destroy();
}

describe.concurrent('an entry that Redis evicted:', () => {
  test.for(['state', 'online', 'data', 'members', 'due', 'servers', 'leases:*', 'link:*', '*'])(
    'no identity stays online or in a topic for ever, and none flaps, without `%s` (fault 88)',
    { timeout: 40_000 },
    async (name, { redis, open, proxy }) => {
      const [one, two] = [open(PERIODS), open(PERIODS)];
      const cutOff = open(PERIODS, proxy.port);
      for (const { topics } of [one, two, cutOff]) topics.watch?.(ROOM);
      await until(() => {
        for (const { topics } of [one, two, cutOff]) expect(topics.list(ROOM)).toEqual([]);
      }, 10_000);
      enter(one, 'ann', 'a1');
      enter(two, 'ann', 'a2');
      enter(one, 'bob', 'b1');
      enter(two, 'cat', 'c1');
      enter(cutOff, 'dan', 'd1');
      await until(() => {
        for (const { store, topics } of [one, two, cutOff]) {
          expect(store.list()).toHaveLength(4);
          expect(topics.list(ROOM)).toHaveLength(4);
        }
      }, 10_000);
      await delay(300);
      await proxy.refuses();
      await proxy.resets();
      exit(one, 'bob', 'b1');
      await delay(100);
      await evict(redis.url, `lifeline:*${name}`);
      exit(two, 'ann', 'a2');
      const early = open(PERIODS);
      early.topics.watch?.(ROOM);
      for (const server of [one, two, early])
        await until(() => {
          expect(server.store.list().toSorted()).toEqual(['ann', 'cat']);
          expect(server.topics.list(ROOM)?.toSorted()).toEqual(['ann', 'cat']);
        }, 4 * PERIODS.lease);
      await delay(PERIODS.lease);
      for (const server of [one, two])
        for (const changes of [server.changes, changesInRoom(server)]) {
          expect(changes.filter((change) => change.startsWith('online'))).toHaveLength(4);
          expect(changes.slice(4).toSorted()).toEqual(['offline bob', 'offline dan']);
        }
    },
  );

  test.for(['online', 'members'])(
    'who is at a server that is cut off for a while stays in a topic, without `%s` (fault 88)',
    { timeout: 40_000 },
    async (name, { redis, open, proxy }) => {
      const periods = { grace: 300, lease: 9_000 };
      const [one, cutOff] = [open(periods), open(periods, proxy.port)];
      one.topics.watch?.(ROOM);
      enter(cutOff, 'dan', 'd1');
      await until(() => expect(one.topics.list(ROOM)).toEqual(['dan']), 10_000);
      await proxy.refuses();
      await proxy.resets();
      await delay(100);
      await evict(redis.url, `lifeline:*:${name}`);
      await delay(3_300);
      await proxy.passes();
      await delay(3_000);
      expect(one.topics.list(ROOM)).toEqual(['dan']);
      expect(one.store.list()).toEqual(['dan']);
      for (const changes of [one.changes, changesInRoom(one)])
        expect(changes.filter((change) => change.startsWith('offline'))).toEqual([]);
    },
  );

  test(
    'an identity that somebody removed from the list goes offline for the servers, too (fault 88)',
    { timeout: 30_000 },
    async ({ admin, open }) => {
      const periods = { ...PERIODS, grace: 60_000 };
      const [one, two] = [open(periods), open(periods)];
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      }, 10_000);
      two.store.leave('bob', 'b1');
      await delay(300);
      const [key = ''] = (await admin.sendCommand(['KEYS', 'lifeline:*online'])) as string[];
      await admin.sendCommand(['ZREM', key, '"ann"', '"bob"']);
      for (const { changes } of [one, two]) {
        await until(() => expect(changes).toContain('offline bob'), 4 * PERIODS.lease);
        expect(changes).toHaveLength(3);
      }
    },
  );

  test(
    'nobody flaps while Redis evicts at random for seconds (fault 88)',
    { timeout: 40_000 },
    async ({ redis, open }) => {
      const client = await createClient({ url: redis.url }).connect();
      const [one, two] = [open(PERIODS), open(PERIODS)];
      const ids = Array.from({ length: 20 }, (_, n) => `user ${n}`);
      for (const id of ids) {
        one.store.join(id, `${id} 1`);
        two.store.join(id, `${id} 2`);
      }
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(20);
      }, 10_000);
      await client.configSet('maxmemory-policy', 'allkeys-random');
      const memory = /used_memory:(\d+)/.exec(await client.info('memory'))?.[1];
      await client.configSet('maxmemory', String(Number(memory) + 200_000));
      for (let n = 0; n < 3_000; n++) {
        await client.set(`filler ${n}`, 'x'.repeat(1_000)).catch(() => {});
        if (n % 30 === 0) {
          const id = ids[(n / 30) % 10] ?? '';
          two.store.leave(id, `${id} 2`);
          await delay(50);
        }
      }
      expect(/evicted_keys:0\r/.test(await client.info('stats'))).toBe(false);
      await client.configSet('maxmemory', '0');
      for (const id of ids.slice(10)) one.store.leave(id, `${id} 1`);
      await delay(2 * PERIODS.lease);
      for (const id of ids.slice(10)) two.store.leave(id, `${id} 2`);
      for (const { store, changes } of [one, two]) {
        await until(() => expect(store.list()).toHaveLength(10), 4 * PERIODS.lease);
        expect(changes.slice(20).toSorted()).toEqual(
          ids
            .slice(10)
            .map((id) => `offline ${id}`)
            .toSorted(),
        );
      }
      client.destroy();
    },
  );

  test(
    'data of before another Redis was the master brings nobody back (fault 87)',
    { timeout: 30_000 },
    async ({ redis, open, proxy }) => {
      const [one, two] = [open(PERIODS), open(PERIODS, proxy.port)];
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      }, 10_000);
      const client = await createClient({ url: redis.url }).connect();
      const [key = ''] = await client.keys('lifeline:*:online');
      await client.zAdd(key, { score: Date.now() + 60_000, value: '"ghost"' });
      await client.set('lifeline:{presence}:base', 'of another Redis');
      await proxy.resets();
      await proxy.passes();
      await until(async () => expect(await client.zScore(key, '"ghost"')).toBeNull(), 10_000);
      await delay(PERIODS.lease);
      const late = open(PERIODS);
      for (const { store } of [one, two, late])
        await until(() => expect(store.list().toSorted()).toEqual(['ann', 'bob']));
      for (const { changes } of [one, two]) expect(changes).toHaveLength(2);
      client.destroy();
    },
  );
});

describe.concurrent('a list that is too long for one message:', () => {
  test(
    'a server that starts later gets it in parts, with all changes meanwhile (fault 89)',
    { timeout: 60_000 },
    async ({ redis, open }) => {
      const client = await createClient({ url: redis.url }).connect();
      // All names together have 2.5 MB. A server that is sent more than 0.5 MB before it reads is cut off.
      await client.configSet('client-output-buffer-limit', 'pubsub 500000 0 0');
      client.destroy();
      const options = { lease: 15_000 };
      const one = open(options);
      const names = Array.from({ length: 10_000 }, (_, n) => `${n} `.padEnd(250, 'x'));
      for (const name of names) one.store.join(name, name);
      await until(() => expect(one.store.list()).toHaveLength(10_000), 20_000);
      const late = open(options);
      let moved = 0;
      while (late.store.list().length === 0 && moved < 2_000) {
        for (const name of names.slice(moved, moved + 10)) one.store.leave(name, name);
        for (let n = 0; n < 10; n++) one.store.join(`new ${moved + n}`, `new ${moved + n}`);
        moved += 10;
        await delay(5);
      }
      await until(() => {
        expect(one.store.list()).toHaveLength(10_000);
        expect(late.store.list()).toHaveLength(10_000);
        expect(one.store.isOnline(`new ${moved - 1}`)).toBe(true);
        expect(one.store.isOnline(names[moved - 1] ?? '')).toBe(false);
      }, 20_000);
      expect(new Set(late.store.list())).toEqual(new Set(one.store.list()));
      expect(late.errors).toEqual([]);
    },
  );
});
