import type { Broadcast, BroadcastChannel, BroadcastListener } from '../broadcasts/channel.ts';
import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { BroadcastRelay } from './broadcast-relay.ts';
import { checkClient, checkPrefix } from './check-client.ts';
import type { RedisClient } from './client.ts';
import { type Part, partsOf } from './cluster.ts';
import type { RedisClusterClient } from './cluster-client.ts';
import { Publisher } from './publisher.ts';
import { RedisReporter } from './reporter.ts';
import { crc16 } from './slot.ts';

const MEANWHILE =
  'Broadcasts reach only the clients of their own server until Redis is back; in a cluster, perhaps only those of some topics.';

/** The options of {@link redisBroadcast}. All servers that share a channel must use the same options. */
export interface RedisBroadcastOptions {
  /**
   * The start of the channel name. Redis channels are the same in all databases of one Redis, so two applications need
   * two prefixes. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/**
 * Makes a channel that carries broadcasts between all servers that share a Redis, or a cluster of version 7 or newer. It opens
 * connections of its own with the options of the client: one, or 12 in a cluster. The client itself need not be connected. While Redis cannot be reached, a broadcast reaches only
 * the clients of its own server. Other servers ignore a broadcast that arrives more than 5 s late. After a failover
 * of Redis, the channel finds the new master by the address of the client: within 1 s when the old one becomes a replica.
 *
 * A server gets the broadcasts of a topic while it has a subscriber there, and 5 s longer. They arrive from the moment at which
 * Redis has confirmed the subscription of its first one. What answers a later broadcast of this server comes after that moment.
 * The broadcasts of one server arrive in the order in which it made them. In a cluster, both hold only within each topic.
 *
 * Other messages on the Redis channels are ignored; the first one causes an `error` event.
 *
 * @param client - A client of the package `redis`, version 5 or 6: of `createClient()` or `createCluster()`.
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * const server = createLifelineServer({ port: 8080, broadcasts: redisBroadcast(client) });
 * ```
 */
export function redisBroadcast(
  client: RedisClient | RedisClusterClient,
  options: RedisBroadcastOptions = {},
): BroadcastChannel {
  checkClient('redisBroadcast()', client);
  checkOptions(options, ['prefix'], 'redisBroadcast()');
  const { prefix = 'lifeline:' } = options;
  checkPrefix(prefix);
  const parts = partsOf(client, prefix);
  let relays: readonly BroadcastRelay[] = [];
  const relayOf = (topic = '') => relays[crc16(topic) % relays.length];
  return {
    start(listener) {
      checkUnused(relays.length > 0, 'redisBroadcast()');
      relays = createRelays(parts, listener);
      // What is for all clients, and disconnections.
      relayOf()?.follow('');
      for (const relay of relays) relay.start();
    },
    publish: (broadcast) => relayOf(broadcast.topic)?.publish(broadcast),
    follow: (topic) => relayOf(topic)?.follow(topic),
    unfollow: (topic) => relayOf(topic)?.unfollow(topic),
    async stop() {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
  };
}

function createRelays(parts: readonly Part[], listener: BroadcastListener): BroadcastRelay[] {
  const report = (error: Error) => listener.error(error);
  const deliver = (broadcast: Broadcast) => listener.deliver(broadcast);
  const publisher = new Publisher(report);
  const outages = new Map<RedisReporter, boolean>();
  const onLost = () => {
    // A master that is lost has several parts. When all notice it at once, it is one outage.
    for (const relay of relays) relay.check();
  };
  const relays = parts.map((part) => {
    const reporter = new RedisReporter(report, MEANWHILE, outages);
    return new BroadcastRelay(part, { deliver, reporter, publisher, onLost });
  });
  return relays;
}
