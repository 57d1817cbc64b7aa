import { createClient } from 'redis';
import { expect, test as base, vi } from 'vitest';
import {
  redisPresence,
  type PresenceStore,
  type RedisPresenceOptions,
} from '../../../src/server.ts';
import { type Redis, startRedis } from '../../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** A store, as one of several servers has it, and what its server was told. */
export interface Witness {
  readonly store: PresenceStore;
  /** `online ann`, `offline ann`, in order. */
  readonly heard: string[];
  readonly errors: Error[];
}

interface Fixtures {
  redis: Redis;
  /** A network before the Redis, which can be bad. */
  proxy: TcpProxy;
  /** A store on the Redis, or on the network before it; short periods unless it is told otherwise. */
  open: (options?: RedisPresenceOptions, port?: number) => Witness;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  redis: async ({}, use) => {
    const redis = await startRedis();
    await use(redis);
    await redis.ends();
  },
  proxy: async ({ redis }, use) => {
    const proxy = await startTcpProxy(redis.port);
    await use(proxy);
    await proxy.stops();
  },
  open: async ({ redis }, use) => {
    const stores: PresenceStore[] = [];
    await use((options, port = redis.port) => {
      const witness = openStore(`redis://127.0.0.1:${port}`, options);
      stores.push(witness.store);
      return witness;
    });
    await Promise.all(stores.map((store) => store.stop()));
  },
});

/** Starts a store of its own; short periods unless it is told otherwise. */
export function openStore(url: string, options?: RedisPresenceOptions): Witness {
  const store = redisPresence(createClient({ url }), { grace: 200, lease: 1_500, ...options });
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
    // oxlint-disable-next-line vitest/no-standalone-expect -- only tests call this
    for (const { heard } of witnesses) expect(heard).toEqual(expected);
  });
