import { checkOptions, checkUnused } from '../checks/check-options.ts';
import type { HistoryListener, HistoryStore } from '../history/store.ts';
import { readCounts } from '../limits/counts.ts';
import { checkClient, checkPrefix } from './check-client.ts';
import type { RedisClient } from './client.ts';
import { partsOf } from './cluster.ts';
import type { RedisClusterClient } from './cluster-client.ts';
import type { HistoryBounds } from './history-link.ts';
import { HistoryPart } from './history-part.ts';
import type { RedisReporter } from './reporter.ts';
import { crc16 } from './slot.ts';

/** The options of {@link redisHistory}. All servers that share a history must use the same options. */
export interface RedisHistoryOptions {
  /** How many messages of a topic are kept. @defaultValue 100 */
  readonly perTopic?: number | undefined;
  /** How many bytes a topic may take, with 200 for each message. Above it, the oldest messages are dropped. @defaultValue 1_048_576 (1 MiB) */
  readonly bytesPerTopic?: number | undefined;
  /** How long a message is kept, in milliseconds. The last number of a topic is kept for 24 h more. @defaultValue 120_000 */
  readonly ttl?: number | undefined;
  /**
   * How many topics are kept, those of identities included; of each about 300 bytes beside its messages. The one that was used least recently is forgotten first, but none that
   * was used in the last minute, or that anybody is subscribed to. In a cluster, each of 12 parts keeps its share. @defaultValue 100_000
   */
  readonly topics?: number | undefined;
  /**
   * The start of the names of keys and channels. Redis channels are the same in all databases of one Redis, so two
   * applications need two prefixes. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

const DEFAULTS: HistoryBounds = {
  perTopic: 100,
  bytesPerTopic: 1_048_576,
  ttl: 120_000,
  topics: 100_000,
};

/**
 * Keeps the last messages of topics in Redis, for all servers that share it: version 6.2 or newer with one node, or a master and its
 * replicas behind an address that leads to the master; or a cluster, version 7 or newer. All servers hear the messages of a topic in the same order, and a client that
 * comes back to another server gets what it has missed. The history opens connections of its own with the options of the
 * client: one, or up to 12 in a cluster. The client itself need not be connected.
 *
 * A message is recorded once, also if the connection is lost in the middle. It waits for Redis for 10 s; then the promise of `broadcast()` rejects. Only topics to which a
 * client with a session was subscribed in the last 24 h are recorded. After a restart, a failover or a flush of Redis, records may be missing, so that each topic begins anew, and its clients are told of a gap.
 *
 * @param client - A client of the package `redis`, version 5 or 6: of `createClient()` or `createCluster()`.
 * @throws TypeError if an option is unknown or not valid.
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * createLifelineServer({ sessions: memorySessions(), history: redisHistory(client), broadcasts: redisBroadcast(client) });
 * ```
 */
export function redisHistory(
  client: RedisClient | RedisClusterClient,
  options: RedisHistoryOptions = {},
): HistoryStore {
  checkClient('redisHistory()', client);
  checkOptions(options, [...Object.keys(DEFAULTS), 'prefix'], 'redisHistory()');
  const { prefix = 'lifeline:', ...counts } = options;
  checkPrefix(prefix);
  const bounds = readCounts(counts, DEFAULTS);
  const places = partsOf(client, prefix);
  const topics = Math.ceil(bounds.topics / places.length);
  const parts = places.map((place) => new HistoryPart(place, { ...bounds, topics }));
  const outages = new Map<RedisReporter, boolean>();
  let listener: HistoryListener | undefined;
  let isStopped = false;

  /** Returns the part of a topic. Only now is a connection for it needed. */
  function partOf(topic: string): HistoryPart {
    const part = parts[crc16(topic) % parts.length] as HistoryPart;
    if (listener && !isStopped) part.start(listener, outages);
    return part;
  }

  return {
    isShared: true,
    start(given) {
      checkUnused(!!listener, 'redisHistory()');
      listener = given;
    },
    follow: (topic) => partOf(topic).follow(topic),
    unfollow: (topic) => partOf(topic).unfollow(topic),
    publish: (topic, message) => partOf(topic).publish(topic, message),
    read: (topic, position) => partOf(topic).read(topic, position),
    async stop() {
      isStopped = true;
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
