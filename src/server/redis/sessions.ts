import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { readCounts } from '../limits/counts.ts';
import { checkWholePeriod } from '../limits/period.ts';
import type { SessionStore } from '../sessions/store.ts';
import { checkClient, checkPrefix } from './check-client.ts';
import type { RedisClient } from './client.ts';
import { type Part, partsOf } from './cluster.ts';
import type { RedisClusterClient } from './cluster-client.ts';
import { RedisReporter } from './reporter.ts';
import { SessionPart } from './session-part.ts';
import { crc16 } from './slot.ts';

/** The options of {@link redisSessions}. All servers that share a store must use the same options. */
export interface RedisSessionsOptions {
  /** How long replies are kept after the last link of a client, in milliseconds. @defaultValue 120_000 */
  readonly ttl?: number | undefined;
  /**
   * How long the number of the last message is kept, in milliseconds: longer than clients keep what they have sent, which is 12 h.
   * @defaultValue 86_400_000 (24 h)
   */
  readonly numberTtl?: number | undefined;
  /**
   * How long an outbox belongs to a server that Redis has not heard of, in whole milliseconds; at least 300. When a server is killed,
   * another one takes up its sessions after this time. A server renews its lease three times in this period, and handles nothing
   * while it may have ended. @defaultValue 15_000
   */
  readonly lease?: number | undefined;
  /**
   * How many outboxes are remembered. The one that was used least recently, and has no link, is forgotten first. In a cluster, a
   * twelfth of it in each part. @defaultValue 1_000_000
   */
  readonly max?: number | undefined;
  /** How many outboxes of an identity. @defaultValue 64 */
  readonly maxPerIdentity?: number | undefined;
  /**
   * The start of the names of keys and channels. Redis channels are the same in all databases of one Redis, so two
   * applications need two prefixes. The `keyPrefix` of the client is not used. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

const DEFAULTS = {
  ttl: 120_000,
  numberTtl: 86_400_000,
  lease: 15_000,
  max: 1_000_000,
  maxPerIdentity: 64,
};

/** The shortest lease, in milliseconds: timers are exact to about 10 ms. */
const MIN_LEASE = 300;

const MEANWHILE =
  'Until it is back, nothing is confirmed: clients keep their messages, and wait for their sessions.';

/**
 * Remembers sessions in a Redis that servers share: a client goes on at any of them, also after its server was killed, and each
 * message is handled once. It needs version 6.2 or newer with one node, or a master and its replicas behind an address that leads to
 * the master; or a cluster, version 7 or newer. The store opens connections of its own with the options of the client: one, or up to
 * 12 in a cluster. The client itself need not be connected.
 *
 * A message whose handler had begun when its server was killed is handled again at the next one, with the same number. If Redis
 * fails over or restarts, nobody knows what it may have lost: clients that were not connected meanwhile are told that what was not
 * confirmed is uncertain.
 *
 * @param client - A client of the package `redis`, version 5 or 6: of `createClient()` or `createCluster()`.
 * @throws TypeError if an option is unknown or not valid.
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * const server = createLifelineServer({ port: 8080, sessions: redisSessions(client) });
 * ```
 */
export function redisSessions(
  client: RedisClient | RedisClusterClient,
  options: RedisSessionsOptions = {},
): SessionStore {
  checkClient('redisSessions()', client);
  checkOptions(options, [...Object.keys(DEFAULTS), 'prefix'], 'redisSessions()');
  const { prefix = 'lifeline:', ...counts } = options;
  checkPrefix(prefix);
  const bounds = readCounts(counts, DEFAULTS);
  const { ttl, numberTtl, lease } = bounds;
  checkWholePeriod('ttl', ttl, 1);
  checkWholePeriod('numberTtl', numberTtl, 1);
  checkWholePeriod('lease', lease, MIN_LEASE);
  const places = partsOf(client, prefix);
  const partOptions = {
    ...bounds,
    // Scripts know no Infinity.
    max: Math.min(Math.ceil(bounds.max / places.length), Number.MAX_SAFE_INTEGER),
    maxPerIdentity: Math.min(bounds.maxPerIdentity, Number.MAX_SAFE_INTEGER),
  };
  const parts = new Map<Part, SessionPart>();
  let isStarted = false;
  let create: ((place: Part) => SessionPart) | undefined;

  /** The part of an outbox: all of one owner are in the same. Only now is a connection for it needed. */
  function partOf(outbox: string): SessionPart {
    const owner = outbox.slice(0, outbox.lastIndexOf(' '));
    const place = places[crc16(owner) % places.length] as Part;
    const part = parts.get(place) ?? create?.(place);
    if (!part)
      throw new Error('The session store belongs to no server, or to one that has closed.');
    parts.set(place, part);
    return part;
  }

  return {
    ttl,
    get size() {
      return [...parts.values()].reduce((sum, part) => sum + part.size, 0);
    },
    start(listener) {
      checkUnused(isStarted, 'redisSessions()');
      isStarted = true;
      const outages = new Map<RedisReporter, boolean>();
      const report = (error: Error) => listener.error(error);
      create = (place) =>
        new SessionPart(
          place,
          partOptions,
          listener,
          new RedisReporter(report, MEANWHILE, outages),
        );
    },
    claim: (_owner, outbox, epoch, isWanted = () => true) =>
      partOf(outbox).claim(outbox, epoch, isWanted),
    save: (outbox, record) => partOf(outbox).save(outbox, record),
    release: (_owner, outbox, record, running = []) =>
      partOf(outbox).release(outbox, record, running),
    forget: (_owner, outbox) => partOf(outbox).forget(outbox),
    async stop() {
      create = undefined;
      await Promise.all([...parts.values()].map((part) => part.stop()));
    },
    shared: {
      waitFor: (outbox) => partOf(outbox).waitFor(outbox),
      reply: (outbox, id, reply) => void partOf(outbox).reply(outbox, id, reply),
      abort: (outbox, id) => partOf(outbox).abort(outbox, id),
    },
  };
}
