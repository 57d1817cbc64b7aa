import type { BroadcastChannel } from '../broadcasts/channel.ts';
import { checkOptions } from '../checks/check-options.ts';
import { BroadcastRelay } from './broadcast-relay.ts';
import { checkClient, checkPrefix } from './check-client.ts';
import type { RedisClient } from './client.ts';

/** The options of {@link redisBroadcast}. All servers that share a channel must use the same options. */
export interface RedisBroadcastOptions {
  /**
   * The start of the channel name. Redis channels are the same in all databases of one Redis, so two applications need
   * two prefixes. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/**
 * Makes a channel that carries broadcasts between all servers that share a Redis. It opens its own connection with the
 * options of the client; the client itself need not be connected. While Redis cannot be reached, a broadcast reaches only
 * the clients of its own server. Other servers ignore a broadcast that arrives more than 5 s late. After a failover
 * of Redis, the channel finds the new master by the address of the client: within 1 s when the old one becomes a replica.
 *
 * A server gets the broadcasts of a topic while it has a subscriber there, and 5 s longer. They arrive from the moment at which
 * Redis has confirmed the subscription of its first one. What answers a later broadcast of this server comes after that moment.
 * The broadcasts of one server arrive in the order in which it made them.
 *
 * Other messages on the Redis channels are ignored; the first one causes an `error` event.
 *
 * @param client - A client of the package `redis`, version 5 or 6.
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * const server = createLifelineServer({ port: 8080, broadcasts: redisBroadcast(client) });
 * ```
 */
export function redisBroadcast(
  client: RedisClient,
  options: RedisBroadcastOptions = {},
): BroadcastChannel {
  checkClient('redisBroadcast()', client);
  checkOptions(options, ['prefix'], 'redisBroadcast()');
  const { prefix = 'lifeline:' } = options;
  checkPrefix(prefix);
  let relay: BroadcastRelay | undefined;
  return {
    start(listener) {
      if (relay)
        throw new Error(
          'This redisBroadcast() already belongs to a server: make one for each server.',
        );
      relay = new BroadcastRelay(client, prefix, listener);
      relay.start();
    },
    publish: (broadcast) => relay?.publish(broadcast),
    follow: (topic) => relay?.follow(topic),
    unfollow: (topic) => relay?.unfollow(topic),
    async stop() {
      await relay?.stop();
    },
  };
}
