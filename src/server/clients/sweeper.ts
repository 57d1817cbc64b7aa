import type { ServerClient, AnyIdentity } from './client.ts';

/**
 * How often all clients are looked at, in milliseconds. Each look counts as so much time, however late it comes: a
 * server that slept, or was busy, holds nobody's silence against him before it has read what waits in the sockets.
 */
export const SWEEP = 1_000;

/** How long a client may take to answer the closing handshake, in milliseconds. */
const CLOSE_TIMEOUT = 3_000;

/** How much may wait for a client to read it, in bytes, and how long it may stay more, in milliseconds. */
const SLOW = { bytes: 1_048_576, patience: 5_000 };

/** What a sweep has to know of a client. */
type Swept = Pick<
  ServerClient<AnyIdentity>,
  'isOpen' | 'heardAt' | 'pingedAt' | 'closingSince' | 'slowSince'
> & {
  readonly socket: Pick<
    ServerClient<AnyIdentity>['socket'],
    'bufferedAmount' | 'ping' | 'terminate'
  >;
};

/** When a silent client is asked, and when it is given up, in milliseconds. */
export interface Patience {
  readonly pingInterval: number;
  readonly timeout: number;
}

/** Looks at one client: ends it if it is silent, slow or stuck, asks it for a sign of life if it is time. */
export function sweep(client: Swept, now: number, { pingInterval, timeout }: Patience): void {
  const { socket } = client;
  if (client.isOpen) client.closingSince = null;
  else client.closingSince ??= now;
  if (socket.bufferedAmount <= SLOW.bytes) client.slowSince = null;
  else client.slowSince ??= now;

  const isOver =
    // What was heard since the last look is noted as if it had been heard then: a second too early.
    now - client.heardAt > timeout ||
    (client.closingSince !== null && now - client.closingSince >= CLOSE_TIMEOUT) ||
    (client.slowSince !== null && now - client.slowSince >= SLOW.patience);
  if (isOver) socket.terminate();
  else if (now - client.pingedAt >= pingInterval) {
    client.pingedAt = now;
    socket.ping();
  }
}
