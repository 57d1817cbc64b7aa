import { expect } from 'vitest';
import { test } from '../fixtures.ts';
import { gaps } from './timing.ts';
import { expectUploadsLikeBare } from './uploads.ts';

const MINUTE = 60_000;

test(
  'a tab whose timers fire once a minute sends 12 MiB in the time of a bare socket (fault 59)',
  {
    timeout: 6 * MINUTE,
  },
  async ({ server, opens, annotate }) => {
    const page = await opens({ url: server.url, uploads: true, ticks: true });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    await expect
      .poll(async () => gaps(await page.when('tick')).at(-1), { timeout: 3 * MINUTE })
      .toBeGreaterThan(MINUTE - 1_000);
    await annotate(await expectUploadsLikeBare(server, page, expect));
  },
);
