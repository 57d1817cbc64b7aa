/** Redis is a cluster: masters die, come back, and slots move. */
import { setTimeout as delay } from 'node:timers/promises';
import { createCluster } from 'redis';
import { describe, expect, test as base } from 'vitest';
import {
  type Broadcast,
  type BroadcastChannel,
  redisBroadcast,
  type RedisBroadcastOptions,
} from '../../../src/server.ts';
import { TAGS } from '../../../src/server/redis/cluster.ts';
import { type Redis, startRedis } from '../../support/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { until } from './fixtures.ts';

interface Started {
  readonly channel: BroadcastChannel;
  readonly received: Broadcast[];
  readonly errors: Error[];
}

/** Enough to be in every part. */
const TOPICS: readonly string[] = Array.from({ length: 60 }, (_, n) => `topic ${n} {x}`);

const test = base.extend<{
  /** Starts a cluster that ends with the test. */
  startCluster: typeof startRedisCluster;
  /** Starts the broadcast channel of a server. */
  listen: (cluster: Pick<RedisCluster, 'rootNodes'>, options?: RedisBroadcastOptions) => Started;
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
    await provide(({ rootNodes }, options) => {
      const channel = redisBroadcast(createCluster({ rootNodes }), options);
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
});

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

describe.concurrent('a cluster:', { timeout: 60_000 }, () => {
  test('broadcasts reach the servers that follow their topic, in order', async ({
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
    for (let n = 0; n < 50; n++)
      for (const topic of TOPICS) one.channel.publish({ topic, message: String(n) });
    await until(() => expect(two.received).toHaveLength(50 * TOPICS.length));
    for (const topic of TOPICS)
      expect(
        two.received.filter((broadcast) => broadcast.topic === topic).map(({ message }) => message),
      ).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
    expect([one, two, three].flatMap(messages)).toEqual([]);
  });

  test('a master dies and its replica is promoted: broadcasts reach all again', async ({
    startCluster,
    listen,
  }) => {
    const cluster = await startCluster({ withReplicas: true });
    const [one, two] = [listen(cluster), listen(cluster)];
    for (const topic of TOPICS) two.channel.follow?.(topic);
    await reaches(one, two);
    for (const { errors } of [one, two]) errors.length = 0;
    const [first] = cluster.masters as [Redis];
    await first.dies();
    const [replica] = cluster.replicas as [Redis];
    await until(
      async () =>
        expect(await cluster.asks(replica, 'ROLE')).toEqual(expect.arrayContaining(['master'])),
      15_000,
    );
    await reaches(one, two);
    for (const server of [one, two])
      expect(messages(server)).toEqual([expect.stringMatching(/^Redis cannot be used: /)]);
    // It comes back as a replica of the new master, and takes over again.
    await first.starts();
    await cluster.isWhole();
    await reaches(one, two);
    for (const { errors } of [one, two]) errors.length = 0;
    await delay(2_000);
    await cluster.asks(first, 'CLUSTER', 'FAILOVER');
    await until(
      async () =>
        expect(await cluster.asks(first, 'ROLE')).toEqual(expect.arrayContaining(['master'])),
      15_000,
    );
    await reaches(one, two);
    for (const server of [one, two]) expect(messages(server).length).toBeLessThanOrEqual(1);
  });

  test('a master restarts, and slots move to another one: broadcasts reach all again', async ({
    startCluster,
    listen,
  }) => {
    const cluster = await startCluster();
    const [one, two] = [listen(cluster), listen(cluster)];
    for (const topic of TOPICS) two.channel.follow?.(topic);
    await reaches(one, two);
    for (const { errors } of [one, two]) errors.length = 0;
    const [first, second] = cluster.masters as [Redis, Redis];
    await second.dies();
    await delay(500);
    await second.starts();
    await reaches(one, two);
    for (const server of [one, two])
      expect(messages(server)).toEqual([expect.stringMatching(/^Redis cannot be used: /)]);
    for (const { errors } of [one, two]) errors.length = 0;
    for (const tag of TAGS.slice(0, 3)) {
      const to = (await cluster.masterOf(`{${tag}}`)) === first ? second : first;
      await cluster.moves(`{${tag}}`, to);
      expect(await cluster.masterOf(`{${tag}}`)).toBe(to);
    }
    await reaches(one, two);
    for (const server of [one, two]) {
      expect(messages(server).length).toBeLessThanOrEqual(3);
      for (const message of messages(server)) expect(message).toMatch(/^Redis cannot be used: /);
    }
  });

  test.for([
    {
      what: 'SSUBSCRIBE, which Redis 6 does not know',
      options: ['--rename-command', 'SSUBSCRIBE', ''],
      error:
        /^Redis cannot be used: ERR unknown command SSUBSCRIBE: a cluster needs Redis 7 or newer\. /,
    },
    {
      what: 'SPUBLISH, which Redis 6 does not know',
      options: ['--rename-command', 'SPUBLISH', ''],
      error:
        /^Redis cannot be used: ERR unknown command SPUBLISH: a cluster needs Redis 7 or newer\. /,
    },
    {
      what: 'the permission to subscribe',
      options: '--user default on nopass ~* &* +@all -ssubscribe'.split(' '),
      error: /^Redis cannot be used: NOPERM .*'ssubscribe'/,
    },
    {
      what: 'the permission to use the channels',
      options: '--user default on nopass ~* &other:* +@all'.split(' '),
      error: /^Redis cannot be used: NOPERM .*channel/,
    },
  ])(
    'what the servers need is told once, and tried less and less often: $what',
    async ({ options, error }, { startCluster, listen }) => {
      const cluster = await startCluster({ size: 1, options });
      const { errors } = listen(cluster);
      await until(() => expect(errors).not.toEqual([]));
      const [master] = cluster.masters as [Redis];
      const before = await connectionsOf(cluster, master);
      await delay(3_000);
      // Without hurry, each part makes two connections in 3 s, and asks for its master before.
      expect((await connectionsOf(cluster, master)) - before).toBeLessThan(5 * TAGS.length);
      expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(error)]);
    },
  );

  test('a Redis that is no cluster is told', async ({ listen, onTestFinished }) => {
    const redis = await startRedis();
    onTestFinished(() => redis.ends());
    const { errors } = listen({ rootNodes: [{ url: redis.url }] });
    await until(() => expect(errors).not.toEqual([]));
    await delay(1_000);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Redis cannot be used: ERR This instance has cluster support disabled\. /,
      ),
    ]);
  });

  test('a prefix with an empty hash tag is refused', ({ listen }) => {
    const cluster = { rootNodes: [{ url: 'redis://127.0.0.1:1' }] };
    expect(() => listen(cluster, { prefix: 'app{}:' })).toThrow(
      "prefix must not contain {} in a cluster: choose another than 'app{}:'.",
    );
  });
});

/** How many connections a Redis has had. */
async function connectionsOf(cluster: RedisCluster, redis: Redis): Promise<number> {
  const info = String(await cluster.asks(redis, 'INFO', 'stats'));
  return Number(/total_connections_received:(\d+)/.exec(info)?.[1]);
}
