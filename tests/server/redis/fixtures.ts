import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect, test as base, vi } from 'vitest';
import { type RealRedis, realRedis } from './real-redis.ts';
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
  type TopicPresence,
} from '../../../src/server.ts';
import type { Redis } from '../../support/redis.ts';
import { type ServerProcess, startServerProcess } from '../../support/server/redis-process.ts';

/** Short periods for tests, in milliseconds. */
export const SHORT = { grace: 200, lease: 1_500 };

/** The presence store of one server, and the changes and errors that it reported. */
export interface StartedStore {
  readonly store: PresenceStore;
  /** Who is in each topic. */
  readonly topics: TopicPresence;
  /** `online ann`, `offline ann`, `renewed ann`, in order. */
  readonly changes: string[];
  /** `known room`, `online room ann`, `offline room ann`, in order. */
  readonly topicChanges: string[];
  readonly errors: Error[];
}

/** The broadcast channel of one server, and the broadcasts and errors that it delivered. */
interface StartedChannel {
  readonly channel: BroadcastChannel;
  readonly received: Broadcast[];
  readonly errors: Error[];
}

/** A client of a server process. */
interface Visit {
  readonly connection: Connection;
  readonly received: unknown[];
}

interface Fixtures extends RealRedis {
  /** Starts a store on the Redis, or on the proxy in front of it; with short periods by default. */
  open: (options?: RedisPresenceOptions, port?: number) => StartedStore;
  /** Starts a channel on the Redis, or on the proxy in front of it. */
  listen: (options?: RedisBroadcastOptions, port?: number) => StartedChannel;
  /** Two servers, each in its own process. */
  servers: readonly [one: ServerProcess, two: ServerProcess];
  /** Connects with this name to the first url, and after each failure to the next one. */
  visit: (name: string, ...urls: string[]) => Promise<Visit>;
}

export const test = base.extend<Fixtures>({
  ...realRedis,
  open: async ({ redis }, provide) => {
    const stores: PresenceStore[] = [];
    await provide((options, port = redis.port) => {
      const started = openStore(`redis://127.0.0.1:${port}`, options);
      stores.push(started.store);
      return started;
    });
    await Promise.all(stores.map((store) => store.stop()));
  },
  listen: async ({ redis }, provide) => {
    const channels: BroadcastChannel[] = [];
    await provide((options, port = redis.port) => {
      const channel = redisBroadcast(createClient({ url: `redis://127.0.0.1:${port}` }), options);
      const started: StartedChannel = { channel, received: [], errors: [] };
      channels.push(channel);
      channel.start({
        deliver: (broadcast) => started.received.push(broadcast),
        error: (error) => started.errors.push(error),
      });
      return started;
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
      const received: unknown[] = [];
      const connection = createConnection({
        WebSocket,
        url: () => `${urls[attempts++ % urls.length]}/${name}`,
        reconnect: { minDelay: 20, baseDelay: 50 },
        onMessage: (message) => received.push(message),
      });
      connections.push(connection);
      connection.open();
      await until(() => expect(connection.getSnapshot().status).toBe('open'));
      return { connection, received };
    });
    for (const connection of connections) connection.close();
  },
});

/** Starts a store; with short periods by default. */
export const openStore = (url: string, options?: RedisPresenceOptions): StartedStore =>
  observe(redisPresence(createClient({ url }), { ...SHORT, ...options }));

/** Starts a store, and collects what it reports. */
export function observe(store: PresenceStore): StartedStore {
  const { topics } = store;
  if (!topics) throw new Error('The store keeps no topics.');
  const changes: string[] = [];
  const topicChanges: string[] = [];
  const errors: Error[] = [];
  store.start({
    online: (id) => changes.push(`online ${id}`),
    renewed: (id) => changes.push(`renewed ${id}`),
    offline: (id) => changes.push(`offline ${id}`),
    error: (error) => errors.push(error),
  });
  topics.start({
    online: (topic, id) => topicChanges.push(`online ${topic} ${id}`),
    offline: (topic, id) => topicChanges.push(`offline ${topic} ${id}`),
    known: (topic) => topicChanges.push(`known ${topic}`),
  });
  return { store, topics, changes, topicChanges, errors };
}

/** The topic of {@link enter} and {@link exit}. */
export const ROOM = 'room';

/** A connection of an identity opens, and is subscribed to the {@link ROOM}. */
export function enter({ store, topics }: StartedStore, id: string, connection: string): void {
  store.join(id, connection);
  topics.join(ROOM, id, connection);
}

/** It is lost. */
export function exit({ store, topics }: StartedStore, id: string, connection: string): void {
  topics.leave(ROOM, id, connection, false);
  store.leave(id, connection);
}

/** What was reported of the {@link ROOM} since its list was known, as `changes` tell of all. */
export function changesInRoom({ topicChanges }: StartedStore): string[] {
  const from = topicChanges.indexOf(`known ${ROOM}`) + 1;
  return topicChanges.slice(from).map((change) => change.replace(` ${ROOM} `, ' '));
}

/** Waits until this does not throw, and returns how long it took, in milliseconds. */
export async function until(holds: () => void, timeout = 20_000): Promise<number> {
  const from = performance.now();
  await vi.waitFor(holds, { interval: 10, timeout });
  return performance.now() - from;
}

/** Waits until the changes of each store are exactly these. */
export const allReport = (
  stores: readonly StartedStore[],
  ...expected: string[]
): Promise<number> =>
  until(() => {
    for (const { changes } of stores) expect(changes).toEqual(expected);
  });

/** How many commands a Redis runs in a second, those in scripts included. */
export async function commandsInASecond(redis: Redis): Promise<number> {
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
