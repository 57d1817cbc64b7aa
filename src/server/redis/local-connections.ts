import { type Report, type Reportable, type ReportEvent, ReportQueue } from './report-queue.ts';

/** A connection of this server that is open, or that closed and whose end is not confirmed by Redis yet. */
interface LocalConnection extends Reportable {
  readonly id: string;
  readonly connection: string;
  /** The public data of the identity, as JSON; empty if there is none. */
  readonly data: string;
  /** Whether Redis was sent the data, and has not lost them since, as far as this server knows. */
  isDataSent: boolean;
  /** When its last sign of life came, in the time of `performance.now()`. */
  seenAt: number;
}

/**
 * The connections of this server, and which of them must still be reported to Redis. A connection stays here until Redis
 * has confirmed its end.
 */
export class LocalConnections {
  readonly #all = new Map<string, LocalConnection>();
  readonly #queue: ReportQueue<LocalConnection>;

  /** @param grace - In milliseconds. */
  constructor(grace: number) {
    this.#queue = new ReportQueue(grace, ({ connection }) => this.#all.delete(connection));
  }

  /** Whether there are connections to report. */
  get hasUnreported(): boolean {
    return this.#queue.hasUnreported;
  }

  join(id: string, connection: string, data = ''): void {
    const joined: LocalConnection = {
      id,
      connection,
      data,
      isDataSent: false,
      isInRedis: 'no',
      seenAt: performance.now(),
      leftAt: null,
      isFinal: false,
    };
    this.#all.set(connection, joined);
    this.#queue.add(joined);
  }

  leave(connection: string, isFinal = false): void {
    const left = this.#all.get(connection);
    if (left?.leftAt !== null) return;
    left.isFinal = isFinal;
    this.#queue.end(left);
  }

  leaveAll(): void {
    for (const connection of this.#all.keys()) this.leave(connection);
  }

  seen(connection: string): void {
    const known = this.#all.get(connection);
    if (known) known.seenAt = performance.now();
  }

  /** Lets all connections be reported again, which renews their leases. */
  reportAllAgain(): void {
    for (const connection of this.#all.values()) this.#queue.add(connection);
  }

  /** Lets their public data be reported again, too: Redis may not have got them, or has lost them. */
  sendDataAgain(): void {
    for (const connection of this.#all.values()) connection.isDataSent = false;
  }

  /** Makes a report about up to `limit` connections. Those of an unconfirmed report come again after `reportAllAgain()`. */
  nextReport(limit: number): Report {
    const now = performance.now();
    return this.#queue.next(limit, (connection, event, stay) => {
      const data = connection.isDataSent ? '' : connection.data;
      connection.isDataSent = true;
      return [
        wordOf(connection, event),
        JSON.stringify(connection.id),
        connection.connection,
        String(Math.round(now - connection.seenAt)),
        stay,
        data,
      ];
    });
  }
}

/** Only a connection that is new replaces the data of its identity. */
const wordOf = ({ isInRedis }: Reportable, event: ReportEvent): ReportEvent | 'stay' =>
  event === 'join' && isInRedis === 'yes' ? 'stay' : event;
