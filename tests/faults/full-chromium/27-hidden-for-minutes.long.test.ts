import { describe } from 'vitest';
import { test } from '../fixtures.ts';
import { AT_ONCE, delays, gaps } from './timing.ts';

const MINUTE = 60_000;

// Concurrent, since they only wait. Vitest asks for an own `expect` in each.
describe.concurrent('in a tab hidden for minutes (fault 27)', { timeout: 6 * MINUTE }, () => {
  test('timers fire once a minute and messages arrive at once, and a connection with pings keeps its link', async ({
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
    // A busy machine may delay a few messages; timers would delay all.
    expect(ascending[ascending.length >> 1]).toBeLessThan(AT_ONCE);
    expect(await page.statuses()).toEqual(['connecting', 'open']);
    expect(await server.report()).toMatchObject({ open: 1, ever: 1 });
  });

  test('a connection without pings that notices a silence a minute late waits for another silence', async ({
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
    // The timers of the connection fire once a minute by now, too.
    await expect.poll(minutes, { timeout: 3 * MINUTE }).toBe(1);
    await proxy.stalls();
    // The first timer notices the silence, the second is the timeout, 59 s late.
    await expect.poll(minutes, { timeout: 3 * MINUTE }).toBe(3);
    const { length } = await page.recorded('message');
    await proxy.passes();
    await expect.poll(() => page.recorded('message')).not.toHaveLength(length);
    expect(await page.statuses()).toEqual(['connecting', 'open']);
    expect(await server.report()).toMatchObject({ open: 1, ever: 1 });
  });
});
