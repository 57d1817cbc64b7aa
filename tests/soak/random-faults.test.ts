/**
 * A page in Chromium on a bad network in front of a bad server, by chance. A failure tells its seed and what happened
 * last; `SOAK_SEED=…` draws the same faults again, though not at the very same moments. `npm run soak` runs it for 30
 * minutes, or for SOAK_MINUTES.
 */
import { expect, inject, onTestFinished } from 'vitest';
import { createChance } from './chance.ts';
import { test } from './fixtures.ts';
import { Journal } from './journal.ts';
import { setStage } from './stage.tsx';
import { STEPS } from './steps.ts';

const { minutes, seed } = inject('lengths');

test(
  'fault 52: random faults leave nothing stuck, lost, repeated or out of order',
  { timeout: minutes * 60_000 + 60_000 },
  async ({ ledger, network, annotate }) => {
    await annotate(`SOAK_MINUTES=${minutes} SOAK_SEED=${seed}`);
    const journal = new Journal(seed);
    accuseUncaught(journal);
    const chance = createChance(seed);
    const stage = await setStage(ledger, network, chance, journal);

    const from = performance.now();
    let rounds = 0;
    let slowest = 0;
    const all = Object.keys(STEPS);
    // A run in which something never happens would prove little.
    while (performance.now() - from < minutes * 60_000 || stage.taken.size < all.length) {
      await stage.misbehaves(chance.between(2, 10));
      slowest = Math.max(slowest, await stage.calmsDown());
      rounds++;
    }

    const { links, seen, asked, handed, dropped } = stage.witness.totals;
    const steps = [...stage.taken.values()].reduce((sum, times) => sum + times, 0);
    await annotate(
      `${steps} steps, ${links} links; ${seen} messages seen in order; ${asked} sent, of which ${handed} were handed to ` +
        `a socket and ${dropped} dropped; ${rounds} recoveries, the slowest in ${Math.round(slowest)} ms`,
    );
    expect(links).toBeGreaterThan(rounds / 2);
    expect(handed + dropped).toBe(asked);
  },
);

/** No error may reach the page. */
function accuseUncaught(journal: Journal): void {
  const onError = ({ message }: ErrorEvent) => journal.accuses(`uncaught: ${message}`);
  const onRejection = ({ reason }: PromiseRejectionEvent) =>
    journal.accuses(`unhandled rejection: ${reason}`);
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  onTestFinished(() => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  });
}
