import { expect, vi } from 'vitest';
import { test } from './fixtures.ts';

/** Short retry delays without a random part. */
const reconnect = { minDelay: 100, baseDelay: 0, maxDelay: 0 };

test('an offline event sends a ping, and a link that still works afterwards is kept (fault 31)', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, heartbeat: true });
  await expect
    .poll(async () => (await page.recorded('snapshot')).at(-1)?.latency)
    .toBeGreaterThan(0);
  expect(await page.recorded('probe')).toHaveLength(1);
  await page.goesOffline();
  await expect.poll(() => page.recorded('page')).toContain('offline');
  expect(await page.recorded('probe')).toHaveLength(2);
  await server.says('while you were away');
  await page.isOnlineAgain();
  await expect.poll(() => page.recorded('message')).toEqual(['while you were away']);
  expect(await page.statuses()).toEqual(['connecting', 'open']);
  expect(await server.report()).toMatchObject({ open: 1, ever: 1 });
});

test('a link whose ping is not answered after offline is given up, and online brings the next attempt (fault 31)', async ({
  server,
  proxy,
  opens,
}) => {
  const heartbeat = { timeout: 500 };
  const page = await opens({ url: proxy.url, heartbeat, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  // Firefox takes the network only from new sockets.
  await proxy.stalls();
  await page.goesOffline();
  await vi.waitFor(
    async () => expect((await page.recorded('close')).length).toBeGreaterThan(2),
    5_000,
  );
  const [loss, ...failures] = await page.recorded('close');
  expect(loss).toEqual({ kind: 'timeout', phase: 'heartbeat' });
  expect(new Set(failures.map((cause) => cause.kind === 'close' && cause.code))).toEqual(
    new Set([1006]),
  );
  await proxy.passes();
  await page.isOnlineAgain();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  await expect.poll(server.report).toMatchObject({ open: 1, ever: 2 });
});

test('attempts are made and succeed while the browser reports offline (fault 32)', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url, reconnect });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.reportsOffline();
  await expect.poll(() => page.recorded('page')).toContain('offline');
  await server.stops();
  await expect.poll(async () => (await page.recorded('close')).length).toBeGreaterThan(2);
  await server.starts();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  expect(await page.recorded('page')).not.toContain('online');
});

test('an online event finds a dead peer within 3.5 s with the default heartbeat (fault 21)', async ({
  proxy,
  opens,
  annotate,
}) => {
  const page = await opens({ url: proxy.url, heartbeat: true });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.reportsOffline();
  await expect
    .poll(async () => (await page.recorded('snapshot')).at(-1)?.latency)
    .toBeGreaterThan(0);
  await proxy.stalls();
  await page.isOnlineAgain();
  await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  const took = await page.lostAfter('online');
  await annotate(`Found ${took} ms after online`);
  expect(took).toBeLessThan(3_500);
});
