import { createClient } from 'redis';
import { type Redis, startRedis } from '../../support/redis.ts';
import { type RedisPair, startRedisPair } from '../../support/redis-pair.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** Parts of the world of a test that each starts if it is asked for. */
export interface RealRedis {
  redis: Redis;
  /** A connection to the Redis for commands. */
  admin: { sendCommand(command: readonly string[]): Promise<unknown> };
  /** A network in front of the Redis that can fail. */
  proxy: TcpProxy;
  /** A master and a replica. */
  pair: RedisPair;
}

type Provide<Part> = (part: Part) => Promise<void>;

/** The fixtures that make them. */
export const realRedis = {
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  redis: async ({}, provide: Provide<Redis>) => {
    const redis = await startRedis();
    await provide(redis);
    await redis.ends();
  },
  admin: async ({ redis }: Pick<RealRedis, 'redis'>, provide: Provide<RealRedis['admin']>) => {
    const admin = createClient({ url: redis.url }).on('error', () => {});
    await admin.connect();
    await provide(admin);
    admin.destroy();
  },
  proxy: async ({ redis }: Pick<RealRedis, 'redis'>, provide: Provide<TcpProxy>) => {
    const proxy = await startTcpProxy(redis.port);
    await provide(proxy);
    await proxy.stops();
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  pair: async ({}, provide: Provide<RedisPair>) => {
    const pair = await startRedisPair();
    await provide(pair);
    await pair.ends();
  },
};
