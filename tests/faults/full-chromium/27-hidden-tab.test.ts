import { describe, type ExpectStatic } from 'vitest';
import type { Page } from '../../support/chromium/page.ts';
import { test } from '../fixtures.ts';
import { AT_ONCE, delays, gaps } from './timing.ts';

/**
 * The timers of a hidden tab come on whole seconds. A probe goes out by such a timer, so that its deadline, 10 ms after
 * a whole second, is noticed 990 ms late.
 */
const heartbeat = { interval: 1_000, timeout: 2_010 };
const NOTICED_LATE = 2_500;

/** The next timer of a hidden page has come, so that the one after it is a second away. */
async function nextTick(page: Page, expect: ExpectStatic): Promise<void> {
  const { length } = await page.told('tick');
  await expect.poll(() => page.told('tick')).not.toHaveLength(length);
}

// Together, since they mostly wait. Each has its own `expect` then, as Vitest asks.
describe.concurrent('fault 27: in a hidden tab', () => {
  test('timers come once a second, and messages at once', async ({ server, opens, expect }) => {
    const page = await opens({ url: server.url, heartbeat, ticks: true });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    for (const count of [1, 2]) {
      await nextTick(page, expect);
      await server.says(String(Date.now()));
      await expect.poll(() => page.told('message')).toHaveLength(count);
    }
    expect(Math.max(...gaps(await page.when('tick')))).toBeGreaterThan(AT_ONCE);
    // A busy machine may hold up one, a timer holds up all.
    expect(Math.min(...(await delays(page)))).toBeLessThan(AT_ONCE);
    expect(await page.statuses()).toEqual(['connecting', 'open']);
  });

  test('a deadline noticed late asks again, and the answer keeps the link', async ({
    server,
    proxy,
    opens,
    expect,
  }) => {
    const page = await opens({ url: proxy.url, heartbeat });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    await expect.poll(() => page.told('probe')).not.toEqual([]);
    await proxy.stalls();
    await expect
      .poll(async () => gaps(await page.when('probe')).at(-1), { timeout: 8_000 })
      .toBeGreaterThan(NOTICED_LATE);
    await proxy.passes();
    // Only what has been answered is followed by a probe on schedule.
    const { length } = await page.told('probe');
    await expect.poll(() => page.told('probe')).not.toHaveLength(length);
    expect(await page.told('close')).toEqual([]);
    expect(await server.saw()).toMatchObject({ open: 1, ever: 1 });
  });

  test('a dead peer is found all the same, and the next socket waits for no timer', async ({
    server,
    proxy,
    opens,
    expect,
  }) => {
    const page = await opens({ url: proxy.url, heartbeat });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    await proxy.stalls();
    await expect
      .poll(page.statuses, { timeout: 12_000 })
      .toEqual(['connecting', 'open', 'reconnecting', 'open']);
    expect(await page.told('close')).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
    const lost = (await page.told('snapshot')).find(({ status }) => status === 'reconnecting');
    expect(lost).toMatchObject({ readyState: 0, retryAt: null });
    expect((await server.saw()).ever).toBe(2);
  });

  test('one that is shown again finds a dead peer within 3.5 s, with the default heartbeat', async ({
    proxy,
    opens,
    annotate,
    expect,
  }) => {
    const page = await opens({ url: proxy.url, heartbeat: true });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    await proxy.stalls();
    await page.isShownAgain();
    await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    const took = await page.lostAfter('visible');
    await annotate(`Found ${took} ms after the page was shown again`);
    expect(took).toBeLessThan(3_500);
  });
});
