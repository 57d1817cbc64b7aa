import { expect } from 'vitest';
import { test } from '../fixtures.ts';

test('a frozen page reconnects once when it resumes (fault 28)', async ({ server, opens }) => {
  const page = await opens({
    url: server.url,
    heartbeat: true,
    reconnect: { minDelay: 50, baseDelay: 0, maxDelay: 0 },
  });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.hides();
  await page.freezes();
  await expect.poll(() => page.recorded('page')).toContain('freeze');
  await page.isShownAgain();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect(await page.recorded('page')).toEqual([
    'pageshow',
    'hidden',
    'freeze',
    'resume',
    'visible',
  ]);
  expect(await page.recorded('close')).toEqual([
    { kind: 'close', code: 1006, reason: '', wasClean: false },
  ]);
  await expect.poll(server.report).toMatchObject({ open: 1, ever: 2 });
});
