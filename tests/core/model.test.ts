/**
 * Random histories of one connection: calls and errors of the application (some of them inside handlers), the network,
 * time and sleep, and pages that are hidden, frozen or in the back/forward cache. After every step the connection is
 * compared with a model of the documentation, and with rules that must always hold.
 *
 * `model/steps.ts` lists what can happen, `model/expected.ts` is the model, `model/laws.ts` has the rules. A failure
 * prints the seed, the path and the shortest history found. To repeat it: `MODEL_SEED=… npx vitest run --project unit
 * tests/core/model.test.ts`. For a long run: `MODEL_STEPS=1000000` in front of the same command.
 */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { takeReports } from '../support/reports.ts';
import { History } from './model/history.ts';
import { USER_CODE } from './model/app-errors.ts';
import { endings, setups, steps } from './model/steps.ts';
import { showPage } from './model/app.ts';

// The last history may have left a prerendered page to the files that run after this one.
afterEach(() => void showPage());

const STEPS = Number(process.env.MODEL_STEPS ?? 200_000);
const SEED = process.env.MODEL_SEED;
/** The length of the longest history. The average is half of it. */
const LENGTH = 200;

test(
  `${STEPS} random steps give the results that the model expects`,
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
        // Reports of a history that failed.
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
    // Histories that stay in one status would show little.
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
      ...USER_CODE,
      'found dead',
      'flush',
      'drop: overflow',
      'drop: scope',
      'drop: closed',
      'message of a topic',
      'login',
    ];
    const enough = Math.floor(taken / 200_000);
    expect(rare.filter((what) => (seen[what] ?? 0) < enough)).toEqual([]);
  },
  10_000 + STEPS,
);
