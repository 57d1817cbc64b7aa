import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { type Redis, startRedis } from '../../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { allHear, openStore, SHORT, test, until } from './fixtures.ts';

/** Longer than Redis may take to answer, and than a third of a lease; with SOAK also longer than a lease. */
const OUTAGE = process.env.SOAK ? 60_000 : 2_000;
const LEASE = process.env.SOAK ? 15_000 : 3_000;

/** So soon after the return of Redis all is as it should be. */
const RECOVERY = 5_000;

/** How Redis goes away, and how it comes back. */
interface Outage {
  readonly how: string;
  goes(place: Place): unknown;
  returns(place: Place): unknown;
}

interface Place {
  readonly redis: Redis;
  readonly network: TcpProxy;
}

const isKilled = {
  goes: ({ redis }: Place) => redis.dies(),
  returns: ({ redis }: Place) => redis.starts(),
};

const OUTAGES: readonly (Outage & { readonly keepData?: boolean })[] = [
  {
    how: 'it stands still',
    goes: ({ redis }) => redis.freezes(),
    returns: ({ redis }) => redis.thaws(),
  },
  { how: 'it is killed, and its data with it', ...isKilled },
  { how: 'it is killed, and starts with what it knew', keepData: true, ...isKilled },
  {
    how: 'the network is gone, and then carries what was under way',
    async goes({ network }) {
      await network.stalls();
      await network.swallows();
    },
    returns: ({ network }) => network.passes(),
  },
];

