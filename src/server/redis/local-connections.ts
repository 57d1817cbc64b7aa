import { ANSWER_TIMEOUT, RESTORE_PERIOD } from './timing.ts';

/** A connection of this server that is open, or that closed and whose end is not confirmed by Redis yet. */
interface LocalConnection {
  readonly id: string;
  readonly connection: string;
  /** Whether Redis knows the connection. `maybe`: it was in a report that Redis has not confirmed. */
  isInRedis: 'no' | 'maybe' | 'yes';
  /** When its last sign of life came, in the time of `performance.now()`. */
  seenAt: number;
  /** When it closed, in the time of `performance.now()`; null while it is open. */
  leftAt: number | null;
  /** Whether its client left for good, which ends presence without the grace period. */
  isFinal: boolean;
}

/** A report to Redis about some connections. */
interface Report {
  /** The arguments of the script `report`. */
  readonly values: readonly string[];
  /** Called when Redis has confirmed the report. */
  confirm(): void;
}

/**
 * The connections of this server, and which of them must still be reported to Redis. A connection stays here until Redis
 * has confirmed its end.
 */
export class LocalConnections {
  readonly #grace: number;
  readonly #all = new Map<string, LocalConnection>();
  readonly #unreported = new Set<LocalConnection>();
  /** Connections that closed before they were reported, in the order in which they closed. */
  readonly #neverReported = new Set<LocalConnection>();

  constructor(grace: number) {
    this.#grace = grace;
  }

  /** Whether there are connections to report. */
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
      isFinal: false,
    };
    this.#all.set(connection, joined);
    this.#unreported.add(joined);
  }

  leave(connection: string, isFinal = false): void {
    const left = this.#all.get(connection);
    if (left && left.leftAt === null) left.isFinal = isFinal;
    this.#leave(left);
  }

  leaveAll(): void {
    for (const connection of this.#all.values()) this.#leave(connection);
  }

  seen(connection: string): void {
    const known = this.#all.get(connection);
    if (known) known.seenAt = performance.now();
  }

  /** Marks all connections to be reported again, which renews their leases. */
  reportAllAgain(): void {
    for (const connection of this.#all.values()) this.#unreported.add(connection);
  }

  /** Makes a report about up to `limit` connections. Those of an unconfirmed report come again after `reportAllAgain()`. */
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
   * Forgets closed connections that were never reported and whose grace period is over. Without this they would fill the
   * memory while Redis cannot be reached.
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

/**
 * Returns the five values for the script `report`: event, identity, connection, time since its last sign of life, and time
 * until the identity goes offline if this was its last connection. Times are in milliseconds.
 */
function reportValues(connection: LocalConnection, now: number, grace: number): string[] {
  const remaining = (connection.isFinal ? 0 : grace) - goneFor(connection, now);
  // After a late report, another server may soon report a newer connection of the identity: wait for it.
  const untilOffline = isReportedLate(connection, now)
    ? Math.max(remaining, RESTORE_PERIOD)
    : remaining;
  return [
    eventOf(connection, now),
    JSON.stringify(connection.id),
    connection.connection,
    String(Math.round(now - connection.seenAt)),
    String(Math.round(untilOffline)),
  ];
}

function eventOf(connection: LocalConnection, now: number): 'join' | 'leave' | 'visit' {
  if (connection.leftAt === null) return 'join';
  // `visit`: it opened and closed before a report, so the identity was online for a moment.
  return connection.isInRedis === 'yes' || isReportedLate(connection, now) ? 'leave' : 'visit';
}

function goneFor({ leftAt }: LocalConnection, now: number): number {
  return leftAt === null ? 0 : now - leftAt;
}

/** Whether the connection closed longer ago than Redis takes to answer: Redis could not be reached then. */
function isReportedLate(connection: LocalConnection, now: number): boolean {
  return goneFor(connection, now) > ANSWER_TIMEOUT;
}
