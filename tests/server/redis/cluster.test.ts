/** Redis is a cluster: masters die, come back, and slots move. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, createCluster } from 'redis';
import { describe, expect, test as base } from 'vitest';
import {
  type Broadcast,
  type BroadcastChannel,
  redisBroadcast,
  type RedisBroadcastOptions,
  redisPresence,
} from '../../../src/server.ts';
import { TAGS } from '../../../src/server/redis/cluster.ts';
import { slotOf } from '../../../src/server/redis/slot.ts';
import { type Redis, startRedis } from '../../support/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { observe, type StartedStore, until } from './fixtures.ts';

interface Started {
  readonly channel: BroadcastChannel;
  readonly received: Broadcast[];
  readonly errors: Error[];
}

/** The options of a client. */
interface ClusterOptions extends Pick<RedisCluster, 'rootNodes'> {
  readonly defaults?: { readonly username: string; readonly password: string };
}

/** Enough to be in every part. */
const TOPICS: readonly string[] = Array.from({ length: 60 }, (_, n) => `topic ${n} {x}`);

const test = base.extend<{
  /** Starts a cluster that ends with the test. */
  startCluster: typeof startRedisCluster;
  /** Starts the broadcast channel of a server. */
  listen: (cluster: ClusterOptions, options?: RedisBroadcastOptions) => Started;
  /** Starts the presence store of a server. */
  open: (cluster: ClusterOptions) => StartedStore;
}>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  startCluster: async ({}, provide) => {
    const clusters: RedisCluster[] = [];
    await provide(async (...options) => {
      const cluster = await startRedisCluster(...options);
      clusters.push(cluster);
      return cluster;
    });
    await Promise.all(clusters.map((cluster) => cluster.ends()));
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  listen: async ({}, provide) => {
    const channels: BroadcastChannel[] = [];
    await provide(({ rootNodes, defaults = {} }, options) => {
      const channel = redisBroadcast(createCluster({ rootNodes, defaults }), options);
      const started: Started = { channel, received: [], errors: [] };
      channels.push(channel);
      channel.start({
        deliver: (broadcast) => started.received.push(broadcast),
        error: (error) => started.errors.push(error),
      });
      return started;
    });
    await Promise.all(channels.map((channel) => channel.stop()));
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  open: async ({}, provide) => {
    const stores: StartedStore[] = [];
    await provide(({ rootNodes }) => {
      const started = observe(redisPresence(createCluster({ rootNodes }), { grace: 500 }));
      stores.push(started);
      return started;
    });
    await Promise.all(stores.map(({ store }) => store.stop()));
  },
});

const IS_LOST: unknown = expect.stringMatching(/^Redis cannot be used: /);

const messages = ({ errors }: Started) => errors.map(({ message }) => message);

/** Publishes on all topics, until a round reaches the other server as a whole. */
async function reaches(from: Started, to: Started, timeout = 10_000): Promise<void> {
  let round = 0;
  const send = async () => {
    const message = `round ${round++}`;
    for (const topic of [...TOPICS, undefined]) from.channel.publish({ topic, message });
    await delay(200);
    const topics = to.received
      .filter((broadcast) => broadcast.message === message)
      .map(({ topic }) => topic);
    expect(new Set(topics)).toEqual(new Set([...TOPICS, undefined]));
    expect(topics).toHaveLength(TOPICS.length + 1);
  };
  await until(send, timeout);
}

/** The topics that a store is asked about, in every part. */
const ROOMS = TOPICS.slice(0, 24);

/** Two servers, of which each has half of 20 identities, which are all in all rooms. */
async function populate(one: StartedStore, two: StartedStore): Promise<void> {
  for (const [n, { store, topics }] of [one, two].entries()) {
    for (let user = n; user < 20; user += 2) {
      store.join(`user ${user}`, `c${user}`);
      for (const room of ROOMS) topics.join(room, `user ${user}`, `c${user}`);
    }
    for (const room of ROOMS) topics.watch?.(room);
  }
  await until(() => {
    for (const { store, topics } of [one, two]) {
      expect(store.list()).toHaveLength(20);
      for (const room of ROOMS) expect(topics.list(room)).toHaveLength(20);
    }
  }, 20_000);
  for (const { changes, topicChanges, errors } of [one, two])
    changes.length = topicChanges.length = errors.length = 0;
}

