/** Random faults of Redis, from a seed: `REDIS_SEED` draws them again. With `SOAK`, they take ten minutes. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Redis } from '../../support/redis.ts';
import { seededRandom } from '../../support/random.ts';
import { type StartedStore, test, until } from './fixtures.ts';

const LENGTH = process.env.SOAK ? 600_000 : 12_000;
const seed = Number(process.env.REDIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PERIODS = { grace: 5_000, lease: 15_000 };
const TOPICS = ['room 0', 'room 1', 'room 2', 'room 3', 'room 4'] as const;

/** The topics of an identity. */
const topicsOf = (id: string) => {
  const number = Number(id.split(' ')[1]);
  return TOPICS.filter((_, n) => n === number % 5 || n === (number * 3 + 1) % 5);
};

const dataOf = (id: string) => JSON.stringify({ name: id.toUpperCase() });

/** The changes that were told twice in a row. */
function toldTwice({ changes, topicChanges }: StartedStore): string[] {
  const last = new Map<string, string>();
  return [...changes, ...topicChanges].filter((change) => {
    const [word = '', ...what] = change.split(' ');
    const isTwice = word !== 'renewed' && last.get(what.join(' ')) === word;
    last.set(what.join(' '), word);
    return isTwice;
  });
}

test(
  `whatever happens to Redis, all servers agree in the end, also on topics, and who stays never flaps; seed ${seed} (faults 87, 88)`,
  { timeout: LENGTH + 120_000 },
  async ({ pair, open }) => {
    const random = seededRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const servers = [1, 2, 3].map(() => open(PERIODS, pair.address.port));
    // All servers watch the first two topics, and one watches each of the others.
    for (const [n, { topics }] of servers.entries())
      for (const topic of [...TOPICS.slice(0, 2), TOPICS[n + 2] ?? '']) topics.watch?.(topic);
    /** The open connections: of whom, and at which server. */
    const present = new Map<string, { readonly id: string; readonly at: number }>();
    let made = 0;
    const join = (id: string, at: number) => {
      const connection = `c${++made}`;
      present.set(connection, { id, at });
      servers[at]?.store.join(id, connection, dataOf(id));
      for (const topic of topicsOf(id)) servers[at]?.topics.join(topic, id, connection);
    };
    const leave = (connection: string) => {
      const known = present.get(connection);
      if (!known) return;
      present.delete(connection);
      const { id, at } = known;
      const isFinal = !id.startsWith('stays') && random() < 0.5;
      for (const topic of topicsOf(id)) servers[at]?.topics.leave(topic, id, connection, isFinal);
      servers[at]?.store.leave(id, connection, isFinal);
    };
    for (let n = 0; n < 30; n++) join(`stays ${n}`, n % 3);
    await until(() => {
      for (const { store, topics } of servers) {
        expect(store.list()).toHaveLength(30);
        expect(topics.list('room 0')?.length).toBeGreaterThan(5);
      }
    }, 15_000);

    let [master, replica] = [pair.first, pair.second];
    const asks = (redis: Redis, ...command: string[]) =>
      pair.asks(redis, ...command).catch(() => {});
    const done: string[] = [];
    const faults: Record<string, () => Promise<unknown>> = {
      async failsOver() {
        await pair.failsOver(replica, master);
        [master, replica] = [replica, master];
        await pair.follows(replica, master);
      },
      async diesAndFailsOver() {
        await master.dies();
        await delay(pick(3_000));
        await pair.asks(replica, 'REPLICAOF', 'NO', 'ONE');
        await pair.address.leadsTo(replica.port);
        [master, replica] = [replica, master];
        await replica.starts();
        await asks(replica, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
        await pair.follows(replica, master);
      },
      async restarts() {
        await master.dies();
        await delay(pick(3_000));
        await master.starts();
      },
      async freezes() {
        master.freezes();
        await delay(pick(4_000));
        master.thaws();
      },
      pauses: () => asks(master, 'CLIENT', 'PAUSE', String(pick(3_000)), 'ALL'),
      resets: async () => {
        await pair.address.resets();
        await delay(pick(300));
        await pair.address.passes();
      },
      stalls: async () => {
        await pair.address.stalls();
        await delay(pick(3_000));
        await pair.address.passes();
      },
      async evicts() {
        const keys = await asks(master, 'KEYS', '*');
        const some = Array.isArray(keys) ? (keys as string[]).filter(() => random() < 0.4) : [];
        if (some.length > 0) await asks(master, 'DEL', ...some);
      },
      fills: async () => {
        await asks(master, 'CONFIG', 'SET', 'maxmemory', '1');
        await delay(pick(2_000));
        await asks(master, 'CONFIG', 'SET', 'maxmemory', '0');
      },
      hangsUp: () => asks(master, 'CLIENT', 'KILL', 'TYPE', 'pubsub'),
    };
    const names = Object.keys(faults);
    const visitors = setInterval(() => {
      const id = `visitor ${pick(20)}`;
      const [known] = [...present].filter(([, { id: whose }]) => whose === id);
      if (known) leave(known[0]);
      else join(id, pick(3));
      // Somebody who stays moves to another server.
      const [connection, mover] = [...present][pick(30)] ?? [];
      if (!connection || !mover?.id.startsWith('stays')) return;
      join(mover.id, pick(3));
      leave(connection);
    }, 100);
    for (const end = performance.now() + LENGTH; performance.now() < end;) {
      const name = names[pick(names.length)] ?? '';
      done.push(name);
      await faults[name]?.();
      await delay(pick(1_500));
    }
    clearInterval(visitors);

    const ids = new Set([...present.values()].map(({ id }) => id));
    const inTopic = (topic: string) =>
      new Set([...ids].filter((id) => topicsOf(id).includes(topic as (typeof TOPICS)[number])));
    const truth = {
      done,
      online: ids,
      data: new Set([...ids].map(dataOf)),
      topics: Object.fromEntries(TOPICS.map((topic) => [topic, inTopic(topic)])),
      flapped: [],
      twice: [],
    };
    const seenBy = (server: StartedStore) => ({
      done,
      online: new Set(server.store.list()),
      data: new Set(server.store.list().map((id) => server.store.dataOf?.(id))),
      topics: Object.fromEntries(
        TOPICS.map((topic) => [topic, new Set(server.topics.list(topic))]),
      ),
      flapped: [...server.changes, ...server.topicChanges].filter((change) =>
        /^offline (?:room \d )?stays/.test(change),
      ),
      twice: toldTwice(server),
    });
    await until(() => {
      for (const server of servers) expect(seenBy(server)).toEqual(truth);
    }, 60_000);
    await delay(PERIODS.lease / 2);
    for (const server of servers) expect(seenBy(server)).toEqual(truth);
  },
);
