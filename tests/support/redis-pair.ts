import { createClient } from 'redis';
import { vi } from 'vitest';
import { type Redis, startRedis } from './redis.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A master and its replica behind one address that leads to the master. */
export interface RedisPair {
  readonly first: Redis;
  readonly second: Redis;
  readonly address: TcpProxy;
  /** The url of the address. */
  readonly url: string;
  /** Sends a command to a Redis, and returns its answer. */
  asks(redis: Redis, ...command: string[]): Promise<unknown>;
  /** Makes one of them a replica of the other, and waits until it has the data. */
  follows(replica: Redis, master: Redis): Promise<void>;
  /** The replica becomes the master, the master its replica. New connections lead there; present ones go on. */
  failsOver(to: Redis, from: Redis): Promise<void>;
  ends(): Promise<void>;
}

export async function startRedisPair(): Promise<RedisPair> {
  const [first, second] = await Promise.all([startRedis(), startRedis()]);
  const address = await startTcpProxy(first.port);

  const pair: RedisPair = {
    first,
    second,
    address,
    url: `redis://127.0.0.1:${address.port}`,
    async asks(redis, ...command) {
      const client = await createClient({ url: redis.url }).connect();
      try {
        return await client.sendCommand(command);
      } finally {
        client.destroy();
      }
    },
    async follows(replica, master) {
      await pair.asks(replica, 'REPLICAOF', '127.0.0.1', String(master.port));
      const hasData = async () => {
        const info = String(await pair.asks(replica, 'INFO', 'replication'));
        if (!info.includes('master_link_status:up')) throw new Error(`It does not follow: ${info}`);
      };
      await vi.waitFor(hasData, { interval: 20, timeout: 20_000 });
    },
    async failsOver(to, from) {
      await pair.asks(to, 'REPLICAOF', 'NO', 'ONE');
      await address.leadsTo(to.port);
      await pair.asks(from, 'REPLICAOF', '127.0.0.1', String(to.port));
    },
    async ends() {
      await address.stops();
      await Promise.all([first.ends(), second.ends()]);
    },
  };
  // Otherwise a replica waits for 5 s, since more of them might come.
  for (const redis of [first, second])
    await pair.asks(redis, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  await pair.follows(second, first);
  return pair;
}
