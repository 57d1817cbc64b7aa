import { setTimeout as delay } from 'node:timers/promises';
import { startWorker } from '../bench-server/worker.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { CutClientsJobs } from './cut-clients.ts';
import type { CutServerJobs } from './cut-server.ts';
import type { Account } from './ledger.ts';
import { PEERS } from './peers/index.ts';

/** What is sent, and how often it is cut, in milliseconds. */
export const CUTS = { clients: 20, upPerSecond: 10, downPerSecond: 10, every: 5_000, away: 2_000 };

/** How long all is left alone afterwards, in milliseconds: longer than any delay before a reconnect or a further try. */
const SETTLING = 12_000;

/** What a peer has made of the cuts. */
export interface CutResult {
  readonly name: string;
  readonly up: Account & { readonly sent: number };
  readonly down: Account & { readonly sent: number };
  /** Processor time of both ends in milliseconds. */
  readonly serverCpu: number;
  readonly clientsCpu: number;
  /** By how much the heap of both ends has grown in bytes, buffers outside of it included. */
  readonly serverMemory: number;
  readonly clientsMemory: number;
}

/** Cuts the links of each peer again and again, one peer after the other. */
export async function measureCuts(bundles: string, seconds: number): Promise<CutResult[]> {
  const results: CutResult[] = [];
  for (const name of Object.keys(PEERS)) {
    process.stderr.write(`cuts: ${name}\n`);
    // oxlint-disable-next-line no-await-in-loop -- they would take the processor from each other
    results.push(await cut(bundles, name, seconds));
  }
  return results;
}

async function cut(bundles: string, name: string, seconds: number): Promise<CutResult> {
  const server = startWorker<CutServerJobs>(`${bundles}/cut-server.mjs`, ['--expose-gc'], [name]);
  const clients = startWorker<CutClientsJobs>(
    `${bundles}/cut-clients.mjs`,
    ['--expose-gc'],
    [name],
  );
  const proxy = await startTcpProxy(await server.ask('port'));
  const usages = async () => [await server.ask('usage'), await clients.ask('usage')] as const;
  try {
    await clients.ask('join', { port: proxy.port, count: CUTS.clients });
    await delay(1_000);
    const [server0, clients0] = await usages();
    await clients.ask('begin', CUTS.upPerSecond);
    await server.ask('begin', CUTS.downPerSecond);
    for (let at = CUTS.every; at <= seconds * 1_000; at += CUTS.every) {
      await delay(CUTS.every - CUTS.away);
      await proxy.resets();
      await delay(CUTS.away);
      await proxy.passes();
    }
    const [sent, said] = [await clients.ask('stop'), await server.ask('stop')];
    await delay(SETTLING);
    const [server1, clients1] = await usages();
    const memory = (one: typeof server0) => one.heapUsed + one.external;
    return {
      name,
      up: { ...(await server.ask('account')), sent },
      down: { ...(await clients.ask('account')), sent: said * CUTS.clients },
      serverCpu: server1.cpu - server0.cpu,
      clientsCpu: clients1.cpu - clients0.cpu,
      serverMemory: memory(server1) - memory(server0),
      clientsMemory: memory(clients1) - memory(clients0),
    };
  } finally {
    for (const worker of [clients, server]) worker.end();
    await proxy.stops();
  }
}
