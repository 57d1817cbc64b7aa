import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { type Redis, startRedis } from '../../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import {
  allReport,
  changesInRoom,
  enter,
  exit,
  openStore,
  ROOM,
  SHORT,
  test,
  until,
} from './fixtures.ts';

/** Longer than Redis may take to answer, and than a third of a lease. With SOAK, also longer than a lease. */
const OUTAGE = process.env.SOAK ? 60_000 : 2_000;
const LEASE = process.env.SOAK ? 15_000 : 3_000;

/** The longest time from the return of Redis until presence is right, in milliseconds. */
const RECOVERY = 5_000;

/** How Redis fails, and how it comes back. */
interface Outage {
  readonly how: string;
  fails(place: Place): unknown;
  returns(place: Place): unknown;
}

interface Place {
  readonly redis: Redis;
  readonly network: TcpProxy;
}

const isKilled = {
  fails: ({ redis }: Place) => redis.dies(),
  returns: ({ redis }: Place) => redis.starts(),
};

const OUTAGES: readonly (Outage & { readonly keepData?: boolean })[] = [
  {
    how: 'it does not answer',
    fails: ({ redis }) => redis.freezes(),
    returns: ({ redis }) => redis.thaws(),
  },
  { how: 'it is killed and loses its data', ...isKilled },
  { how: 'it is killed and starts with its data', keepData: true, ...isKilled },
  {
    how: 'the network stalls and then delivers what was under way',
    async fails({ network }) {
      await network.stalls();
      await network.neverAnswers();
    },
    returns: ({ network }) => network.passes(),
  },
];

