/**
 * Random histories of one connection: wishes of the application (some of them inside of handlers), the network, time,
 * sleep and signals; after every step the connection is compared with a model of what the documentation says, and with
 * what must hold whatever happens.
 *
 * A failure prints the seed, the path and the shortest history found. To repeat it: `MODEL_SEED=… npx vitest run
 * --project unit tests/core/model.test.ts`. For a long run: `MODEL_STEPS=1000000` in front of the same command.
 */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Status } from '../../src/core.ts';
import { History } from './model/history.ts';
import { endings, setups, steps } from './model/steps.ts';

const STEPS = Number(process.env.MODEL_STEPS ?? 50_000);
const SEED = process.env.MODEL_SEED;
/** The longest history; half of it is the average. */
const LENGTH = 200;

test(
  `${STEPS} random steps leave no law broken`,
  async () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    let taken = 0;
    const seen: Partial<Record<Status, number>> = {};

    const property = fc.asyncProperty(
      setups,
      fc.array(steps, { maxLength: LENGTH, size: 'max' }),
      fc.boolean(),
      endings,
      async (setup, history, recovers, ending) => {
        reported.length = 0;
        const life = new History(setup, reported);
        for (const step of history) {
          await life.take(step);
          seen[life.status] = (seen[life.status] ?? 0) + 1;
        }
        if (recovers) await life.recover();
        await life.end(ending);
        taken += history.length;
      },
    );
    await fc.assert(property, {
      ...(SEED && { seed: Number(SEED) }),
      numRuns: Math.ceil((STEPS / LENGTH) * 2.5),
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
  },
  10_000 + STEPS,
);
