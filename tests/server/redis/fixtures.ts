import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect, test as base, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, createConnection } from '../../../src/core.ts';
import {
  type Broadcast,
  type BroadcastChannel,
  type PresenceStore,
  redisBroadcast,
  type RedisBroadcastOptions,
  redisPresence,
  type RedisPresenceOptions,
} from '../../../src/server.ts';
import { type Redis, startRedis } from '../../support/redis.ts';
import { type ServerProcess, startServerProcess } from '../../support/server/redis-process.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** Periods for tests, in milliseconds. */
export const SHORT = { grace: 200, lease: 1_500 };

/** A store, as one of several servers has it, and what its server was told. */
export interface Witness {
  readonly store: PresenceStore;
  /** `online ann`, `offline ann`, in order. */
  readonly heard: string[];
  readonly errors: Error[];
}

/** A channel, as one of several servers has it, and what its server was told. */
interface Ear {
  readonly channel: BroadcastChannel;
  readonly heard: Broadcast[];
  readonly errors: Error[];
}

/** A client of a server process. */
interface Visit {
  readonly connection: Connection;
  readonly heard: unknown[];
}

interface Fixtures {
  redis: Redis;
  /** A network before the Redis, which can be bad. */
  proxy: TcpProxy;
  /** Starts a store on the Redis, or on the network before it; with short periods unless it is told otherwise. */
  open: (options?: RedisPresenceOptions, port?: number) => Witness;
  /** Starts a channel on the Redis, or on the network before it. */
  listen: (options?: RedisBroadcastOptions, port?: number) => Ear;
  /** Two servers, each a process of its own. */
  servers: readonly [one: ServerProcess, two: ServerProcess];
  /** Connects by that name to the first of the urls, and after each failure to the next. */
  visit: (name: string, ...urls: string[]) => Promise<Visit>;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  redis: async ({}, provide) => {
    const redis = await startRedis();
    await provide(redis);
    await redis.ends();
  },
  proxy: async ({ redis }, provide) => {
    const proxy = await startTcpProxy(redis.port);
    await provide(proxy);
    await proxy.stops();
  },
  open: async ({ redis }, provide) => {
    const stores: PresenceStore[] = [];
    await provide((options, port = redis.port) => {
      const witness = openStore(`redis://127.0.0.1:${port}`, options);
      stores.push(witness.store);
      return witness;
    });
    await Promise.all(stores.map((store) => store.stop()));
  },
  listen: async ({ redis }, provide) => {
    const channels: BroadcastChannel[] = [];
    await provide((options, port = redis.port) => {
      const channel = redisBroadcast(createClient({ url: `redis://127.0.0.1:${port}` }), options);
      const ear: Ear = { channel, heard: [], errors: [] };
      channels.push(channel);
      channel.start({
        deliver: (broadcast) => ear.heard.push(broadcast),
        error: (error) => ear.errors.push(error),
      });
      return ear;
    });
    await Promise.all(channels.map((channel) => channel.stop()));
  },
  servers: async ({ redis }, provide) => {
    const start = () => startServerProcess({ url: redis.url, ...SHORT });
    const servers = [await start(), await start()] as const;
    await provide(servers);
    await Promise.all(servers.map((server) => server.kills()));
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  visit: async ({}, provide) => {
    const connections: Connection[] = [];
    await provide(async (name, ...urls) => {
      let attempts = 0;
      const heard: unknown[] = [];
      const connection = createConnection({
        WebSocket,
        url: () => `${urls[attempts++ % urls.length]}/${name}`,
        reconnect: { minDelay: 20, baseDelay: 50 },
        onMessage: (message) => heard.push(message),
      });
      connections.push(connection);
      connection.open();
      await until(() => expect(connection.getSnapshot().status).toBe('open'));
      return { connection, heard };
    });
    for (const connection of connections) connection.close();
  },
});

/** Starts a store of its own; short periods unless it is told otherwise. */
export function openStore(url: string, options?: RedisPresenceOptions): Witness {
  const store = redisPresence(createClient({ url }), { ...SHORT, ...options });
  const heard: string[] = [];
  const errors: Error[] = [];
  store.start({
    online: (id) => heard.push(`online ${id}`),
    offline: (id) => heard.push(`offline ${id}`),
    error: (error) => errors.push(error),
  });
  return { store, heard, errors };
}

/** Waits until something holds, and returns how long that took, in milliseconds. */
export async function until(holds: () => void, timeout = 5_000): Promise<number> {
  const from = performance.now();
  await vi.waitFor(holds, { interval: 10, timeout });
  return performance.now() - from;
}

/** Waits until each of them has heard just this. */
export const allHear = (witnesses: readonly Witness[], ...expected: string[]): Promise<number> =>
  until(() => {
    for (const { heard } of witnesses) expect(heard).toEqual(expected);
  });

/** How many commands a Redis serves in a second, those in scripts included. */
export async function busyness(redis: Redis): Promise<number> {
  const client = await createClient({ url: redis.url }).connect();
  const count = async () =>
    [...(await client.info('commandstats')).matchAll(/calls=(\d+)/g)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  const before = await count();
  await delay(1_000);
  const after = await count();
  client.destroy();
  return after - before;
}
