import { describe, type ExpectStatic } from 'vitest';
import type { Page } from '../../support/chromium/page.ts';
import { test } from '../fixtures.ts';
import { AT_ONCE, delays, gaps } from './timing.ts';

/**
 * Timers of a hidden tab fire on whole seconds. A ping is sent by such a timer, so its timeout, 10 ms after a whole
 * second, is noticed 990 ms late.
 */
const heartbeat = { interval: 1_000, timeout: 2_010 };
const NOTICED_LATE = 2_500;

/** Waits for the next timer of a hidden page, after which the following one is a second away. */
async function nextTick(page: Page, expect: ExpectStatic): Promise<void> {
  const { length } = await page.recorded('tick');
  await expect.poll(() => page.recorded('tick')).not.toHaveLength(length);
}

// Concurrent, since they mostly wait. Vitest asks for an own `expect` in each.
describe.concurrent('in a hidden tab (fault 27)', () => {
  test('timers fire once a second, and messages arrive at once', async ({
    server,
    opens,
    expect,
  }) => {
    const page = await opens({ url: server.url, heartbeat, ticks: true });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    for (const count of [1, 2]) {
      await nextTick(page, expect);
      await server.says(String(Date.now()));
      await expect.poll(() => page.recorded('message')).toHaveLength(count);
    }
    expect(Math.max(...gaps(await page.when('tick')))).toBeGreaterThan(AT_ONCE);
    // A busy machine may delay one message; a timer would delay all.
    expect(Math.min(...(await delays(page)))).toBeLessThan(AT_ONCE);
    expect(await page.statuses()).toEqual(['connecting', 'open']);
  });

  test('a late heartbeat timer sends another ping, and the answer keeps the link', async ({
    server,
    proxy,
    opens,
    expect,
  }) => {
    const page = await opens({ url: proxy.url, heartbeat });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.hides();
    await expect.poll(() => page.recorded('probe')).not.toEqual([]);
    await proxy.stalls();
    await expect
      .poll(async () => gaps(await page.when('probe')).at(-1), { timeout: 8_000 })
      .toBeGreaterThan(NOTICED_LATE);
    await proxy.passes();
    // A scheduled ping comes only after the last one has been answered.
    const { length } = await page.recorded('probe');
    await expect.poll(() => page.recorded('probe')).not.toHaveLength(length);
    expect(await page.recorded('close')).toEqual([]);
    expect(await server.report()).toMatchObject({ open: 1, ever: 1 });
  });

  test('a dead peer is found, and the next attempt does not wait for a timer', async ({
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
    expect(await page.recorded('close')).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
    const lost = (await page.recorded('snapshot')).find(({ status }) => status === 'reconnecting');
    expect(lost).toMatchObject({ readyState: 0, retryAt: null });
    expect((await server.report()).ever).toBe(2);
  });

  test('a tab that is shown again finds a dead peer within 3.5 s with the default heartbeat', async ({
    proxy,
    opens,
    annotate,
    expect,
  }) => {
    const page = await opens({ url: proxy.url, heartbeat: true });
    await expect
      .poll(async () => (await page.recorded('snapshot')).at(-1)?.latency)
      .toBeTypeOf('number');
    await page.hides();
    await proxy.stalls();
    await page.isShownAgain();
    await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    const took = await page.lostAfter('visible');
    await annotate(`Found ${took} ms after the page was shown again`);
    expect(took).toBeLessThan(3_500);
  });
});
