/**
 * What `server.stats()` returns. `connections`, `online` and `sessions` are of this moment and can fall (gauges). All others count since
 * the server was made and never fall (counters).
 */
export interface ServerStats {
  /** The connected clients of this server. */
  readonly connections: number;
  /** The identities that are online, on all servers that share the presence store. */
  readonly online: number;
  /** The outboxes of clients that are remembered, with and without a link. */
  readonly sessions: number;
  /** The clients that were admitted: the `connection` events. */
  readonly admitted: number;
  /**
   * The clients that were refused, by what they were told: the HTTP status, or the close code of `refuseWith()`. A status
   * that has not occurred is missing.
   */
  readonly refused: Readonly<Record<string, number>>;
  /**
   * The clients that were turned away because `maxConnections` were open: with 503, so that they count in `refused`, too; or, on
   * a `port` of its own, without an answer, when too many waited for theirs.
   */
  readonly full: number;
  /** The messages from clients: the `message` events. Heartbeats and lifeline frames do not count. */
  readonly messagesReceived: number;
  /** The messages to clients. A broadcast counts once for each client that gets it. */
  readonly messagesSent: number;
  /** The payload of all text and binary frames from clients, heartbeats included, in bytes after decompression. */
  readonly bytesReceived: number;
  /** The payload of all text and binary frames to clients, heartbeats and presence included, in bytes before compression. */
  readonly bytesSent: number;
  /** The broadcasts of this server. */
  readonly broadcasts: number;
  /** The broadcasts that other servers sent, and that came over the `broadcasts` channel. */
  readonly foreignBroadcasts: number;
  /** The clients that were terminated because they did not read what they were sent. */
  readonly slowClients: number;
  /** The malformed lifeline frames from clients. */
  readonly malformed: number;
  /** The messages of sessions whose handlers failed or refused them: those that took too long, and invalid ones, included. */
  readonly failed: number;
  /** The requests from clients: the `request` events. */
  readonly requests: number;
  /** The messages of topics that clients had missed, and got from the history. */
  readonly replayed: number;
  /** How often a client was told that it has missed messages which the history does not have. */
  readonly gaps: number;
  /** The messages from clients that the codec could not decode: the `invalid` events. */
  readonly invalid: number;
}

/** The counters of a server. Its parts add to them. To count a message allocates nothing. */
export type Counters = {
  -readonly [
    Name in Exclude<keyof ServerStats, 'connections' | 'online' | 'sessions' | 'refused'>
  ]: number;
} & { readonly refused: Record<string, number> };

/** Makes the counters of a server. */
export const createCounters = (): Counters => ({
  admitted: 0,
  refused: {},
  full: 0,
  messagesReceived: 0,
  messagesSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
  broadcasts: 0,
  foreignBroadcasts: 0,
  slowClients: 0,
  malformed: 0,
  invalid: 0,
  failed: 0,
  requests: 0,
  replayed: 0,
  gaps: 0,
});

/** Counts a client that was refused with this HTTP status or close code. */
export function countRefusal({ refused }: Counters, told: number): void {
  refused[told] = (refused[told] ?? 0) + 1;
}

/** Returns a copy of the counters, together with the gauges. */
export const readStats = (
  counters: Counters,
  gauges: Pick<ServerStats, 'connections' | 'online' | 'sessions'>,
): ServerStats => ({ ...gauges, ...counters, refused: { ...counters.refused } });
