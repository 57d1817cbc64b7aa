/** Redis fails over: the replica becomes the master. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Redis } from '../../support/redis.ts';
import type { RedisPair } from '../../support/redis-pair.ts';
import { type ServerProcess, startServerProcess } from '../../support/server/redis-process.ts';
import { changesInRoom, enter, exit, ROOM, test, until } from './fixtures.ts';

/** How a failover comes about, seen by a server that is connected. */
const FAILOVERS: readonly {
  readonly how: string;
  fails(pair: RedisPair): Promise<unknown>;
}[] = [
  {
    how: 'the old master becomes a replica, and keeps its connections',
    fails: (pair) => pair.failsOver(pair.second, pair.first),
  },
  {
    how: 'the old master dies',
    async fails(pair) {
      await pair.first.dies();
      await delay(1_000);
      await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
      await pair.address.leadsTo(pair.second.port);
    },
  },
  {
    how: 'the address leads to the replica before it is the master',
    async fails(pair) {
      await pair.address.leadsTo(pair.second.port);
      await pair.first.dies();
      await delay(1_000);
      await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
    },
  },
  {
    how: 'the old master goes on, and keeps its connections',
    async fails(pair) {
      await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
      await pair.address.leadsTo(pair.second.port);
    },
  },
];

const messages = ({ errors }: { readonly errors: readonly Error[] }) =>
  errors.map(({ message }) => message);

/** How many servers have subscribed to broadcasts there. */
async function subscribers(pair: RedisPair, redis: Redis): Promise<number> {
  const answer = await pair.asks(redis, 'PUBSUB', 'NUMSUB', 'lifeline:broadcast');
  return (answer as [string, number])[1];
}

