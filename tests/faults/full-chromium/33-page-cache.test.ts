import { expect, onTestFinished } from 'vitest';
import { startSessionServer } from '../../support/session-server.ts';
import { test } from '../fixtures.ts';

/** Short retry delays without a random part. */
const reconnect = { minDelay: 50, baseDelay: 0, maxDelay: 0 };
const LEFT = { kind: 'close', code: 1001, reason: '', wasClean: false };

test('a page in the back/forward cache closes its link, and reconnects once when it returns (fault 33)', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, heartbeat: true, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.leaves();
  await expect.poll(server.report).toMatchObject({ open: 0, ever: 1 });

  await page.comesBack();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  // Only Chromium has the other two: freeze, resume.
  const events = ['pageshow', 'pagehide', 'hidden', 'visible', 'pageshow'];
  const told = await page.recorded('page');
  expect(told.filter((event) => events.includes(event))).toEqual(events);
  expect(await page.recorded('close')).toEqual([LEFT]);
  const parked = (await page.recorded('snapshot')).find(({ status }) => status === 'reconnecting');
  expect(parked).toMatchObject({ readyState: 3, cause: LEFT, retryAt: null });
  await expect.poll(server.report).toMatchObject({ open: 1, ever: 2 });
});

test('the 1006 of the old socket that comes after the return from the cache is ignored (fault 33)', async ({
  server,
  proxy,
  opens,
}) => {
  const page = await opens({ url: proxy.url, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  // The closing handshake cannot end before the page is frozen.
  await proxy.stalls();
  await page.leaves();
  await proxy.resets();
  await proxy.passes();

  await page.comesBack();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  await expect
    .poll(() => page.recorded('socket'))
    .toContainEqual({ number: 1, type: 'close', code: 1006 });
  const heard = (await page.record()).map(({ detail }) => detail);
  const returned = heard.lastIndexOf('pageshow');
  expect(heard.slice(returned)).toContainEqual({ number: 1, type: 'close', code: 1006 });
  expect(await page.recorded('close')).toEqual([LEFT]);
  expect(await page.statuses()).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect((await server.report()).ever).toBe(2);
});

test('a page with a stored outbox goes into the cache, too, and its messages are handled once when it returns (fault 33)', async ({
  opens,
}) => {
  const sessions = await startSessionServer();
  onTestFinished(() => sessions.stops());
  await sessions.stops();
  const url = `${sessions.url}?name=ada`;
  // A page that is left while it makes an attempt, or stores something, may not be kept.
  const rare = { ...reconnect, minDelay: 10_000 };
  const page = await opens({ url, reconnect: rare, heartbeat: true, stores: ['one', 'two'] });
  await expect.poll(page.statuses).toEqual(['connecting', 'reconnecting']);
  await expect.poll(() => page.recorded('stored')).toEqual(['one', 'two']);
  await page.leaves();
  await sessions.starts();
  await page.comesBack();
  await expect.poll(async () => (await page.recorded('confirm')).flat()).toEqual(['one', 'two']);
  expect(await sessions.handled()).toEqual(['ada: one', 'ada: two']);
  // The same page has come back, and no new one.
  expect((await page.recorded('page')).filter((event) => event === 'pageshow')).toHaveLength(2);
  expect(await page.recorded('drop')).toEqual([]);
});
