import { TIMEOUT } from './link.ts';
import { QUIET } from './scripts.ts';

/** A connection of this server: one that lives, or one that is gone while Redis does not know it yet. */
interface Held {
  readonly id: string;
  readonly connection: string;
  /** Whether Redis knows it: maybe, where it was in a report that was not answered. */
  known: 'no' | 'maybe' | 'yes';
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
  /** Those that came and went before any report, in the order in which they went. */
  const missed = new Set<Held>();

  function leave(one: Held | undefined): void {
    if (!one || one.leftAt !== null) return;
    one.leftAt = performance.now();
    due.add(one);
    if (one.known === 'no') missed.add(one);
    forget();
  }

  /** Drops the missed ones that keep nobody online any more: they would fill the memory for as long as Redis is away. */
  function forget(): void {
    const now = performance.now();
    for (const one of missed) {
      if (goneFor(one, now) <= Math.max(grace, TIMEOUT)) return;
      for (const set of [missed, due]) set.delete(one);
      held.delete(one.connection);
    }
  }

  function settle(one: Held, wasGone: boolean): void {
    one.known = 'yes';
    if (wasGone) held.delete(one.connection);
  }

  return {
    join(id, connection) {
      const one: Held = { id, connection, known: 'no', seenAt: performance.now(), leftAt: null };
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
        for (const set of [missed, due]) set.delete(one);
        if (one.known === 'no') one.known = 'maybe';
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
  const rest = grace - goneFor(one, now);
  // Whoever has gone to another server meanwhile is reported by that one soon.
  const wait = isLate(one, now) ? Math.max(rest, QUIET) : rest;
  return [
    eventOf(one, now),
    JSON.stringify(one.id),
    one.connection,
    String(Math.round(now - one.seenAt)),
    String(Math.round(wait)),
  ];
}

function eventOf(one: Held, now: number): 'join' | 'leave' | 'visit' {
  if (one.leftAt === null) return 'join';
  // One that came and went before Redis heard of it was online, unless that is history.
  return one.known === 'yes' || isLate(one, now) ? 'leave' : 'visit';
}

function goneFor({ leftAt }: Held, now: number): number {
  return leftAt === null ? 0 : now - leftAt;
}

/** Whether Redis was away when it went. */
function isLate(one: Held, now: number): boolean {
  return goneFor(one, now) > TIMEOUT;
}
