import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { startRedis } from '../support/redis.ts';
import { ChaosClient } from './client.ts';
import { inRedis } from './database.ts';
import { again, type Tally } from './faults.ts';
import {
  brokenDown,
  brokenRequests,
  brokenUp,
  repetitions,
  shown,
  unfinished,
  unopened,
} from './laws.ts';
import { bundleServer, ServerProcess } from './server-process.ts';
import { CHAOS, until, wreakHavoc } from './traffic.ts';

const [SERVERS, CLIENTS] = [3, 50];

/** How long things may take that are left alone, in milliseconds. */
const PATIENCE = 40_000;

/** Kills servers, stops them, and starts them again. `broken`: the processes that were killed or stopped. */
async function breakServer(
  server: ServerProcess,
  random: () => number,
  tally: Tally,
  broken: Set<number>,
): Promise<void> {
  const count = (name: string) => (tally[name] = (tally[name] ?? 0) + 1);
  await delay(500 + random() * 2_500);
  broken.add(server.pid ?? 0);
  if (random() < 0.5) {
    count('servers killed');
    await server.dies();
    await delay(random() * 500);
    await server.starts();
  } else {
    count('servers stopped');
    server.stops();
    await delay(random() * 2_500);
    server.goesOn();
  }
}

test(
  'three servers with Redis, which are killed and stopped: nothing is lost, no effect comes twice, all in order',
  { timeout: CHAOS.ms + 180_000 },
  async ({ annotate }) => {
    const { seed } = CHAOS;
    await annotate(`CHAOS_SEED=${seed}`);
    const random = seededRandom(seed);
    const [redis, data] = await Promise.all([startRedis(), startRedis()]);
    onTestFinished(async () => void (await Promise.all([redis.ends(), data.ends()])));
    const said: string[] = [];
    const file = await bundleServer();
    const servers = Array.from({ length: SERVERS }, (_, n) => {
      const start = { seed: seed + n, redis: redis.url, database: data.url };
      return new ServerProcess(file, start, (text) => said.push(text));
    });
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.dies()))));
    await Promise.all(servers.map((server) => server.starts()));
    const any = () => servers[Math.floor(random() * SERVERS)] as ServerProcess;
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, n) => ChaosClient.start(`client-${n}`, any().port)),
    );
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.end()))));
    await until(() => unopened(clients).length === 0, PATIENCE);

    const broken = new Set<number>();
    const say = (topic: string, text: string) => any().says(topic, text);
    const tally = await wreakHavoc(clients, random, say, (counts) => [
      ...servers.map((server) => again(() => breakServer(server, random, counts, broken))),
      // Each next link of a client may lead to another server.
      again(async () => {
        for (const { proxy } of clients) await proxy.leadsTo(any().port);
        await delay(100);
      }),
    ]);
    await Promise.all(clients.map(({ proxy }) => proxy.leadsTo(any().port)));
    await until(() => unfinished(clients, said).length === 0, PATIENCE);
    const database = await inRedis(data.url);
    onTestFinished(() => database.end());
    const records = await database.read();
    const [lost, endings] = await brokenRequests(clients, records, true);
    const [unsafe, repeated] = repetitions(records, broken);
    const sum = (count: (client: ChaosClient) => number) =>
      clients.reduce((all, client) => all + count(client), 0);
    const counts = {
      sent: sum(({ sent }) => sent.length),
      said: said.length,
      gaps: sum(({ gaps }) => gaps.length),
      repeated,
      ...endings,
      ...tally,
    };
    await annotate(JSON.stringify(counts));
    expect(
      shown([
        ...servers.flatMap(({ faults }) => faults),
        ...clients.flatMap(({ told }) => told),
        ...brokenUp(clients, records),
        ...brokenDown(clients, said),
        ...lost,
        ...unsafe,
      ]),
      `CHAOS_SEED=${seed}`,
    ).toEqual([]);
  },
);
