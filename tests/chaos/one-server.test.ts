import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../support/random.ts';
import { ChaosClient } from './client.ts';
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

const CLIENTS = 50;
/** How long things may take that are left alone, in milliseconds. */
const PATIENCE = 30_000;

test(
  'one server, 50 clients, links that are cut and half-open: nothing is lost, no handler runs twice, all in order',
  { timeout: CHAOS.ms + 120_000 },
  async ({ annotate }) => {
    const { seed } = CHAOS;
    await annotate(`CHAOS_SEED=${seed}`);
    const random = seededRandom(seed);
    const said: string[] = [];
    const start = { seed, redis: null, database: null };
    const server = new ServerProcess(await bundleServer(), start, (text) => said.push(text));
    onTestFinished(() => server.dies());
    await server.starts();
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, n) => ChaosClient.start(`client-${n}`, server.port)),
    );
    onTestFinished(async () => {
      await Promise.all(clients.map((client) => client.end()));
    });
    await until(() => unopened(clients).length === 0, PATIENCE);

    const tally = await wreakHavoc(clients, random, (topic, text) => server.says(topic, text));
    // If it does not come to an end, the laws tell what is missing.
    await until(() => unfinished(clients, said).length === 0, PATIENCE);
    const records = await server.records();
    const [broken, endings] = await brokenRequests(clients, records, false);
    const sent = clients.reduce((sum, client) => sum + client.sent.length, 0);
    const gaps = clients.reduce((sum, client) => sum + client.gaps.length, 0);
    await annotate(JSON.stringify({ sent, said: said.length, gaps, ...endings, ...tally }));
    expect(
      shown([
        ...server.faults,
        ...clients.flatMap(({ told }) => told),
        ...brokenUp(clients, records),
        ...brokenDown(clients, said),
        ...broken,
        ...repetitions(records, new Set())[0],
      ]),
      `CHAOS_SEED=${seed}`,
    ).toEqual([]);
  },
);
