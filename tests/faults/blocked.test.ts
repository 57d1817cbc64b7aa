import { expect, inject } from 'vitest';
import { test } from './fixtures.ts';

test('a ws: url on an https page, which is mixed content, ends in closed (fault 6)', async ({
  server,
  opens,
}) => {
  const url = `ws://ada:secret@example.test:${server.port}/live?token=secret`;
  const page = await opens({ url }, { scheme: 'https' });
  await expect.poll(async () => (await page.statuses()).at(-1)).toBe('closed');
  const causes = await page.recorded('close');
  const message = expect.stringContaining(`ws://example.test:${server.port}/live is blocked`);
  expect(causes).toEqual([{ kind: 'error', name: 'SecurityError', message }]);
  expect(JSON.stringify(causes)).not.toContain('secret');
  expect(await server.report()).toMatchObject({ ever: 0, requests: [] });
});

test('a ws: url with a loopback address opens on an https page (fault 6)', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url }, { scheme: 'https' });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
});

const nothingElse = { headers: { 'Content-Security-Policy': "connect-src 'self'" } };

test('a url that a Content-Security-Policy blocks ends in closed (fault 7)', async ({
  server,
  opens,
}) => {
  const url = `ws://ada:secret@127.0.0.1:${server.port}/live?token=secret`;
  const page = await opens({ url }, nothingElse);
  await expect.poll(page.statuses).toEqual(['closed']);
  const causes = await page.recorded('close');
  const message = expect.stringContaining(`ws://127.0.0.1:${server.port}/live is blocked`);
  expect(causes).toEqual([{ kind: 'error', name: 'SecurityError', message }]);
  expect(JSON.stringify(causes)).not.toContain('secret');
  expect(await server.report()).toMatchObject({ ever: 0, requests: [] });
});

test('a Content-Security-Policy blocks without an exception: the only event comes after the constructor has returned (fault 7)', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url }, nothingElse);
  await expect
    .poll(() => page.recorded('socket'))
    .toEqual([{ number: 1, type: 'error', code: null }]);
});

test('a blocked port ends in closed in WebKit, which tells of no close, and looks like a refused connection elsewhere (fault 79)', async ({
  opens,
}) => {
  const isRefused = inject('engine') !== 'webkit';
  const page = await opens({ url: 'ws://127.0.0.1:22/' });
  await expect.poll(page.statuses).toEqual(['connecting', isRefused ? 'reconnecting' : 'closed']);
  const message = expect.stringContaining('ws://127.0.0.1:22/ is blocked');
  const cause = { kind: 'error', name: 'SecurityError', message };
  const [first] = await page.recorded('close');
  expect(first).toMatchObject(isRefused ? { kind: 'close', code: 1006 } : cause);
  const events = (await page.recorded('socket')).filter(({ number }) => number === 1);
  expect(events.map(({ type }) => type)).toEqual(isRefused ? ['error', 'close'] : ['error']);
});

test('a url that the Content-Security-Policy allows opens (fault 7)', async ({ server, opens }) => {
  const policy = `connect-src 'self' ${new URL(server.url).origin}`;
  const page = await opens({ url: server.url }, { headers: { 'Content-Security-Policy': policy } });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
});
