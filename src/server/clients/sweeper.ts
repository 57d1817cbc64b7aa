import type { AnyIdentity, ServerClient } from './client.ts';

/**
 * Time between two sweeps, in milliseconds. Each sweep counts as so much time, however late it comes: a server that slept,
 * or was busy, takes no client for silent before it has read what waits in the sockets.
 */
const SWEEP_INTERVAL = 1_000;

/** How long a client may take to answer the closing handshake, in milliseconds. */
const CLOSE_TIMEOUT = 3_000;

/** How much may wait for a client to read it, in bytes. */
const MAX_BUFFERED = 1_048_576;

/** How long more than that may wait, in milliseconds. */
const SLOW_TIMEOUT = 5_000;

/** What a sweep needs of a client. */
type CheckedClient = Pick<
  ServerClient<AnyIdentity>,
  'isOpen' | 'lastFrameAt' | 'lastPingAt' | 'closingSince' | 'slowSince'
> & {
  readonly socket: Pick<
    ServerClient<AnyIdentity>['socket'],
    'bufferedAmount' | 'ping' | 'terminate'
  >;
};

/** When a silent client is pinged, and when it is terminated, in milliseconds. */
export interface HeartbeatPeriods {
  readonly pingInterval: number;
  readonly timeout: number;
}

/** The one timer that checks all clients, once a second. */
export class Sweeper {
  /** The time that the sweeps have counted so far, in milliseconds. */
  now = 0;
  readonly #clients: Iterable<CheckedClient>;
  readonly #periods: HeartbeatPeriods;
  #timer: NodeJS.Timeout | undefined;

  constructor(clients: Iterable<CheckedClient>, periods: HeartbeatPeriods) {
    this.#clients = clients;
    this.#periods = periods;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_INTERVAL);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    this.now += SWEEP_INTERVAL;
    for (const client of this.#clients) checkClient(client, this.now, this.#periods);
  }
}

/** Terminates a client that is silent, slow or stuck in its closing handshake; pings it when it is time. */
export function checkClient(
  client: CheckedClient,
  now: number,
  { pingInterval, timeout }: HeartbeatPeriods,
): void {
  const { socket } = client;
  if (client.isOpen) client.closingSince = null;
  else client.closingSince ??= now;
  if (socket.bufferedAmount <= MAX_BUFFERED) client.slowSince = null;
  else client.slowSince ??= now;

  const isLost =
    // A frame is noted with the time of the sweep before it, up to a second too early: hence > and not >=.
    now - client.lastFrameAt > timeout ||
    (client.closingSince !== null && now - client.closingSince >= CLOSE_TIMEOUT) ||
    (client.slowSince !== null && now - client.slowSince >= SLOW_TIMEOUT);
  if (isLost) socket.terminate();
  else if (now - client.lastPingAt >= pingInterval) {
    client.lastPingAt = now;
    socket.ping();
  }
}
