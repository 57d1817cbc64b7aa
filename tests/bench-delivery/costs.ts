import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../bench-server/figure.ts';
import { startWorker } from '../bench-server/worker.ts';
import type { CostClientsJobs } from './cost-clients.ts';
import type { CostServerJobs } from './cost-server.ts';
import type { Mode } from './mode.ts';

interface Costs {
  /** Processor time of the client in milliseconds. */
  readonly send: number;
  /** Processor time of the server in milliseconds. */
  readonly broadcast: number;
  /** The memory of a connection at the server, in bytes. */
  readonly memory: number;
}

/** The two take turns, because the machine is not equally fast all the time. */
const ROUNDS = 3;
const CLIENTS = 1_000;
const MESSAGES = 10_000;
const BROADCASTS = 40;

/** What delivery costs, beside the same library without it. */
export async function measureCosts(bundles: string): Promise<Figure[]> {
  const rounds: Costs[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`costs: round ${round + 1}\n`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [plain, delivery] = [await costs(bundles, 'plain'), await costs(bundles, 'delivery')];
    rounds.push({
      send: delivery.send / plain.send,
      broadcast: delivery.broadcast / plain.broadcast,
      memory: delivery.memory - plain.memory,
    });
  }
  const median = (name: keyof Costs) =>
    rounds.map((costsOf) => costsOf[name]).toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  return [
    {
      name: 'send() over a real socket of Node, beside the same without delivery: processor',
      figure: median('send'),
      atMost: 1.5,
    },
    {
      name: `broadcast to a topic of ${CLIENTS}, beside the same without history: processor`,
      figure: median('broadcast'),
      atMost: 1.3,
    },
    {
      name: 'idle session, history and the topic of its identity included: bytes at the server',
      figure: median('memory'),
      atMost: 1_024,
    },
  ];
}

async function costs(bundles: string, mode: Mode): Promise<Costs> {
  const server = startWorker<CostServerJobs>(`${bundles}/cost-server.mjs`, ['--expose-gc'], [mode]);
  const clients = startWorker<CostClientsJobs>(`${bundles}/cost-clients.mjs`, []);
  try {
    const port = await server.ask('port');
    const send = await clients.ask('sends', { port, count: MESSAGES, mode });
    const before = await server.ask('usage');
    await clients.ask('join', { port, count: CLIENTS, mode });
    await delay(1_500);
    const after = await server.ask('usage');
    await server.ask('subscribeAll');
    await server.ask('broadcasts', BROADCASTS / 4);
    const broadcast = await server.ask('broadcasts', BROADCASTS);
    const memory = after.heapUsed + after.external - before.heapUsed - before.external;
    return { send, broadcast, memory: memory / CLIENTS };
  } finally {
    for (const worker of [clients, server]) worker.end();
  }
}
