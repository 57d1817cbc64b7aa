import { isPeriod, MAX_PERIOD } from '../limits/period.ts';
import { checkOptions, checkUnused } from '../checks/check-options.ts';
import { describe } from '../checks/describe.ts';
import { Graces } from './graces.ts';
import { MemoryTopics } from './memory-topics.ts';
import type { PresenceListener, PresenceStore } from './store.ts';

/** The options of {@link memoryPresence}. */
export interface MemoryPresenceOptions {
  /**
   * How long an identity stays online, and in its topics, after its last connection closed, in milliseconds. The default is long enough to
   * reload a page. @defaultValue 5_000
   */
  readonly grace?: number | undefined;
}

/** How many offline identities are remembered. The one that went offline first is forgotten first. */
const MAX_REMEMBERED = 10_000;

/** The state of an identity that is online. */
interface Presence {
  /** The ids of its connections; empty during the grace period. */
  readonly connections: Set<string>;
  /** When its last sign of life came, in milliseconds since the Unix epoch. */
  lastSeen: number;
  /** Its public data, as JSON. */
  data: string | undefined;
}

/**
 * Makes a presence store in the memory of one server.
 *
 * @throws TypeError if `grace` is not a number from 0 to 2147483647 (24.8 days), or an option is unknown.
 * @example
 * ```ts
 * const server = createLifelineServer({ port: 8080, presence: memoryPresence({ grace: 10_000 }) });
 * ```
 */
export function memoryPresence(options: MemoryPresenceOptions = {}): PresenceStore {
  checkOptions(options, ['grace'], 'memoryPresence()');
  const { grace = 5_000 } = options;
  if (!isPeriod(grace))
    throw new TypeError(`grace must be a number from 0 to ${MAX_PERIOD}, not ${describe(grace)}.`);
  let listener: PresenceListener | undefined;
  const online = new Map<string, Presence>();
  const lastSeenOffline = new Map<string, number>();
  const graces = new Graces(grace, goOffline);
  const topics = new MemoryTopics(grace);

  function goOffline(id: string): void {
    remember(id, online.get(id)?.lastSeen);
    online.delete(id);
    listener?.offline(id);
  }

  function remember(id: string, lastSeen = Date.now()): void {
    lastSeenOffline.set(id, lastSeen);
    if (lastSeenOffline.size <= MAX_REMEMBERED) return;
    for (const oldest of lastSeenOffline.keys()) return void lastSeenOffline.delete(oldest);
  }

  /** Another connection of an identity that is online. */
  function joinAgain(id: string, presence: Presence, connection: string, data?: string): void {
    graces.cancel(id);
    presence.connections.add(connection);
    presence.lastSeen = Date.now();
    if (presence.data === data) return;
    presence.data = data;
    listener?.renewed(id);
  }

  return {
    topics,
    start(given) {
      checkUnused(!!listener, 'memoryPresence()');
      listener = given;
    },
    join(id, connection, data) {
      const presence = online.get(id);
      if (presence) return joinAgain(id, presence, connection, data);
      lastSeenOffline.delete(id);
      online.set(id, { connections: new Set([connection]), lastSeen: Date.now(), data });
      listener?.online(id);
    },
    leave(id, connection, isFinal) {
      const connections = online.get(id)?.connections;
      if (!connections?.delete(connection) || connections.size > 0) return;
      if (isFinal) goOffline(id);
      else graces.start(id);
    },
    seen(id, connection) {
      const presence = online.get(id);
      if (presence?.connections.has(connection)) presence.lastSeen = Date.now();
    },
    isOnline: (id) => online.has(id),
    list: () => [...online.keys()],
    dataOf: (id) => online.get(id)?.data,
    lastSeen: async (id) => online.get(id)?.lastSeen ?? lastSeenOffline.get(id) ?? null,
    async stop() {
      graces.stop();
      topics.stop();
      online.clear();
      lastSeenOffline.clear();
    },
  };
}