// Concurrent, since they mostly wait. Each has its own Redis.
describe.concurrent('outages of Redis:', () => {
  describe('nobody goes offline because Redis is away:', () => {
    test.for(OUTAGES)(
      '$how',
      { timeout: OUTAGE + 30_000 },
      async (outage, { annotate, onTestFinished }) => {
        const { keepData, fails, returns } = outage;
        const redis = await startRedis(keepData);
        const network = await startTcpProxy(redis.port);
        const place = { redis, network };
        const url = `redis://127.0.0.1:${network.port}`;
        const one = openStore(url, { lease: LEASE });
        const two = openStore(url, { lease: LEASE });
        onTestFinished(async () => {
          await Promise.all([one.store.stop(), two.store.stop()]);
          await network.stops();
          await redis.ends();
        });
        const everybody = ['ann', 'bob', 'cat', 'dan', 'eve'];
        for (const { topics } of [one, two]) topics.watch?.(ROOM);
        await until(() => {
          for (const { topics } of [one, two]) expect(topics.list(ROOM)).toEqual([]);
        });
        for (const id of everybody) enter(one, id, `${id} 1`);
        const before = everybody.map((id) => `online ${id}`);
        await allReport([one, two], ...before);
        enter(two, 'cat', 'cat 2');
        await until(() => {
          for (const server of [one, two]) expect(changesInRoom(server)).toEqual(before);
        });
        await delay(200);
        // A busy machine may not have let the first connection through in time.
        for (const { errors } of [one, two]) errors.length = 0;

        await fails(place);
        exit(one, 'bob', 'bob 1');
        exit(one, 'cat', 'cat 1');
        enter(two, 'guy', 'guy 2');
        exit(two, 'guy', 'guy 2');
        await delay(OUTAGE / 2);
        exit(one, 'dan', 'dan 1');
        enter(two, 'dan', 'dan 2');
        enter(two, 'fay', 'fay 2');
        await delay(OUTAGE / 2);
        await allReport([one, two], ...before);
        await returns(place);

        const present = new Set(['ann', 'cat', 'dan', 'eve', 'fay']);
        const took = await until(() => {
          for (const { store, topics } of [one, two]) {
            expect(new Set(store.list())).toEqual(present);
            expect(new Set(topics.list(ROOM))).toEqual(present);
          }
        }, RECOVERY);
        expect(took).toBeLessThan(RECOVERY);
        await annotate(`Presence is right ${Math.round(took)} ms after the return of Redis.`);
        await delay(LEASE / 2);
        for (const server of [one, two]) {
          const { changes, errors } = server;
          for (const told of [changes, changesInRoom(server)])
            expect(told.slice(before.length).toSorted()).toEqual(['offline bob', 'online fay']);
          expect(errors.map(({ message }) => message)).toEqual([
            expect.stringMatching(
              /^Redis cannot be used: .+[^.]\. The list of online identities does not change/,
            ),
          ]);
        }
      },
    );
  });

  describe('in other cases:', () => {
    test('the clients of a server that reconnects after its lease stay online', async ({
      open,
      proxy,
      redis,
    }) => {
      const one = open();
      const late = open({}, proxy.port);
      one.store.join('ann', 'a1');
      one.store.join('bob', 'b1');
      late.store.join('cat', 'c1');
      await until(() => {
        for (const { store } of [one, late]) expect(store.list()).toHaveLength(3);
      });
      redis.freezes();
      await proxy.neverAnswers();
      one.store.leave('bob', 'b1');
      await delay(SHORT.lease);

      // A new attempt has just begun, and gets no answer.
      const { ever } = await proxy.report();
      await until(async () => expect((await proxy.report()).ever).toBeGreaterThan(ever));
      await proxy.passes();
      redis.thaws();
      await until(() => {
        for (const { store } of [one, late])
          expect(store.list().toSorted()).toEqual(['ann', 'cat']);
      }, RECOVERY);
      await delay(500);
      for (const { changes } of [one, late])
        expect(changes.filter((word) => word.startsWith('off'))).toEqual(['offline bob']);
    });

    test('a server can start before Redis', async ({ redis, open }) => {
      await redis.dies();
      const one = open();
      one.store.join('ann', 'a1');
      await delay(1_000);
      expect(one.changes).toEqual([]);
      expect(one.errors).toHaveLength(1);
      await expect(one.store.lastSeen('ann')).rejects.toThrow('Redis cannot be reached');
      await redis.starts();
      await allReport([one], 'online ann');
      expect(one.errors).toHaveLength(1);
    });

    test('each outage is reported once', async ({ redis, open }) => {
      const one = open();
      one.store.join('ann', 'a1');
      await allReport([one], 'online ann');
      one.errors.length = 0; // a busy machine may not have let the first connection through in time
      for (const told of [1, 2]) {
        await redis.dies();
        for (let n = 0; n < 1_000; n++) one.store.seen('ann', 'a1');
        await until(() => expect(one.errors).toHaveLength(told));
        await delay(600);
        expect(one.errors).toHaveLength(told);
        await redis.starts();
        await until(async () => expect(await one.store.lastSeen('ann')).toBeGreaterThan(0));
        await delay(300); // it is connected, but not yet done with its first commands
      }
      expect(one.changes).toEqual(['online ann']);
    });

    test('the clients of a server that alone loses Redis go offline for the others after its lease', async ({
      open,
      proxy,
    }) => {
      const one = open({ lease: 2_000 }, proxy.port);
      const two = open({ lease: 2_000 });
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      });
      await proxy.refuses();
      await proxy.resets();
      await until(() => expect(two.changes.at(-1)).toBe('offline ann'));
      expect(one.store.list()).toHaveLength(2);
      await proxy.passes();
      await until(() => expect(two.changes.at(-1)).toBe('online ann'));
      await delay(300);
      expect(one.changes.toSorted()).toEqual(['online ann', 'online bob']);
    });

    test('an identity that moved to a server that reconnects later stays online', async ({
      open,
      proxy,
      redis,
    }) => {
      const one = open({ lease: 15_000 });
      const two = open({ lease: 15_000 }, proxy.port);
      one.store.join('ann', 'a1');
      await allReport([one, two], 'online ann');
      await proxy.refuses();
      await proxy.resets();
      redis.freezes();
      one.store.leave('ann', 'a1');
      two.store.join('ann', 'a2');
      await delay(2_500);
      redis.thaws();
      await delay(1_200);
      await proxy.passes();
      await delay(1_500);
      await allReport([one, two], 'online ann');
    });

    test('an identity whose grace ends while Redis stands still, and that is at another server, stays online and in its topic (fault 87)', async ({
      open,
      proxy,
      redis,
    }) => {
      const periods = { grace: 1_500, lease: 15_000 };
      const [one, two] = [open(periods), open(periods, proxy.port)];
      enter(one, 'ann', 'a1');
      for (const { topics } of [one, two]) topics.watch?.(ROOM);
      await allReport([one, two], 'online ann');
      await until(() => {
        for (const { topics } of [one, two]) expect(topics.list(ROOM)).toEqual(['ann']);
      });
      exit(one, 'ann', 'a1');
      await delay(200); // Redis hears of it
      redis.freezes();
      enter(two, 'ann', 'a2');
      await delay(2_200);
      // One server is back before the other.
      await proxy.refuses();
      await proxy.resets();
      redis.thaws();
      await delay(1_200);
      await proxy.passes();
      await delay(3_500);
      await allReport([one, two], 'online ann');
      console.log(one.changes, two.changes, one.topicChanges, two.topicChanges);
      for (const store of [one, two]) expect(changesInRoom(store)).toEqual([]);
    });

    test('an identity that was all the time at a server that reconnects later stays online', async ({
      open,
      proxy,
      redis,
    }) => {
      const one = open();
      const two = open({}, proxy.port);
      one.store.join('ann', 'a1');
      await allReport([one, two], 'online ann');
      two.store.join('ann', 'a2');
      await delay(100);
      await redis.dies();
      await proxy.refuses();
      await redis.starts();
      await until(async () => expect(await one.store.lastSeen('ann')).not.toBeNull());
      one.store.leave('ann', 'a1');
      await delay(800);
      await proxy.passes();
      await delay(1_500);
      await allReport([one, two], 'online ann');
    });

    test('commands of an older connection that arrive late change nothing', async ({
      open,
      proxy,
    }) => {
      const one = open({ lease: 15_000 }, proxy.port);
      one.store.join('ann', 'a1');
      await allReport([one], 'online ann');
      await delay(50);
      await proxy.stalls();
      one.store.join('bob', 'b1');
      await delay(100);
      one.store.leave('bob', 'b1');
      await until(() => expect(one.errors).toHaveLength(1));
      await delay(1_000);
      await until(async () => expect(await one.store.lastSeen('ann')).not.toBeNull());
      await proxy.passes();
      await delay(500);
      await allReport([one], 'online ann');
    });

    test('old data of a restarted Redis brings nobody online', async ({ open, redis }) => {
      const client = await createClient({ url: redis.url }).connect();
      const one = open({ lease: 15_000 });
      one.store.join('ann', 'a1');
      one.store.join('bob', 'b1');
      await allReport([one], 'online ann', 'online bob');
      await client.sendCommand(['SAVE']);
      client.destroy();
      one.store.leave('bob', 'b1');
      await allReport([one], 'online ann', 'online bob', 'offline bob');
      await redis.dies();
      await redis.starts();
      await until(async () => expect(await one.store.lastSeen('ann')).not.toBeNull());
      await delay(1_000);
      await allReport([one], 'online ann', 'online bob', 'offline bob');
    });

    test('a server can stop while Redis does not answer', async ({ open, redis }) => {
      const one = open();
      one.store.join('ann', 'a1');
      await allReport([one], 'online ann');
      redis.freezes();
      const from = performance.now();
      await one.store.stop();
      expect(performance.now() - from).toBeLessThan(2_500);
    });

    test('identities stay online, and in topics, after Redis is emptied', async ({
      open,
      redis,
    }) => {
      const client = await createClient({ url: redis.url }).connect();
      const one = open();
      const two = open();
      enter(one, 'ann', 'a1');
      enter(two, 'bob', 'b1');
      one.store.join('cat', 'c1', '{"name":"Cat"}');
      for (const { topics } of [one, two]) topics.watch?.(ROOM);
      await until(() => {
        for (const { store, topics } of [one, two]) {
          expect(store.list()).toHaveLength(3);
          expect(topics.list(ROOM)).toHaveLength(2);
        }
      });
      for (const { changes, topicChanges } of [one, two]) changes.length = topicChanges.length = 0;
      await client.flushAll();
      client.destroy();
      await delay(500);
      exit(one, 'ann', 'a1');
      await until(() => expect(two.changes.at(-1)).toBe('offline ann'));
      await delay(1_000);
      for (const server of [one, two]) {
        expect(server.changes).toEqual(['offline ann']);
        expect(changesInRoom(server)).toEqual(['offline ann']);
        expect(server.store.dataOf?.('cat')).toBe('{"name":"Cat"}');
        expect(server.errors).toEqual([]);
      }
    });

    test('a command that Redis refuses is reported once and tried again', async ({
      open,
      redis,
    }) => {
      const client = await createClient({ url: redis.url }).connect();
      await client.sendCommand(['ACL', 'SETUSER', 'default', '-eval']);
      const one = open();
      one.store.join('ann', 'a1');
      await delay(1_200);
      expect(one.errors.map(({ message }) => message)).toEqual([expect.stringContaining('NOPERM')]);
      await client.sendCommand(['ACL', 'SETUSER', 'default', '+eval']);
      client.destroy();
      await allReport([one], 'online ann');
      expect(one.errors).toHaveLength(1);
    });
  });
});
