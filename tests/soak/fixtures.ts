import { test as base } from 'vitest';
import { cleanup } from 'vitest-browser-react';
import { startPeer } from '../browser/fixtures.ts';
import type { SoakPeers } from '../support/peers.ts';

/** Gives each test a server that records every link, and a network in front of it. */
export const test = base.extend<SoakPeers>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  ledger: async ({}, use) => {
    const ledger = await startPeer('ledger');
    await use(ledger);
    await cleanup();
    await ledger.stops();
  },
  network: async ({ ledger }, use) => {
    const network = await startPeer('proxy', ledger.port);
    await use(network);
    await cleanup();
    await network.stops();
  },
});
