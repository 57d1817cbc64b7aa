import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { checkWholePeriod } from '../limits/period.ts';
import type { PresenceListener, PresenceStore } from '../presence/store.ts';
import { checkClient, checkPrefix } from './check-client.ts';
import type { RedisClient } from './client.ts';
import { partsOf } from './cluster.ts';
import type { RedisClusterClient } from './cluster-client.ts';
import { PresencePart } from './presence-part.ts';
import type { RedisReporter } from './reporter.ts';
import { crc16 } from './slot.ts';
import { SpreadTopics } from './spread-topics.ts';

/** The options of {@link redisPresence}. All servers that share a store must use the same options. */
export interface RedisPresenceOptions {
  /**
   * How long an identity stays online, and in its topics, after its last connection closed, in whole milliseconds. The default
   * is long enough to reload a page. @defaultValue 5_000
   */
  readonly grace?: number | undefined;
  /**
   * How long a connection counts as open after its server last reached Redis, in whole milliseconds; at least 300. If a
   * server is killed, its clients have this time to reconnect to another server before they go offline. A server renews
   * its leases three times in this period, and needs up to 1.5 s to notice that Redis is lost and 1.9 s to reconnect. So
   * with less than 6_000, a short loss of Redis may show clients as offline. @defaultValue 15_000
   */
  readonly lease?: number | undefined;
  /**
   * The start of the names of keys and channels. Redis channels are the same in all databases of one Redis, so two
   * applications need two prefixes. The `keyPrefix` of the client is not used. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/** The shortest lease, in milliseconds. A server sweeps 30 times in each lease, and timers are exact to about 10 ms. */
const MIN_LEASE = 300;

/**
 * Makes a presence store for all servers that share a Redis: version 6.2 or newer with one node, or a master and its replicas
 * behind an address that leads to the master; or a cluster, version 7 or newer. Sentinel is not supported. The store opens
 * connections of its own with the options of the client; the client itself need not be connected.
 *
 * In a cluster, the identities are in one slot, and topics are spread over all masters. Each part that is used needs a
 * connection: up to 12.
 *
 * While Redis cannot be reached, no identity goes online or offline. If only one server loses Redis, the other servers
 * show its clients as offline when their leases end.
 *
 * Other messages on the Redis channels are ignored; the first one causes an `error` event.
 *
 * @param client - A client of the package `redis`, version 5 or 6: of `createClient()` or `createCluster()`.
 * @throws TypeError if `grace` or `lease` is not a whole number of milliseconds in its range, or an option is unknown.
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * const server = createLifelineServer({ port: 8080, presence: redisPresence(client) });
 * ```
 */
export function redisPresence(
  client: RedisClient | RedisClusterClient,
  options: RedisPresenceOptions = {},
): PresenceStore {
  checkClient('redisPresence()', client);
  checkOptions(options, ['grace', 'lease', 'prefix'], 'redisPresence()');
  const { grace = 5_000, lease = 15_000, prefix = 'lifeline:' } = options;
  checkPrefix(prefix);
  checkWholePeriod('grace', grace, 0);
  checkWholePeriod('lease', lease, MIN_LEASE);
  const parts = partsOf(client, prefix).map((part) => new PresencePart(part, { grace, lease }));
  // Identities are in the first part, topics in all.
  const [identities] = parts as [PresencePart];
  const { connections, view } = identities;
  const outages = new Map<RedisReporter, boolean>();
  let listener: PresenceListener | undefined;
  let isStopped = false;

  return {
    topics: new SpreadTopics(
      parts.map(({ topics }) => topics),
      (topic) => {
        const part = parts[crc16(topic) % parts.length] ?? identities;
        // Only now is a connection for it needed.
        if (listener && !isStopped) part.start(listener, outages);
        return part.topics;
      },
    ),
    start(given) {
      checkUnused(!!listener, 'redisPresence()');
      listener = given;
      identities.start(listener, outages);
    },
    join(id, connection, data) {
      connections.join(id, connection, data);
      identities.wake();
    },
    leave(_id, connection, isFinal = false) {
      connections.leave(connection, isFinal);
      identities.wake();
    },
    seen: (_id, connection) => connections.seen(connection),
    isOnline: (id) => view.has(id),
    list: () => view.list(),
    dataOf: (id) => view.dataOf(id),
    lastSeen: (id) => identities.lastSeen(id),
    async stop() {
      isStopped = true;
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
