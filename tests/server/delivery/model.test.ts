/**
 * Random histories of two pages, their server and its stores, and the network between them, on one simulated clock: what the
 * applications do (some of it in handlers), links that are cut, stall and wake, pages and servers that end at any moment, clocks
 * that lie, peers that lie. The pages are the real client, the server is the real companion; only the sockets are simulated.
 *
 * `model/steps.ts` lists what can happen, `model/hostile.ts` what liars do. `model/sent.ts` and `model/heard.ts` are the
 * reference: what was handed over at each end, and so what may be lost, told, or come twice. A failure prints the seed, the path and
 * the shortest history found. To repeat it: `MODEL_SEED=… MODEL_PATH=… npx vitest run --project server
 * tests/server/delivery/model.test.ts`. For a long run, with a seed of its own: `MODEL_STEPS=1000000` in front of the same command.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeReports } from '../../support/reports.ts';
import { type Lie, lies } from './model/hostile.ts';
import { replaceHandshake } from './model/server.ts';
import { setups } from './model/setup.ts';
import { type Step, steps } from './model/steps.ts';
import { World } from './model/world.ts';

const { MODEL_STEPS, MODEL_PATH: PATH } = process.env;
const STEPS = Number(MODEL_STEPS ?? 200_000);
/** `npm test` takes the same histories each time, so that a failure comes from a change. Long runs look for new ones. */
const SEED = process.env.MODEL_SEED ?? (MODEL_STEPS ? undefined : 20_261_130);
/** The length of the longest history. The average is half of it. */
const LENGTH = 200;
/** How long it may take, in milliseconds. */
const LIMIT = 40_000 + 2 * STEPS;

let undo = () => {};
beforeAll(() => (undo = replaceHandshake()));
afterAll(() => undo());

type Weighted = fc.WeightedArbitrary<Step | Lie>;

/** Takes so many random steps. Returns what was seen, and how often. */
async function run<Taken extends Parameters<World['take']>[0]>(
  all: fc.Arbitrary<Taken>,
  count: number,
): Promise<Record<string, number>> {
  const seen: Record<string, number> = { steps: 0 };
  const property = fc.asyncProperty(
    setups,
    fc.array(all, { maxLength: LENGTH, size: 'max' }),
    async (setup, history) => {
      // Reports of a history that failed.
      takeReports();
      const world = new World(setup, seen);
      try {
        for (const step of history) await world.take(step);
        await world.recover();
        await world.end();
      } finally {
        world.dispose();
      }
      seen.steps = (seen.steps as number) + history.length;
    },
  );
  await fc.assert(property, {
    ...(SEED && { seed: Number(SEED) }),
    ...(PATH && { path: PATH, endOnFailure: true }),
    // Shrinking takes its time, but not all of it.
    interruptAfterTimeLimit: LIMIT,
    numRuns: Math.ceil((count / LENGTH) * 2.3),
  });
  return seen;
}

/** What each long run must have seen, or it would show little. */
const RARE = [
  'confirm',
  'failed',
  'uncertain',
  'drop',
  'repeated later',
  'repeated after a kill',
  'uncertain: restarted',
  'uncertain: withdrawn',
  'uncertain: expired',
  'uncertain: identity',
  'uncertain: scope',
  'uncertain: closed',
  'gap: too many',
  'gap: too old',
  'gap: restarted',
  'gap: forgotten',
  'request: reply',
  'request: refused',
  'request: withdrawn',
  'request: TimeoutError, uncertain',
  'request: AbortError, uncertain',
  'request: lost, uncertain',
];

test(
  `${STEPS} random steps of pages, server and network keep every promise`,
  async () => {
    const seen = await run(steps, STEPS);
    const enough = PATH ? 0 : Math.floor(STEPS / 200_000);
    expect(seen.steps).toBeGreaterThanOrEqual(enough * 200_000);
    expect(RARE.filter((what) => (seen[what] ?? 0) < enough)).toEqual([]);
  },
  2 * LIMIT,
);

test(
  'peers that lie bring nothing to an end, show nothing to strangers, and change nothing for others',
  async () => {
    const all = fc.oneof<Weighted[]>(
      { weight: 12, arbitrary: steps },
      { weight: 1, arbitrary: lies },
    );
    const seen = await run(all, STEPS / 10);
    expect(seen['told after a lie']).toBeGreaterThan(0);
  },
  2 * LIMIT,
);
