import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnOwnPort, takes } from './own-port.ts';

const TIMEOUT = 5_000;

/** Listens on a port of this machine, 0 for a free one of this process, and returns its number. */
export async function listen(server: Server, port: number): Promise<number> {
  if (port === 0) return listenOnOwnPort(server);
  const from = performance.now();
  // While a port was not in use, another connection may have taken it as its local port.
  while (!(await takes(server, port))) {
    if (performance.now() - from > TIMEOUT) throw new Error(`Port ${port} is in use.`);
    await delay(20);
  }
  return port;
}
