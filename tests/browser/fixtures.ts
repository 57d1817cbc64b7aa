import { test as base } from 'vitest';
import { commands } from 'vitest/browser';
import { cleanup } from 'vitest-browser-react';
import type { CompanionPeers, Peers, SoakPeers } from '../support/peers.ts';

type AllPeers = Peers & CompanionPeers & Pick<SoakPeers, 'ledger'>;

/** Starts a peer in Node. Its methods are called there by a Vitest command. */
export async function startPeer<Kind extends keyof AllPeers>(
  kind: Kind,
  ...args: unknown[]
): Promise<AllPeers[Kind]> {
  const address = await commands.startPeer(kind, ...args);
  return new Proxy(address as AllPeers[Kind], {
    get: (own, name: string) =>
      // `await` asks for `then`, which must not be sent to Node.
      name in own || name === 'then'
        ? Reflect.get(own, name)
        : (...asked: unknown[]) => commands.askPeer(own.url, name, ...asked),
  });
}

/** Gives a test its own server, and a proxy in front of it. */
export const test = base.extend<Peers>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  server: async ({}, use) => {
    const server = await startPeer('server');
    await use(server);
    // Otherwise, components are unmounted only before the next test.
    await cleanup();
    await server.stops();
  },
  proxy: async ({ server }, use) => {
    const proxy = await startPeer('proxy', server.port);
    await use(proxy);
    await cleanup();
    await proxy.stops();
  },
});
