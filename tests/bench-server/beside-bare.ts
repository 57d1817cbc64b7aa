import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../bench/figures.ts';
import type { ClientJobs } from './clients.ts';
import type { Figure } from './figure.ts';
import type { usage } from './usage.ts';
import { startWorker, type Worker } from './worker.ts';

/** What both servers broadcast. */
export const BROADCAST: string = JSON.stringify({ tick: 'x'.repeat(100) });

/** The jobs that both servers have. */
type BothServers = Pick<
  {
    port(): Promise<number>;
    usage: typeof usage;
    broadcasts(count: number): Promise<number>;
  },
  'port' | 'usage' | 'broadcasts'
>;

interface Costs {
  /** The heap of each connection, in bytes. */
  readonly heap: number;
  /** The processor time of the broadcasts, in milliseconds. */
  readonly cpu: number;
}

/** The two take turns, because the machine is not equally fast all the time. */
const ROUNDS = 3;
const BROADCASTS = 60;

/** What connections and broadcasts cost, beside `ws` alone. @param count - How many clients connect. */
export async function measureBesideBare(bundles: string, count: number): Promise<Figure[]> {
  const ratios: Record<keyof Costs, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [ours, bare] = [
      await costs(bundles, 'server', count),
      await costs(bundles, 'bare-server', count),
    ];
    ratios.push({ heap: ours.heap / bare.heap, cpu: ours.cpu / bare.cpu });
  }
  const medianOf = (name: keyof Costs) => median(ratios.map((ratio) => ratio[name])) ?? Number.NaN;
  return [
    {
      name: `heap of each of ${count} connections, beside that of ws alone`,
      figure: medianOf('heap'),
      atMost: 1.4,
    },
    {
      name: `processor time of a broadcast to ${count}, beside a loop over ws`,
      figure: medianOf('cpu'),
      atMost: 1,
    },
  ];
}

async function costs(bundles: string, name: string, count: number): Promise<Costs> {
  const server: Worker<BothServers> = startWorker(`${bundles}/${name}.mjs`, ['--expose-gc']);
  const clients = startWorker<ClientJobs>(`${bundles}/clients.mjs`, []);
  try {
    const port = await server.ask('port');
    const before = await server.ask('usage');
    await clients.ask('join', { port, count });
    await delay(3_000);
    const after = await server.ask('usage');
    // The first ones also compile the code.
    await server.ask('broadcasts', BROADCASTS / 4);
    const cpu = await server.ask('broadcasts', BROADCASTS);
    return { heap: (after.heapUsed - before.heapUsed) / count, cpu };
  } finally {
    for (const worker of [clients, server]) worker.end();
  }
}
