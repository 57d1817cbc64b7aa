import { ABNORMAL_CLOSURE, POLICY_VIOLATION } from '../../core/protocol/close-codes.ts';
import type { Counters } from '../stats/stats.ts';
import { isBehind } from './backlog.ts';
import type { AnyIdentity, ServerClient } from './client.ts';
import { isInMessage } from './socket-state.ts';

/**
 * The time between two sweeps, in milliseconds. Each sweep counts as this much time, even if its timer was late. After a
 * server slept or was busy, clients are so not taken for silent before their waiting frames are read.
 */
const SWEEP_INTERVAL = 1_000;

/** How long a client may take to answer the closing handshake, in milliseconds. */
const CLOSE_TIMEOUT = 3_000;

/** The reasons of clients that are ended without a close frame, which they would not get. */
const DOES_NOT_READ = 'The client did not read what it was sent.';
const IS_SILENT = 'The client sent nothing within the timeout.';

/** The fields of a client that a sweep uses. */
type CheckedClient = Pick<
  ServerClient<AnyIdentity>,
  | 'isOpen'
  | 'closedWith'
  | 'lastFrameAt'
  | 'lastPingAt'
  | 'closingSince'
  | 'backlog'
  | 'inMessageSince'
  | 'close'
> & {
  readonly socket: Pick<
    ServerClient<AnyIdentity>['socket'],
    'bufferedAmount' | 'ping' | 'terminate'
  >;
};

/** The options of the same names, in milliseconds. */
export interface HeartbeatPeriods {
  readonly pingInterval: number;
  readonly timeout: number;
}

/** Checks all clients once a second, with one timer. */
export class Sweeper {
  /** The number of sweeps so far times {@link SWEEP_INTERVAL}: the clock of the sweeper, in milliseconds. */
  now = 0;
  readonly #clients: Iterable<CheckedClient>;
  readonly #periods: HeartbeatPeriods;
  readonly #counters: Pick<Counters, 'slowClients'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    clients: Iterable<CheckedClient>,
    periods: HeartbeatPeriods,
    counters: Pick<Counters, 'slowClients'>,
  ) {
    this.#clients = clients;
    this.#periods = periods;
    this.#counters = counters;
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
    for (const client of this.#clients)
      if (checkClient(client, this.now, this.#periods)) this.#counters.slowClients++;
  }
}

/**
 * Terminates a client that is silent, reads too slowly or does not finish its closing handshake. Closes one that does not
 * finish a message. Sends due pings.
 *
 * @returns Whether it has terminated an open client that reads too slowly.
 */
export function checkClient(
  client: CheckedClient,
  now: number,
  { pingInterval, timeout }: HeartbeatPeriods,
): boolean {
  const { socket, isOpen } = client;
  if (isOpen) client.closingSince = null;
  else client.closingSince ??= now;
  if (isInMessage(socket)) client.inMessageSince ??= now;
  else client.inMessageSince = null;
  const isSlow = isBehind(client, now);
  // `lastFrameAt` is the time of the sweep before the frame, up to a second too early. So this is > and not >=.
  const isSilent = now - client.lastFrameAt > timeout;
  const isStuck = client.closingSince !== null && now - client.closingSince >= CLOSE_TIMEOUT;
  if (isSlow || isSilent || isStuck) {
    // No frame tells the client. The application can learn why its link ended.
    if (isOpen) client.closedWith ??= [ABNORMAL_CLOSURE, isSlow ? DOES_NOT_READ : IS_SILENT];
    socket.terminate();
  } else if (client.inMessageSince !== null && now - client.inMessageSince > timeout)
    // Pings and pongs may come between the fragments, so that such a client is not silent.
    client.close(POLICY_VIOLATION, 'A message was not complete in time.');
  else if (now - client.lastPingAt >= pingInterval) {
    client.lastPingAt = now;
    socket.ping();
  }
  return isSlow && isOpen;
}
