import { TIMEOUT } from './redis-link.ts';
import { QUIET } from './redis-scripts.ts';

/** A connection of this server: one that lives, or one that is gone while Redis does not know it yet. */
interface Held {
  readonly id: string;
  readonly connection: string;
  isReported: boolean;
  /** On the clock that never jumps, in milliseconds, as is the next. */
  seenAt: number;
  leftAt: number | null;
}

/** What Redis is told about some connections. */
interface Report {
  /** As the script for it takes them. */
  readonly values: readonly string[];
  /** Redis knows it now. */
  settle(): void;
}

/** The connections of this server, and what Redis is still to be told of them. */
export interface Roll {
  join(id: string, connection: string): void;
  leave(connection: string): void;
  seen(connection: string): void;
  leaveAll(): void;
  /** Redis is to be told of all again. */
  call(): void;
  /** Whether Redis is to be told of some. */
  isDue(): boolean;
  /** Takes so many of which Redis is to be told. Those of a report that is not settled are told at the next call. */
  report(limit: number): Report;
}

/** Makes a {@link Roll}. */
export function createRoll(grace: number): Roll {
  const held = new Map<string, Held>();
  const due = new Set<Held>();

  function leave(one: Held | undefined): void {
    if (!one || one.leftAt !== null) return;
    one.leftAt = performance.now();
    due.add(one);
  }

  function settle(one: Held, wasGone: boolean): void {
    one.isReported = true;
    if (wasGone) held.delete(one.connection);
  }

  return {
    join(id, connection) {
      const one = { id, connection, isReported: false, seenAt: performance.now(), leftAt: null };
      held.set(connection, one);
      due.add(one);
    },
    leave: (connection) => leave(held.get(connection)),
    seen(connection) {
      const one = held.get(connection);
      if (one) one.seenAt = performance.now();
    },
    leaveAll() {
      for (const one of held.values()) leave(one);
    },
    call() {
      for (const one of held.values()) due.add(one);
    },
    isDue: () => due.size > 0,
    report(limit) {
      const now = performance.now();
      const values: string[] = [];
      const settlements: (() => void)[] = [];
      for (const one of due) {
        if (settlements.length === limit) break;
        due.delete(one);
        values.push(...describe(one, now, grace));
        settlements.push(settle.bind(null, one, one.leftAt !== null));
      }
      return {
        values,
        settle() {
          for (const each of settlements) each();
        },
      };
    },
  };
}

/** Event, identity, connection, time since it was seen, time until the identity goes offline if it was the last. */
function describe(one: Held, now: number, grace: number): string[] {
  const gone = one.leftAt === null ? 0 : now - one.leftAt;
  // Redis was away: whoever has gone to another server meanwhile is reported by that one soon.
  const isLate = gone > TIMEOUT;
  const wait = isLate ? Math.max(grace - gone, QUIET) : grace - gone;
  return [
    eventOf(one, isLate),
    JSON.stringify(one.id),
    one.connection,
    String(Math.round(now - one.seenAt)),
    String(Math.round(wait)),
  ];
}

function eventOf({ leftAt, isReported }: Held, isLate: boolean): 'join' | 'leave' | 'visit' {
  if (leftAt === null) return 'join';
  // One that came and went before Redis heard of it was online, unless that is history.
  return isReported || isLate ? 'leave' : 'visit';
}
