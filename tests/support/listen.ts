import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnOwnPort } from './own-port.ts';

const TIMEOUT = 5_000;

/** Listens on a port of this machine, 0 for a free one of this process, and returns its number. */
export async function listen(server: Server, port: number): Promise<number> {
  if (port === 0) return listenOnOwnPort(server);
  const from = performance.now();
  for (;;) {
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      // While a port was not in use, another connection may have taken it as its local port.
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || performance.now() - from > TIMEOUT) throw error;
      await delay(20);
    }
  }
}
