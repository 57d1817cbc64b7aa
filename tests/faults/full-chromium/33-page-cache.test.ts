import { expect } from 'vitest';
import { test } from '../fixtures.ts';

/** Soon, and without jitter. */
const reconnect = { minDelay: 50, baseDelay: 0, maxDelay: 0 };
const LEFT = { kind: 'close', code: 1001, reason: '', wasClean: false };

test('fault 33: a page in the back/forward cache has let go, and comes back with one reconnect', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, heartbeat: true, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.leaves();
  await expect.poll(server.saw).toMatchObject({ open: 0, ever: 1 });

  await page.comesBack();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect(await page.told('page')).toEqual([
    'pageshow',
    'pagehide',
    'hidden',
    'freeze',
    'resume',
    'visible',
    'pageshow',
  ]);
  expect(await page.told('close')).toEqual([LEFT]);
  const parked = (await page.told('snapshot')).find(({ status }) => status === 'reconnecting');
  expect(parked).toMatchObject({ readyState: 3, cause: LEFT, retryAt: null });
  await expect.poll(server.saw).toMatchObject({ open: 1, ever: 2 });
});

test('fault 33: the 1006 of the old socket comes after the return, and means nothing', async ({
  server,
  proxy,
  opens,
}) => {
  const page = await opens({ url: proxy.url, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  // It cannot say goodbye before the page is frozen.
  await proxy.stalls();
  await page.leaves();
  await proxy.resets();
  await proxy.passes();

  await page.comesBack();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  await expect
    .poll(() => page.told('socket'))
    .toContainEqual({ number: 1, type: 'close', code: 1006 });
  const heard = (await page.story()).map(({ detail }) => detail);
  const returned = heard.lastIndexOf('pageshow');
  expect(heard.slice(returned)).toContainEqual({ number: 1, type: 'close', code: 1006 });
  expect(await page.told('close')).toEqual([LEFT]);
  expect(await page.statuses()).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect((await server.saw()).ever).toBe(2);
});
