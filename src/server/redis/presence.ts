import { MAX_PERIOD } from '../limits/period.ts';
import type { PresenceStore } from '../presence/store.ts';
import type { RedisClient } from './client.ts';
import type { RedisLink } from './link.ts';
import { LocalConnections } from './local-connections.ts';
import { OnlineView } from './online-view.ts';
import { PresenceSync } from './presence-sync.ts';
import { Reconnector } from './reconnector.ts';
import { RedisReporter } from './reporter.ts';

/** The options of {@link redisPresence}. All servers that share a store use the same. */
export interface RedisPresenceOptions {
  /**
   * How long an identity stays online after its last connection has gone, in whole milliseconds: long enough for a
   * reload of the page. @defaultValue 5_000
   */
  readonly grace?: number | undefined;
  /**
   * How long a connection counts after its server last reached Redis, in whole milliseconds, at least 300. The clients of
   * a server that was killed go offline after it, and have so long to reconnect to another one. With less than 6_000, the
   * clients of a server that loses Redis for a moment may go offline for the others: a server renews its leases three
   * times in this period, and may need 1.5 s to notice the loss and 1.9 s to be back. @defaultValue 15_000
   */
  readonly lease?: number | undefined;
  /**
   * What the names of keys and channels begin with. Channels know no database numbers: two applications in one Redis
   * need two prefixes. The client's own `keyPrefix` is not used. @defaultValue 'lifeline:'
   */
  readonly prefix?: string | undefined;
}

/** The shortest lease, in milliseconds. A server sweeps every 30th of it, and timers are exact to some 10 ms. */
const MIN_LEASE = 300;

/**
 * Presence of all servers that share a Redis, 6.2 or newer; neither a cluster nor a sentinel. The store makes a
 * connection of its own with the options of the client, which may be connected or not.
 *
 * While Redis is away, nobody goes offline for it, nor online. Two servers of which one alone has lost Redis cannot know
 * that of each other: the clients of that one go offline for the others when their leases end.
 *
 * A message on its channels that no store can have sent is ignored, and reported by one `error`.
 *
 * @throws TypeError where a period is not such a number.
 */
export function redisPresence(
  client: RedisClient,
  { grace = 5_000, lease = 15_000, prefix = 'lifeline:' }: RedisPresenceOptions = {},
): PresenceStore {
  checkPeriod('grace', grace, 0);
  checkPeriod('lease', lease, MIN_LEASE);
  const connections = new LocalConnections(grace);
  const view = new OnlineView();
  const sync = new PresenceSync({ prefix, lease }, connections, view);
  let reconnector: Reconnector | undefined;

  return {
    start(listener) {
      if (reconnector)
        throw new Error('This store was given to a server already: make one for each server.');
      const reporter = new RedisReporter(
        (error) => listener.error(error),
        'Who is online stays as it is until Redis is back, and is then brought up to date.',
      );
      const work = (link: RedisLink) => sync.run(link, listener, reporter);
      reconnector = new Reconnector(client, work, reporter);
      reconnector.start();
    },
    join(id, connection) {
      connections.join(id, connection);
      reconnector?.wake();
    },
    leave(_id, connection) {
      connections.leave(connection);
      reconnector?.wake();
    },
    seen: (_id, connection) => connections.seen(connection),
    isOnline: (id) => view.has(id),
    list: () => view.list(),
    lastSeen: (id) => sync.lastSeen(id),
    async stop() {
      connections.leaveAll();
      await reconnector?.stop();
    },
  };
}

function checkPeriod(name: string, period: number, min: number): void {
  if (!Number.isInteger(period) || period < min || period > MAX_PERIOD)
    throw new TypeError(
      `${name} must be a whole number from ${min} to ${MAX_PERIOD}, not ${String(period)}.`,
    );
}
