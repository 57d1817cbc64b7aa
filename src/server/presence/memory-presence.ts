import { isPeriod, MAX_PERIOD } from '../limits/period.ts';
import type { PresenceListener, PresenceStore } from './store.ts';

/** What can be said about a store in memory. */
export interface MemoryPresenceOptions {
  /**
   * How long an identity stays online after its last connection has gone, in milliseconds: long enough for a reload of
   * the page. @defaultValue 5_000
   */
  readonly grace?: number | undefined;
}

/** How many identities are remembered after they went offline; the oldest is forgotten first. */
const REMEMBERED = 10_000;

interface Present {
  /** Empty during the grace. */
  readonly connections: Set<string>;
  /** In epoch milliseconds. */
  seen: number;
}

/**
 * Presence of one server, in its memory.
 *
 * @throws TypeError where `grace` is not such a number, or over 2147483647, which is 24.8 days.
 */
export function memoryPresence({ grace = 5_000 }: MemoryPresenceOptions = {}): PresenceStore {
  if (!isPeriod(grace))
    throw new TypeError(`grace must be a number from 0 to ${MAX_PERIOD}, not ${String(grace)}.`);
  let listener: PresenceListener | undefined;
  const present = new Map<string, Present>();
  // The end of each grace, on a clock that never jumps; in order, as all are as long.
  const leaving = new Map<string, number>();
  const past = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function expire(): void {
    timer = undefined;
    for (const [id, end] of leaving) {
      const rest = end - performance.now();
      if (rest > 0) {
        timer = setTimeout(expire, rest);
        return;
      }
      leaving.delete(id);
      remember(id, present.get(id)?.seen);
      present.delete(id);
      listener?.offline(id);
    }
  }

  function remember(id: string, seen = Date.now()): void {
    past.set(id, seen);
    if (past.size <= REMEMBERED) return;
    for (const oldest of past.keys()) return void past.delete(oldest);
  }

  return {
    start(given) {
      if (listener)
        throw new Error('This memoryPresence() belongs to another server: make one for each.');
      listener = given;
    },
    join(id, connection) {
      leaving.delete(id);
      past.delete(id);
      const known = present.get(id);
      if (known) {
        known.connections.add(connection);
        known.seen = Date.now();
        return;
      }
      present.set(id, { connections: new Set([connection]), seen: Date.now() });
      listener?.online(id);
    },
    leave(id, connection) {
      const connections = present.get(id)?.connections;
      if (!connections?.delete(connection) || connections.size > 0) return;
      leaving.set(id, performance.now() + grace);
      timer ??= setTimeout(expire, grace);
    },
    seen(id, connection) {
      const known = present.get(id);
      if (known?.connections.has(connection)) known.seen = Date.now();
    },
    isOnline: (id) => present.has(id),
    list: () => [...present.keys()],
    lastSeen: async (id) => present.get(id)?.seen ?? past.get(id) ?? null,
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      for (const map of [present, leaving, past]) map.clear();
    },
  };
}