/** Whoever comes and goes from now on is told of by both servers, and nobody else was or is. */
async function tellOnlyThis(one: StartedStore, two: StartedStore, name: string): Promise<void> {
  const id = `user of ${name}`;
  const told = (what: string) => () => {
    for (const { changes, topicChanges } of [one, two]) {
      expect(changes).toEqual([`${what} ${id}`]);
      expect(topicChanges.toSorted()).toEqual(
        ROOMS.map((room) => `${what} ${room} ${id}`).toSorted(),
      );
    }
  };
  const forget = () => {
    for (const { changes, topicChanges } of [one, two]) changes.length = topicChanges.length = 0;
  };
  one.store.join(id, id);
  for (const room of ROOMS) one.topics.join(room, id, id);
  await until(told('online'), 20_000);
  // Who was held for others that come back goes only now.
  await delay(4_000);
  told('online')();
  forget();
  one.store.leave(id, id, true);
  for (const room of ROOMS) one.topics.leave(room, id, id, true);
  await until(told('offline'), 20_000);
  forget();
}

describe.concurrent('a cluster:', { timeout: 120_000 }, () => {
  test('broadcasts reach the servers that follow their topic, in order, also when a slot was elsewhere for a moment', async ({
    startCluster,
    listen,
  }) => {
    const cluster = await startCluster();
    const [one, two, three] = [listen(cluster), listen(cluster), listen(cluster)];
    for (const topic of TOPICS) two.channel.follow?.(topic);
    await reaches(one, two);
    for (const { errors } of [one, two, three]) errors.length = 0;
    // Each of three masters has a third of the parts of three servers. No server has received what it does not follow.
    for (const master of cluster.masters) {
      const channels = await cluster.asks(master, 'PUBSUB', 'SHARDCHANNELS', '*}echo:*');
      expect(channels).toHaveLength(TAGS.length);
    }
    expect(new Set(three.received.map(({ topic }) => topic))).toEqual(new Set([undefined]));
    two.received.length = 0;
    for (let n = 0; n < 20; n++) {
      for (const topic of TOPICS) one.channel.publish({ topic, message: String(n) });
      await delay(1);
    }
    await until(() => expect(two.received).toHaveLength(20 * TOPICS.length));
    for (const topic of TOPICS)
      expect(
        two.received.filter((broadcast) => broadcast.topic === topic).map(({ message }) => message),
      ).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect([one, two, three].flatMap(messages)).toEqual([]);
    await awayForAMoment(cluster, `{${TAGS[0]}}`);
    await reaches(one, two);
  });

  test('a master dies and its replica is promoted, and all of it back: broadcasts reach all again, and nobody flaps (fault 87)', async ({
    startCluster,
    listen,
    open,
  }) => {
    const cluster = await startCluster({ withReplicas: true });
    const [one, two] = [listen(cluster), listen(cluster)];
    for (const topic of TOPICS) two.channel.follow?.(topic);
    const stores = [open(cluster), open(cluster)] as const;
    await reaches(one, two);
    await populate(...stores);
    for (const { errors } of [one, two]) errors.length = 0;
    const [first] = cluster.masters as [Redis];
    const [replica] = cluster.replicas as [Redis];
    await first.dies();
    await becomesMaster(cluster, replica);
    await reaches(one, two);
    await tellOnlyThis(...stores, 'the failover');
    for (const { errors } of [one, two, ...stores])
      expect(errors.map(({ message }) => message)).toEqual([IS_LOST]);
    await first.starts();
    await cluster.isWhole();
    await takesOver(cluster, first);
    await reaches(one, two);
    await tellOnlyThis(...stores, 'the way back');
  });

  test('a master restarts, and slots move to another one: broadcasts reach all again, and nobody flaps (fault 87)', async ({
    startCluster,
    listen,
    open,
  }) => {
    const cluster = await startCluster();
    const [one, two] = [listen(cluster), listen(cluster)];
    for (const topic of TOPICS) two.channel.follow?.(topic);
    const stores = [open(cluster), open(cluster)] as const;
    await reaches(one, two);
    await populate(...stores);
    for (const { errors } of [one, two]) errors.length = 0;
    const [first, second] = cluster.masters as [Redis, Redis];
    await first.dies();
    await delay(500);
    await first.starts();
    await reaches(one, two);
    await tellOnlyThis(...stores, 'the restart');
    for (const { errors } of [one, two, ...stores])
      expect(errors.map(({ message }) => message)).toEqual([IS_LOST]);
    for (const tag of TAGS.slice(0, 2)) await cluster.moves(`{${tag}}`, second);
    expect(await cluster.masterOf(`{${TAGS[0]}}`)).toBe(second);
    await reaches(one, two);
    await tellOnlyThis(...stores, 'the move');
  });

  test('a cluster of Redis 6, which knows no SSUBSCRIBE, is told once, and tried less and less often', async ({
    startCluster,
    listen,
  }) => {
    const cluster = await startCluster({
      size: 1,
      options: ['--rename-command', 'SSUBSCRIBE', ''],
    });
    const started = listen(cluster);
    await isTold(
      started,
      /^Redis cannot be used: ERR unknown command SSUBSCRIBE: a cluster needs Redis 7 or newer\. /,
    );
    const [master] = cluster.masters as [Redis];
    const before = await connectionsOf(cluster, master);
    await delay(3_000);
    // Without hurry, each part makes two connections in 3 s, and asks for its master before.
    expect((await connectionsOf(cluster, master)) - before).toBeLessThan(5 * TAGS.length);
    expect(messages(started)).toEqual([]);
  });

  test('a missing permission is told once', async ({ startCluster, listen }) => {
    const cluster = await startCluster({ size: 1 });
    const [master] = cluster.masters as [Redis];
    for (const [username, permissions, error] of [
      ['mute', '&* +@all -ssubscribe', /^Redis cannot be used: NOPERM .*'ssubscribe'/],
      ['stranger', '&other:* +@all', /^Redis cannot be used: NOPERM .*channel/],
    ] as const) {
      const acl = `ACL SETUSER ${username} reset on >secret ~* ${permissions}`;
      await cluster.asks(master, ...acl.split(' '));
      const started = listen({
        rootNodes: cluster.rootNodes.map(({ url }) => ({
          url: url.replace('://', `://${username}:secret@`),
        })),
        defaults: { username, password: 'secret' },
      });
      await isTold(started, error);
      await delay(2_000);
      expect(messages(started)).toEqual([]);
    }
  });

  test('a Redis that is no cluster is told', async ({ listen, onTestFinished }) => {
    const redis = await startRedis();
    onTestFinished(() => redis.ends());
    const started = listen({ rootNodes: [{ url: redis.url }] });
    await isTold(
      started,
      /^Redis cannot be used: ERR This instance has cluster support disabled\. /,
    );
    await delay(1_000);
    expect(messages(started)).toEqual([]);
  });

  test('a prefix with an empty hash tag is refused', ({ listen }) => {
    const cluster = { rootNodes: [{ url: 'redis://127.0.0.1:1' }] };
    expect(() => listen(cluster, { prefix: 'app{}:' })).toThrow(
      "prefix must not contain {} in a cluster: choose another than 'app{}:'.",
    );
  });
});

