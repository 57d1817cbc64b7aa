import type { RedisClient, RedisNode } from './client.ts';
import type { RedisClusterClient } from './cluster-client.ts';
import { ClusterMap } from './cluster-map.ts';
import { slotOf } from './slot.ts';
import { SlotConnection } from './slot-connection.ts';

/** A part of the names of keys and channels, and the Redis that has them. */
export interface Part {
  readonly client: RedisNode;
  /** The start of all names. */
  readonly prefix: string;
}

/**
 * The hash tags of the parts, whose slots lie evenly among all. So each of 2, 3, 4, 6 or 12 masters has equally many of them, and a
 * cluster of up to 12 masters is used as a whole. Each part needs a connection.
 */
export const TAGS: readonly number[] = [556, 640, 230, 116, 200, 670, 620, 536, 146, 996, 176, 506];

/**
 * The time between two checks whether new connections of a part still reach its Redis, in milliseconds. A cluster tells of a
 * slot that has moved, and of a master that has become a replica. Only a master that the others cannot reach goes on.
 */
const CHECK_INTERVAL = 30_000;

/**
 * Returns the parts in which names are spread over Redis: one, or many in a cluster. There all names of a part are in one slot, so
 * that it works like one Redis that fails over when its slot moves.
 *
 * @throws TypeError if the prefix has an empty hash tag in a cluster, where its names would be in many slots.
 */
export function partsOf(client: RedisClient | RedisClusterClient, prefix: string): Part[] {
  if (!('nodeClient' in client)) return [{ client, prefix }];
  if (/^[^{]*\{\}/.test(prefix))
    throw new TypeError(
      `prefix must not contain {} in a cluster: choose another than '${prefix}'.`,
    );
  const map = new ClusterMap(client);
  return TAGS.map((tag, n) => {
    const start = `${prefix}{${tag}}`;
    const slot = slotOf(start);
    // One listener for the errors of the client is enough.
    const listened = n === 0 ? client : undefined;
    const node: RedisNode = {
      checkInterval: CHECK_INTERVAL,
      duplicate: (options) => new SlotConnection(() => map.createClient(slot, options)),
      on: (type, listener) => listened?.on(type, listener),
      off: (type, listener) => listened?.off(type, listener),
    };
    return { client: node, prefix: start };
  });
}
