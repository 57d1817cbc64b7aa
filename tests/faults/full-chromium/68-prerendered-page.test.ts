import { expect } from 'vitest';
import { test } from '../fixtures.ts';

test('a page that is prerendered makes its first attempt when it is shown (fault 68)', async ({
  server,
  opens,
}) => {
  const page = await opens({
    url: server.url,
    // Chromium lets a socket of such a page wait. The page is prerendered for a second.
    connectTimeout: 600,
    reconnect: { maxAttempts: 2, minDelay: 10, baseDelay: 0 },
    isPrerendered: true,
  });
  await expect.poll(() => page.statuses(), { timeout: 10_000 }).toEqual(['connecting', 'open']);
  const [connecting, open] = await page.when('snapshot');
  const [shown] = (await page.record()).filter(({ detail }) => detail === 'visible');
  expect(connecting).toBeLessThan(Number(shown?.at));
  expect(open).toBeGreaterThanOrEqual(Number(shown?.at));
  expect(await page.recorded('close')).toEqual([]);
  expect((await server.report()).ever).toBe(1);
});
