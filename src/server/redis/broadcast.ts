import type { BroadcastChannel } from '../broadcasts/channel.ts';
import { BroadcastRelay } from './broadcast-relay.ts';
import type { RedisClient } from './client.ts';

/** The options of {@link redisBroadcast}. All servers that share a channel use the same. */
export interface RedisBroadcastOptions {
  /**
   * What the name of the channel begins with. Channels know no database numbers: two applications in one Redis need two
   * prefixes. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/**
 * Carries broadcasts between all servers that share a Redis, over its publish/subscribe. The channel makes a connection
 * of its own with the options of the client, which may be connected or not. What is broadcast while Redis is away
 * reaches only the clients of its own server, and so does what would reach the others later than 5 s.
 *
 * A message on its channel that is no broadcast is ignored, and reported by one `error`.
 */
export function redisBroadcast(
  client: RedisClient,
  { prefix = 'lifeline:' }: RedisBroadcastOptions = {},
): BroadcastChannel {
  let relay: BroadcastRelay | undefined;
  return {
    start(listener) {
      if (relay)
        throw new Error('This channel was given to a server already: make one for each server.');
      relay = new BroadcastRelay(client, `${prefix}broadcast`, listener);
      relay.start();
    },
    publish: (broadcast) => relay?.publish(broadcast),
    async stop() {
      await relay?.stop();
    },
  };
}
