import { test as base } from 'vitest';
import type { Peers } from '../support/peers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { startWsServer } from '../support/ws-server.ts';

/** Gives a test its own server, and a proxy in front of it. */
export const test = base.extend<Peers>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  server: async ({}, use) => {
    const server = await startWsServer();
    await use(server);
    await server.stops();
  },
  proxy: async ({ server }, use) => {
    const proxy = await startTcpProxy(server.port);
    await use(proxy);
    await proxy.stops();
  },
});