/** Waits until an error is told, and forgets it. */
async function isTold(started: Started, error: RegExp): Promise<void> {
  await until(() => expect(messages(started).at(-1)).toMatch(error), 20_000);
  started.errors.length = 0;
}

/** Moves the slot of a name to another master and back, faster than servers check. */
async function awayForAMoment(cluster: RedisCluster, name: string): Promise<void> {
  const nodes = await Promise.all(
    cluster.masters.slice(0, 2).map(async ({ url }) => {
      const node = await createClient({ url }).connect();
      return { node, id: await node.sendCommand<string>(['CLUSTER', 'MYID']) };
    }),
  );
  const [home, away] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
  const set = ({ node }: typeof home, ...args: string[]) =>
    node.sendCommand(['CLUSTER', 'SETSLOT', String(slotOf(name)), ...args]);
  for (const [from, to] of [
    [home, away],
    [away, home],
  ] as const) {
    await set(to, 'IMPORTING', from.id);
    await set(from, 'MIGRATING', to.id);
    await Promise.all([set(to, 'NODE', to.id), set(from, 'NODE', to.id)]);
  }
  for (const { node } of nodes) node.destroy();
}

/** How many connections a Redis has had. */
async function connectionsOf(cluster: RedisCluster, redis: Redis): Promise<number> {
  const info = String(await cluster.asks(redis, 'INFO', 'stats'));
  return Number(/total_connections_received:(\d+)/.exec(info)?.[1]);
}

/** Waits until a node is a master. */
const becomesMaster = (cluster: RedisCluster, node: Redis): Promise<unknown> =>
  until(
    async () =>
      expect(await cluster.asks(node, 'ROLE')).toEqual(expect.arrayContaining(['master'])),
    20_000,
  );

/** Makes a replica the master: again and again, since it must have the data, and the others may be slow. */
const takesOver = (cluster: RedisCluster, node: Redis): Promise<unknown> =>
  until(async () => {
    await cluster.asks(node, 'CLUSTER', 'FAILOVER').catch(() => {});
    await delay(1_000);
    expect(await cluster.asks(node, 'ROLE')).toEqual(expect.arrayContaining(['master']));
  }, 30_000);
