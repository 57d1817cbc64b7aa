/**
 * Random histories of one connection: wishes of the application (some of them inside of handlers) and its own errors,
 * the network, time and sleep, pages that are hidden, frozen or in the back/forward cache; after every step the
 * connection is compared with a model of what the documentation says, and with what must hold whatever happens.
 *
 * To read it: `model/steps.ts` says what can happen, `model/expected.ts` what becomes of it, `model/laws.ts` what must
 * hold. A failure prints the seed, the path and the shortest history found. To repeat it: `MODEL_SEED=… npx vitest run
 * --project unit tests/core/model.test.ts`. For a long run: `MODEL_STEPS=1000000` in front of the same command.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeReports } from '../support/reports.ts';
import { History } from './model/history.ts';
import { culprits } from './model/mishaps.ts';
import { endings, setups, steps } from './model/steps.ts';

const STEPS = Number(process.env.MODEL_STEPS ?? 200_000);
const SEED = process.env.MODEL_SEED;
/** The longest history; half of it is the average. */
const LENGTH = 200;

test(
  `${STEPS} random steps leave no law broken`,
  async () => {
    let taken = 0;
    const seen: Record<string, number> = {};
    const see = (what: string) => (seen[what] = (seen[what] ?? 0) + 1);

    const property = fc.asyncProperty(
      setups,
      fc.array(steps, { maxLength: LENGTH, size: 'max' }),
      fc.boolean(),
      endings,
      async (setup, history, recovers, ending) => {
        // Those of a history that failed.
        takeReports();
        const life = new History(setup);
        for (const step of history) {
          await life.take(step);
          see(life.status);
        }
        if (recovers) await life.recover();
        await life.end(ending);
        life.seen.forEach(see);
        taken += history.length;
      },
    );
    await fc.assert(property, {
      ...(SEED && { seed: Number(SEED) }),
      numRuns: Math.ceil((STEPS / LENGTH) * 2.3),
    });
    expect(taken).toBeGreaterThanOrEqual(STEPS);
    // Histories that stay in one place would prove little.
    for (const status of [
      'idle',
      'connecting',
      'open',
      'reconnecting',
      'closing',
      'closed',
    ] as const)
      expect(seen[status]).toBeGreaterThan(taken / 250);
    const rare = [
      ...culprits,
      'found dead',
      'flush',
      'drop: overflow',
      'drop: scope',
      'drop: closed',
      'message of a topic',
    ];
    const enough = Math.floor(taken / 200_000);
    expect(rare.filter((what) => (seen[what] ?? 0) < enough)).toEqual([]);
  },
  10_000 + STEPS,
);
