import { ANSWER_TIMEOUT, RESTORE_PERIOD } from './timing.ts';

/** A connection of this server: one that is open, or one that is gone while Redis does not know it yet. */
interface LocalConnection {
  readonly id: string;
  readonly connection: string;
  /** Whether Redis knows of the connection: maybe, where it was in a report that was not confirmed. */
  isInRedis: 'no' | 'maybe' | 'yes';
  /** In the time of `performance.now()`, which never jumps, as is the next. */
  seenAt: number;
  leftAt: number | null;
}

/** What Redis is told about some connections. */
interface Report {
  /** The arguments of the script `report`. */
  readonly values: readonly string[];
  /** Redis has taken the report. */
  confirm(): void;
}

/**
 * The connections of this server, and which of them Redis must still be told of. A connection stays here until Redis has
 * confirmed its end.
 */
export class LocalConnections {
  readonly #grace: number;
  readonly #all = new Map<string, LocalConnection>();
  readonly #unreported = new Set<LocalConnection>();
  /** Those that came and went before any report, in the order in which they went. */
  readonly #neverReported = new Set<LocalConnection>();

  constructor(grace: number) {
    this.#grace = grace;
  }

  /** Whether there is something to report. */
  get hasUnreported(): boolean {
    return this.#unreported.size > 0;
  }

  join(id: string, connection: string): void {
    const joined: LocalConnection = {
      id,
      connection,
      isInRedis: 'no',
      seenAt: performance.now(),
      leftAt: null,
    };
    this.#all.set(connection, joined);
    this.#unreported.add(joined);
  }

  leave(connection: string): void {
    this.#leave(this.#all.get(connection));
  }

  leaveAll(): void {
    for (const connection of this.#all.values()) this.#leave(connection);
  }

  seen(connection: string): void {
    const known = this.#all.get(connection);
    if (known) known.seenAt = performance.now();
  }

  /** Redis is to be told of all connections again, which renews their leases. */
  reportAllAgain(): void {
    for (const connection of this.#all.values()) this.#unreported.add(connection);
  }

  /** Takes up to `limit` connections to be reported. Those of a report that is not confirmed come again with the others. */
  nextReport(limit: number): Report {
    const now = performance.now();
    const values: string[] = [];
    const confirmations: (() => void)[] = [];
    for (const connection of this.#unreported) {
      if (confirmations.length === limit) break;
      this.#unreported.delete(connection);
      this.#neverReported.delete(connection);
      if (connection.isInRedis === 'no') connection.isInRedis = 'maybe';
      values.push(...reportValues(connection, now, this.#grace));
      const isGone = connection.leftAt !== null;
      confirmations.push(() => this.#confirm(connection, isGone));
    }
    return {
      values,
      confirm() {
        for (const confirm of confirmations) confirm();
      },
    };
  }

  #leave(connection: LocalConnection | undefined): void {
    if (!connection || connection.leftAt !== null) return;
    connection.leftAt = performance.now();
    this.#unreported.add(connection);
    if (connection.isInRedis === 'no') this.#neverReported.add(connection);
    this.#forgetExpired();
  }

  /**
   * Forgets those that Redis never heard of and that keep nobody online any more. They would fill the memory for as long as
   * Redis is away.
   */
  #forgetExpired(): void {
    const now = performance.now();
    for (const connection of this.#neverReported) {
      if (goneFor(connection, now) <= Math.max(this.#grace, ANSWER_TIMEOUT)) return;
      this.#neverReported.delete(connection);
      this.#unreported.delete(connection);
      this.#all.delete(connection.connection);
    }
  }

  #confirm(connection: LocalConnection, isGone: boolean): void {
    connection.isInRedis = 'yes';
    if (isGone) this.#all.delete(connection.connection);
  }
}

/** Event, identity, connection, time since it was seen, time until the identity goes offline if this was its last connection. */
function reportValues(connection: LocalConnection, now: number, grace: number): string[] {
  const remaining = grace - goneFor(connection, now);
  // Whoever has gone to another server meanwhile is reported by that one soon.
  const wait = isReportedLate(connection, now) ? Math.max(remaining, RESTORE_PERIOD) : remaining;
  return [
    eventOf(connection, now),
    JSON.stringify(connection.id),
    connection.connection,
    String(Math.round(now - connection.seenAt)),
    String(Math.round(wait)),
  ];
}

function eventOf(connection: LocalConnection, now: number): 'join' | 'leave' | 'visit' {
  if (connection.leftAt === null) return 'join';
  // One that came and went before Redis heard of it was online, unless that is long ago.
  return connection.isInRedis === 'yes' || isReportedLate(connection, now) ? 'leave' : 'visit';
}

function goneFor({ leftAt }: LocalConnection, now: number): number {
  return leftAt === null ? 0 : now - leftAt;
}

/** Whether it went longer ago than Redis takes to answer: Redis must have been away. */
function isReportedLate(connection: LocalConnection, now: number): boolean {
  return goneFor(connection, now) > ANSWER_TIMEOUT;
}
