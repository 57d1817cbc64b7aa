import { setTimeout as delay } from 'node:timers/promises';
import type { ClientJobs } from './clients.ts';
import type { Figure } from './figure.ts';
import type { ServerJobs } from './server.ts';
import { startWorker, type Worker } from './worker.ts';

interface Pair {
  readonly server: Worker<ServerJobs>;
  readonly clients: Worker<ClientJobs>;
  readonly port: number;
}

const TOPICS = { topics: 200, perSecond: 20, seconds: 20 };
const watchersOfTopics = (count: number) => Math.round(count * 1.1);

/** How many connections there are at most, if so many clients watch. */
export const filesForPresence = (count: number): number =>
  watchersOfTopics(count) + TOPICS.perSecond * TOPICS.seconds;

const WATCH = '{"lifeline":"watch"}';

/** What presence costs, each figure with two processes of its own. @param count - How many clients watch. */
export async function measurePresence(bundles: string, count: number): Promise<Figure[]> {
  const figures = [
    () => withPair(bundles, '', (pair) => muteWatchers(pair)),
    () => withPair(bundles, 'visible', (pair) => visibleMemory(pair, Math.min(count, 4_000))),
    () => withPair(bundles, '', (pair) => topicJoins(pair, count)),
  ];
  const rows: Figure[] = [];
  for (const measure of figures)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    rows.push(...(await measure()));
  return rows;
}

async function withPair(
  bundles: string,
  mode: string,
  measure: (pair: Pair) => Promise<Figure[]>,
): Promise<Figure[]> {
  const server = startWorker<ServerJobs>(`${bundles}/server.mjs`, ['--expose-gc'], [mode]);
  const clients = startWorker<ClientJobs>(`${bundles}/clients.mjs`, []);
  try {
    return await measure({ server, clients, port: await server.ask('port') });
  } finally {
    for (const worker of [clients, server]) worker.end();
  }
}

/** How much the memory grows by clients that ask again and again, and never read. It was 500 MB. */
async function muteWatchers({ server, clients, port }: Pair): Promise<Figure[]> {
  const [count, online, seconds] = [100, 2_000, 20];
  await clients.ask('join', { port, count: online });
  await delay(2_000);
  // The memory grows by 23 MB when so many frames come for the first time, whatever they say.
  await clients.ask('sendWithoutReading', { port, count, seconds: 5, text: '{"lifeline":"?"}' });
  const before = await server.ask('usage');
  await clients.ask('sendWithoutReading', { port, count, seconds, text: WATCH });
  const after = await server.ask('usage');
  return [
    {
      name: `${count} of ${online} that watch and never read: resident memory grows by, MB`,
      figure: (after.rss - before.rss) / 1e6,
      atMost: 20,
    },
  ];
}

/** The memory of a watcher where `visible` may hide some: a set of ids took 20.6 bytes for each identity. */
async function visibleMemory({ server, clients, port }: Pair, count: number): Promise<Figure[]> {
  await clients.ask('join', { port, count });
  await delay(3_000);
  const before = await server.ask('usage');
  await clients.ask('send', WATCH);
  await delay(15_000);
  const after = await server.ask('usage');
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
  return [
    {
      name: `watcher with visible, of ${count} identities: bytes for each of them`,
      figure: bytes / count / count,
      atMost: 0.25,
    },
  ];
}

/** The processor time of joins, of which only the watchers of one topic are told. */
async function topicJoins({ server, clients, port }: Pair, count: number) {
  const { topics, perSecond, seconds } = TOPICS;
  const watchers = watchersOfTopics(count);
  await clients.ask('joinTopics', { port, count: watchers, topics });
  await delay(3_000);
  const before = await server.ask('usage');
  await clients.ask('joinSlowly', { port, topics, perSecond, seconds });
  const after = await server.ask('usage');
  return [
    {
      name: `${perSecond} joins a second, ${watchers} watchers of ${topics} topics: processor, %`,
      figure: (after.cpu - before.cpu) / seconds / 10,
      atMost: 10,
    },
  ];
}
