import { expect, vi } from 'vitest';
import { test } from './fixtures.ts';

/** Fast enough for a test, and without jitter. */
const reconnect = { minDelay: 100, baseDelay: 0, maxDelay: 0 };

test('fault 31: offline asks the peer, and a link that is still there afterwards is kept', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, heartbeat: true });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.goesOffline();
  await expect.poll(() => page.told('page')).toContain('offline');
  expect(await page.told('probe')).toHaveLength(1);
  await server.says('while you were away');
  await page.isOnlineAgain();
  await expect.poll(() => page.told('message')).toEqual(['while you were away']);
  await expect.poll(async () => (await page.told('snapshot')).at(-1)?.latency).toBeGreaterThan(0);
  expect(await page.statuses()).toEqual(['connecting', 'open']);
  expect(await server.saw()).toMatchObject({ open: 1, ever: 1 });
});

test('fault 31: a silent link is given up at the deadline of the probe, and online brings the next', async ({
  server,
  opens,
}) => {
  const heartbeat = { timeout: 500 };
  const page = await opens({ url: server.url, heartbeat, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.goesOffline();
  await vi.waitFor(async () => expect((await page.told('close')).length).toBeGreaterThan(2), 5_000);
  const [death, ...failures] = await page.told('close');
  expect(death).toEqual({ kind: 'timeout', phase: 'heartbeat' });
  expect(new Set(failures.map((cause) => cause.kind === 'close' && cause.code))).toEqual(
    new Set([1006]),
  );
  await page.isOnlineAgain();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  await expect.poll(server.saw).toMatchObject({ open: 1, ever: 2 });
});

test('fault 32: attempts go out and succeed while the browser says that it is offline', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.isCalledOffline();
  await expect.poll(() => page.told('page')).toContain('offline');
  await server.stops();
  await expect.poll(async () => (await page.told('close')).length).toBeGreaterThan(2);
  await server.starts();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect(await page.told('page')).not.toContain('online');
});

test('fault 21: with the default heartbeat, online finds a dead peer within 3.5 s', async ({
  proxy,
  opens,
  annotate,
}) => {
  const page = await opens({ url: proxy.url, heartbeat: true });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.isCalledOffline();
  await expect.poll(async () => (await page.told('snapshot')).at(-1)?.latency).toBeGreaterThan(0);
  await proxy.stalls();
  await page.isOnlineAgain();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  const took = await page.lostAfter('online');
  await annotate(`Found ${took} ms after online`);
  expect(took).toBeLessThan(3_500);
});
