import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE = 5_000;

/** Listens on a port of this machine, 0 for any that is free, and returns its number. */
export async function listen(server: Server, port: number): Promise<number> {
  const from = performance.now();
  for (;;) {
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      // A port that was given up for a while may have become the near end of somebody's connection meanwhile.
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || performance.now() - from > PATIENCE) throw error;
      await delay(20);
    }
  }
}
