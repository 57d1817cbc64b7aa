import { describe } from 'vitest';
import { test } from '../fixtures.ts';
import { AT_ONCE, delays, gaps } from './timing.ts';

const MINUTE = 60_000;

// Together, since they only wait. Each has its own `expect` then, as Vitest asks.
describe.concurrent(
  'fault 27: in a tab that has been hidden for long',
  { timeout: 6 * MINUTE },
  () => {
    test('timers come once a minute and messages at once, and who asks keeps the link', async ({
      server,
      opens,
      expect,
      annotate,
      onTestFinished,
    }) => {
      const heartbeat = { interval: 2_000, timeout: 1_000 };
      const page = await opens({ url: server.url, heartbeat, ticks: true });
      await expect.poll(page.statuses).toEqual(['connecting', 'open']);
      await page.hides();
      const clock = setInterval(async () => server.says(String(Date.now())), 1_000);
      onTestFinished(() => clearInterval(clock));
      const lastGap = async () => gaps(await page.when('tick')).at(-1);
      await expect.poll(lastGap, { timeout: 3 * MINUTE }).toBeGreaterThan(MINUTE - 1_000);
      const ascending = (await delays(page)).toSorted((a, b) => a - b);
      await annotate(
        `${await lastGap()} ms between two timers, ${ascending.at(-1)} ms for the slowest message`,
      );
      // A busy machine may hold up a few, timers hold up all.
      expect(ascending[ascending.length >> 1]).toBeLessThan(AT_ONCE);
      expect(await page.statuses()).toEqual(['connecting', 'open']);
      expect(await server.saw()).toMatchObject({ open: 1, ever: 1 });
    });

    test('who only listens, and notices a silence a minute late, gives the peer a second chance', async ({
      server,
      proxy,
      opens,
      expect,
      onTestFinished,
    }) => {
      const heartbeat = { interval: 1_000, timeout: 1_000, ping: null };
      const page = await opens({ url: proxy.url, heartbeat, ticks: true });
      await expect.poll(page.statuses).toEqual(['connecting', 'open']);
      await page.hides();
      const clock = setInterval(async () => server.says(String(Date.now())), 500);
      onTestFinished(() => clearInterval(clock));
      const minutes = async () =>
        gaps(await page.when('tick')).filter((gap) => gap > MINUTE - 1_000).length;
      // Its own timers come once a minute by now, too: each was set by the one before.
      await expect.poll(minutes, { timeout: 3 * MINUTE }).toBe(1);
      await proxy.stalls();
      // The first wonders about the silence, the second is its deadline, 59 s late.
      await expect.poll(minutes, { timeout: 3 * MINUTE }).toBe(3);
      const { length } = await page.told('message');
      await proxy.passes();
      await expect.poll(() => page.told('message')).not.toHaveLength(length);
      expect(await page.statuses()).toEqual(['connecting', 'open']);
      expect(await server.saw()).toMatchObject({ open: 1, ever: 1 });
    });
  },
);