// They mostly wait, each with a Redis of its own.
describe.concurrent('outages of Redis:', () => {
  describe('nobody goes offline because Redis is away:', () => {
    test.for(OUTAGES)(
      '$how',
      { timeout: OUTAGE + 30_000 },
      async (outage, { annotate, onTestFinished }) => {
        const { keepData, goes, returns } = outage;
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
        for (const id of everybody) one.store.join(id, `${id} 1`);
        const before = everybody.map((id) => `online ${id}`);
        await allHear([one, two], ...before);
        two.store.join('cat', 'cat 2');
        await delay(200);
        // A busy machine may not have let the first connection through in time.
        for (const { errors } of [one, two]) errors.length = 0;

        await goes(place);
        one.store.leave('bob', 'bob 1');
        one.store.leave('cat', 'cat 1');
        two.store.join('guy', 'guy 2');
        two.store.leave('guy', 'guy 2');
        await delay(OUTAGE / 2);
        one.store.leave('dan', 'dan 1');
        two.store.join('dan', 'dan 2');
        two.store.join('fay', 'fay 2');
        await delay(OUTAGE / 2);
        await allHear([one, two], ...before);
        await returns(place);

        const present = new Set(['ann', 'cat', 'dan', 'eve', 'fay']);
        const took = await until(() => {
          for (const { store } of [one, two]) expect(new Set(store.list())).toEqual(present);
        }, RECOVERY);
        expect(took).toBeLessThan(RECOVERY);
        await annotate(`All is right again ${Math.round(took)} ms after the return.`);
        await delay(LEASE / 2);
        for (const { heard, errors } of [one, two]) {
          expect(heard.slice(before.length).toSorted()).toEqual(['offline bob', 'online fay']);
          expect(errors.map(({ message }) => message)).toEqual([
            expect.stringMatching(
              /^Redis cannot be used: .+[^.]\. The list of online identities does not change/,
            ),
          ]);
        }
      },
    );
  });

  describe('what else may befall:', () => {
    test('a server is back late from an outage longer than its lease: its clients stay online', async ({
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
      await proxy.swallows();
      one.store.leave('bob', 'b1');
      await delay(SHORT.lease);

      // An attempt has just begun, and remains without an answer.
      const { ever } = await proxy.saw();
      await until(async () => expect((await proxy.saw()).ever).toBeGreaterThan(ever));
      await proxy.passes();
      redis.thaws();
      await until(() => {
        for (const { store } of [one, late])
          expect(store.list().toSorted()).toEqual(['ann', 'cat']);
      }, RECOVERY);
      await delay(500);
      for (const { heard } of [one, late])
        expect(heard.filter((word) => word.startsWith('off'))).toEqual(['offline bob']);
    });

    test('Redis is not there yet when a server starts', async ({ redis, open }) => {
      await redis.dies();
      const one = open();
      one.store.join('ann', 'a1');
      await delay(1_000);
      expect(one.heard).toEqual([]);
      expect(one.errors).toHaveLength(1);
      await expect(one.store.lastSeen('ann')).rejects.toThrow('Redis cannot be reached');
      await redis.starts();
      await allHear([one], 'online ann');
      expect(one.errors).toHaveLength(1);
    });

    test('each outage is told, and no outage twice', async ({ redis, open }) => {
      const one = open();
      one.store.join('ann', 'a1');
      await allHear([one], 'online ann');
      one.errors.length = 0; // a busy machine may not have let the first connection through in time
      for (const told of [1, 2]) {
        await redis.dies();
        for (let n = 0; n < 1_000; n++) one.store.seen('ann', 'a1');
        await delay(600);
        expect(one.errors).toHaveLength(told);
        await redis.starts();
        await until(async () => expect(await one.store.lastSeen('ann')).toBeGreaterThan(0));
      }
      expect(one.heard).toEqual(['online ann']);
    });

    test('one server alone loses Redis: its clients go offline for the others with its lease', async ({
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
      await until(() => expect(two.heard.at(-1)).toBe('offline ann'));
      expect(one.store.list()).toHaveLength(2);
      await proxy.passes();
      await until(() => expect(two.heard.at(-1)).toBe('online ann'));
      await delay(300);
      expect(one.heard.toSorted()).toEqual(['online ann', 'online bob']);
    });

    test('one server is back sooner than the other: who has gone there meanwhile stays online', async ({
      open,
      proxy,
      redis,
    }) => {
      const one = open({ lease: 15_000 });
      const two = open({ lease: 15_000 }, proxy.port);
      one.store.join('ann', 'a1');
      await allHear([one, two], 'online ann');
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
      await allHear([one, two], 'online ann');
    });

    test('one server is back sooner than the other: who has been there all the time stays online', async ({
      open,
      proxy,
      redis,
    }) => {
      const one = open();
      const two = open({}, proxy.port);
      one.store.join('ann', 'a1');
      await allHear([one, two], 'online ann');
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
      await allHear([one, two], 'online ann');
    });

    test('what an older connection still had on its way changes nothing', async ({
      open,
      proxy,
    }) => {
      const one = open({ lease: 15_000 }, proxy.port);
      one.store.join('ann', 'a1');
      await allHear([one], 'online ann');
      await delay(50);
      await proxy.stalls();
      one.store.join('bob', 'b1');
      await delay(100);
      one.store.leave('bob', 'b1');
      await until(() => expect(one.errors).toHaveLength(1));
      await delay(1_000);
      expect(await one.store.lastSeen('ann')).not.toBeNull();
      await proxy.passes();
      await delay(500);
      await allHear([one], 'online ann');
    });

    test('Redis is restarted with old data: nobody comes online for it', async ({
      open,
      redis,
    }) => {
      const client = await createClient({ url: redis.url }).connect();
      const one = open({ lease: 15_000 });
      one.store.join('ann', 'a1');
      one.store.join('bob', 'b1');
      await allHear([one], 'online ann', 'online bob');
      await client.sendCommand(['SAVE']);
      client.destroy();
      one.store.leave('bob', 'b1');
      await allHear([one], 'online ann', 'online bob', 'offline bob');
      await redis.dies();
      await redis.starts();
      await until(async () => expect(await one.store.lastSeen('ann')).not.toBeNull());
      await delay(1_000);
      await allHear([one], 'online ann', 'online bob', 'offline bob');
    });

    test('a server stops while Redis stands still', async ({ open, redis }) => {
      const one = open();
      one.store.join('ann', 'a1');
      await allHear([one], 'online ann');
      redis.freezes();
      const from = performance.now();
      await one.store.stop();
      expect(performance.now() - from).toBeLessThan(2_500);
    });

    test('somebody empties Redis', async ({ open, redis }) => {
      const client = await createClient({ url: redis.url }).connect();
      const one = open();
      const two = open();
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      });
      await client.flushAll();
      client.destroy();
      await delay(500);
      one.store.leave('ann', 'a1');
      await until(() => expect(two.heard.at(-1)).toBe('offline ann'));
      await delay(1_000);
      for (const { heard, errors } of [one, two]) {
        expect(heard.toSorted()).toEqual(['offline ann', 'online ann', 'online bob']);
        expect(errors).toEqual([]);
      }
    });

    test('Redis refuses what it is asked: that is told once, and tried again', async ({
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
      await allHear([one], 'online ann');
      expect(one.errors).toHaveLength(1);
    });
  });
});
