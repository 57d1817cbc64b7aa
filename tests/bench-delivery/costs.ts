import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../bench/figures.ts';
import type { Figure } from '../bench-server/figure.ts';
import { startWorker } from '../bench-server/worker.ts';
import type { CostClientsJobs } from './cost-clients.ts';
import type { CostServerJobs } from './cost-server.ts';
import type { Mode } from './mode.ts';

interface Sent {
  /** Processor time of the client in milliseconds. */
  readonly send: number;
  /** Processor time of the server for the same messages. */
  readonly receive: number;
}

interface Costs extends Sent {
  /** Processor time of the client for its first messages, in milliseconds: the code is compiled meanwhile. */
  readonly first: number;
  /** Processor time of the server in milliseconds. */
  readonly broadcast: number;
  /** The memory of a connection at the server, in bytes. */
  readonly memory: number;
}

/** Each begins with new processes. */
const ROUNDS = 5;
const CLIENTS = 1_000;
const MESSAGES = 10_000;
/** How many messages are sent before: V8 goes on compiling for some 25,000 (measured). */
const WARM_UP = 30_000;
/** How many messages are sent with one of the two before the other has its turn. */
const TURN = 1_000;
const BROADCASTS = 40;

/** What delivery costs, beside the same library without it. */
export async function measureCosts(bundles: string): Promise<Figure[]> {
  const rounds: Costs[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`costs: round ${round + 1}\n`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { plain, delivery } = await costs(bundles);
    rounds.push({
      send: delivery.send / plain.send,
      receive: delivery.receive / plain.receive,
      first: delivery.first / plain.first,
      broadcast: delivery.broadcast / plain.broadcast,
      memory: delivery.memory - plain.memory,
    });
  }
  const medianOf = (name: keyof Costs) => median(rounds.map((all) => all[name])) ?? Number.NaN;
  return [
    {
      name: 'send() over a real socket of Node, beside the same without delivery: processor',
      figure: medianOf('send'),
      atMost: 1.5,
    },
    {
      name: `the first ${MESSAGES.toLocaleString('en-US')} messages of a process, while its code is compiled: processor`,
      figure: medianOf('first'),
    },
    {
      name: 'the server that receives them, beside the same without sessions: processor',
      figure: medianOf('receive'),
      atMost: 1.5,
    },
    {
      name: `broadcast to a topic of ${CLIENTS}, beside the same without history: processor`,
      figure: medianOf('broadcast'),
      atMost: 1.3,
    },
    {
      name: 'idle session, history and the topic of its identity included: bytes at the server',
      figure: medianOf('memory'),
      atMost: 1_024,
    },
  ];
}

const start = (bundles: string, mode: Mode) => ({
  mode,
  server: startWorker<CostServerJobs>(`${bundles}/cost-server.mjs`, ['--expose-gc'], [mode]),
  clients: startWorker<CostClientsJobs>(`${bundles}/cost-clients.mjs`, []),
});

type Peer = ReturnType<typeof start>;

/** Measures both in new processes. They take turns, because the machine is not equally fast all the time. */
async function costs(bundles: string): Promise<Record<Mode, Costs>> {
  const [plain, delivery] = [start(bundles, 'plain'), start(bundles, 'delivery')];
  const peers = [plain, delivery];
  try {
    for (const { mode, server, clients } of peers)
      await clients.ask('open', { port: await server.ask('port'), mode });
    const first = await sends(peers, MESSAGES);
    await sends(peers, WARM_UP - MESSAGES);
    const sent = await sends(peers, MESSAGES);
    const costsOf = async (peer: Peer): Promise<Costs> => ({
      ...sent[peer.mode],
      first: first[peer.mode].send,
      ...(await othersOf(peer)),
    });
    return { plain: await costsOf(plain), delivery: await costsOf(delivery) };
  } finally {
    for (const { clients, server } of peers) for (const worker of [clients, server]) worker.end();
  }
}

async function sends(peers: readonly Peer[], messages: number): Promise<Record<Mode, Sent>> {
  const spent = { plain: { send: 0, receive: 0 }, delivery: { send: 0, receive: 0 } };
  for (let sent = 0; sent < messages; sent += TURN)
    for (const { mode, server, clients } of peers) {
      const before = await server.ask('cpu');
      spent[mode].send += await clients.ask('sends', TURN);
      spent[mode].receive += (await server.ask('cpu')) - before;
    }
  return spent;
}

async function othersOf({
  mode,
  server,
  clients,
}: Peer): Promise<Omit<Costs, keyof Sent | 'first'>> {
  const port = await server.ask('port');
  await clients.ask('join', { port, count: CLIENTS, mode });
  await delay(1_500);
  await server.ask('subscribeAll');
  await server.ask('broadcasts', BROADCASTS / 4);
  const broadcast = await server.ask('broadcasts', BROADCASTS);
  // Of further ones: what the first connections make once is not theirs.
  const more = 2 * CLIENTS;
  const before = await server.ask('usage');
  await clients.ask('join', { port, count: more, mode });
  await delay(1_500);
  const after = await server.ask('usage');
  const memory = after.heapUsed + after.external - before.heapUsed - before.external;
  return { broadcast, memory: memory / more };
}