describe.concurrent('failover:', () => {
  test.for(FAILOVERS)(
    'broadcasts reach all servers again, and each tells once: $how (fault 87)',
    { timeout: 60_000 },
    async ({ fails }, { pair, listen }) => {
      const [one, two] = [listen({}, pair.address.port), listen({}, pair.address.port)];
      await until(async () => expect(await subscribers(pair, pair.first)).toBe(2), 10_000);
      for (const { errors } of [one, two]) errors.length = 0;
      await fails(pair);
      // A server that starts now reaches the new master only.
      const late = listen({}, pair.address.port);
      const all = [one, two, late];
      await until(async () => expect(await subscribers(pair, pair.second)).toBe(3), 20_000);
      late.errors.length = 0;
      await until(() => {
        for (const [n, { channel }] of all.entries()) channel.publish({ message: `of ${n}` });
        for (const [n, { received }] of all.entries())
          expect(new Set(received.map(({ message }) => message))).toEqual(
            new Set([0, 1, 2].filter((other) => other !== n).map((other) => `of ${other}`)),
          );
      }, 10_000);
      for (const server of [one, two])
        expect(messages(server)).toEqual([expect.stringMatching(/^Redis cannot be used: .+/)]);
    },
  );

  test.for(FAILOVERS)(
    'of 100 identities nobody flaps, also in a topic, and who left meanwhile is told as gone: $how (fault 87)',
    { timeout: 90_000 },
    async ({ fails }, { pair, open }) => {
      const options = { lease: 15_000 };
      const [one, two] = [open(options, pair.address.port), open(options, pair.address.port)];
      const ids = Array.from({ length: 100 }, (_, n) => `user ${n}`);
      for (const [n, id] of ids.entries()) enter(n % 2 ? one : two, id, `${id} 1`);
      for (const { topics } of [one, two]) topics.watch?.(ROOM);
      await until(() => {
        for (const { store, topics } of [one, two]) {
          expect(store.list()).toHaveLength(100);
          expect(topics.list(ROOM)).toHaveLength(100);
        }
      }, 10_000);
      for (const server of [one, two])
        server.changes.length = server.errors.length = server.topicChanges.length = 0;

      await fails(pair);
      exit(one, 'user 1', 'user 1 1');
      exit(two, 'user 2', 'user 2 1');
      enter(two, 'user 100', 'user 100 1');
      const expected = ['offline user 1', 'offline user 2', 'online user 100'];
      await until(() => {
        for (const server of [one, two]) {
          expect(server.changes.toSorted()).toEqual(expected);
          expect(changesInRoom(server).toSorted()).toEqual(expected);
        }
      }, 30_000);
      // Both are at the new master, and a server that starts there hears the same.
      await until(async () => {
        for (const { store } of [one, two]) expect(await store.lastSeen('user 100')).not.toBeNull();
      });
      const late = open(options, pair.address.port);
      late.topics.watch?.(ROOM);
      await until(() => expect(late.store.list()).toHaveLength(99), 10_000);
      await until(() => expect(late.topics.list(ROOM)).toHaveLength(99), 10_000);
      await delay(6_000);
      for (const { changes, topicChanges, store, topics } of [one, two]) {
        expect([changes.length, topicChanges.length]).toEqual([3, 3]);
        expect(new Set(store.list())).toEqual(new Set(late.store.list()));
        expect(new Set(topics.list(ROOM))).toEqual(new Set(late.topics.list(ROOM)));
      }
      for (const told of [late.changes, late.topicChanges])
        expect(told.filter((change) => change.startsWith('offline'))).toEqual([]);
    },
  );

  test(
    'nobody flaps when Redis fails over, and back at once (fault 87)',
    { timeout: 60_000 },
    async ({ pair, open }) => {
      const options = { lease: 15_000 };
      const [one, two] = [open(options, pair.address.port), open(options, pair.address.port)];
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      }, 10_000);
      await pair.failsOver(pair.second, pair.first);
      await pair.follows(pair.first, pair.second);
      one.store.join('cat', 'c1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.isOnline('cat')).toBe(true);
      }, 10_000);
      await pair.failsOver(pair.first, pair.second);
      // Both have left the first Redis before.
      await until(
        async () =>
          expect(await pair.asks(pair.first, 'PUBSUB', 'CHANNELS', '*:server:*')).toHaveLength(2),
        10_000,
      );
      two.store.leave('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.isOnline('bob')).toBe(false);
      }, 10_000);
      await delay(6_000);
      for (const { changes } of [one, two]) {
        expect(changes).toHaveLength(4);
        expect(changes.slice(2)).toEqual(['online cat', 'offline bob']);
      }
    },
  );

  test(
    'clients of two server processes see nothing of a failover (fault 87)',
    { timeout: 60_000 },
    async ({ pair, visit, onTestFinished }) => {
      const periods = { grace: 5_000, lease: 15_000 };
      const start = () => startServerProcess({ url: pair.url, ...periods });
      const [one, two] = await Promise.all([start(), start()]);
      onTestFinished(async () => {
        await Promise.all([one.kills(), two.kills()]);
      });
      const ann = await visit('ann', one.url);
      const bob = await visit('bob', two.url);
      const says = (server: ServerProcess, word: string) =>
        server.printed.filter((line) => line.startsWith(word)).toSorted();
      for (const server of [one, two])
        await until(
          () => expect(says(server, 'online')).toEqual(['online ann', 'online bob']),
          15_000,
        );
      await pair.failsOver(pair.second, pair.first);
      for (const [from, to] of [
        [ann, bob],
        [bob, ann],
      ] as const) {
        await until(async () => expect(await subscribers(pair, pair.second)).toBe(2), 15_000);
        await until(() => {
          from.connection.send('hello');
          expect(to.received).toContain('hello');
        }, 15_000);
      }
      await delay(6_000);
      for (const server of [one, two]) {
        expect(says(server, 'online')).toEqual(['online ann', 'online bob']);
        expect(says(server, 'offline')).toEqual([]);
      }
    },
  );
});
