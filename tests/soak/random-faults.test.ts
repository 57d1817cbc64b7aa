/**
 * Random faults of the network and the server, for a page in Chromium. A failure prints its seed and the last events;
 * `SOAK_SEED=…` repeats the same faults, though not at exactly the same times. `npm run soak` runs it for 30 minutes, or for
 * SOAK_MINUTES.
 */
import { expect, inject, onTestFinished } from 'vitest';
import { createChance } from './chance.ts';
import { test } from './fixtures.ts';
import { Journal } from './journal.ts';
import { openSoakPage } from './soak-page.tsx';
import { STEPS } from './steps.ts';

const { minutes, seed } = inject('lengths');

test(
  'random faults leave no connection stuck, and no message lost, repeated or out of order (fault 52)',
  { timeout: minutes * 60_000 + 60_000 },
  async ({ ledger, network, annotate }) => {
    await annotate(`SOAK_MINUTES=${minutes} SOAK_SEED=${seed}`);
    const journal = new Journal(seed);
    failOnUncaught(journal);
    const chance = createChance(seed);
    const soakPage = await openSoakPage(ledger, network, chance, journal);

    const from = performance.now();
    let rounds = 0;
    let slowest = 0;
    const all = Object.keys(STEPS);
    // Every step must be taken at least once.
    while (performance.now() - from < minutes * 60_000 || soakPage.taken.size < all.length) {
      await soakPage.takesRandomSteps(chance.between(2, 10));
      slowest = Math.max(slowest, await soakPage.recovers());
      rounds++;
    }

    const { links, delivered, sent, handedOver, dropped } = soakPage.checker.totals;
    const steps = [...soakPage.taken.values()].reduce((sum, times) => sum + times, 0);
    await annotate(
      `${steps} steps, ${links} links; ${delivered} messages received in order; ${sent} sent, of which ${handedOver} were given to ` +
        `a socket and ${dropped} dropped; ${rounds} recoveries, the slowest in ${Math.round(slowest)} ms`,
    );
    expect(links).toBeGreaterThan(rounds / 2);
    expect(handedOver + dropped).toBe(sent);
  },
);

/** No error may reach the page. */
function failOnUncaught(journal: Journal): void {
  const onError = ({ message }: ErrorEvent) => journal.fails(`uncaught: ${message}`);
  const onRejection = ({ reason }: PromiseRejectionEvent) =>
    journal.fails(`unhandled rejection: ${reason}`);
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  onTestFinished(() => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  });
}
