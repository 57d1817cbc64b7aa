import { expect } from 'vitest';
import { test } from './fixtures.ts';

test('fault 6: a ws: url on an https page is mixed content, and ends in closed', async ({
  server,
  opens,
}) => {
  const url = `ws://ada:secret@example.test:${server.port}/live?token=secret`;
  const page = await opens({ url }, { scheme: 'https' });
  await expect.poll(page.statuses).toEqual(['connecting', 'closed']);
  const causes = await page.told('close');
  const message = expect.stringContaining(`ws://example.test:${server.port}/live is refused`);
  expect(causes).toEqual([{ kind: 'error', name: 'SecurityError', message }]);
  expect(JSON.stringify(causes)).not.toContain('secret');
  expect(await server.saw()).toMatchObject({ ever: 0, requests: [] });
});

test('fault 6: a loopback address is trusted without encryption, on the same https page', async ({
  server,
  opens,
}) => {
  const page = await opens({ url: server.url }, { scheme: 'https' });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
});

test('fault 7: what a Content-Security-Policy blocks without a throw ends in closed', async ({
  server,
  opens,
}) => {
  const url = `ws://ada:secret@127.0.0.1:${server.port}/live?token=secret`;
  const page = await opens(
    { url },
    { headers: { 'Content-Security-Policy': "connect-src 'self'" } },
  );
  await expect.poll(page.statuses).toEqual(['connecting', 'closed']);
  const causes = await page.told('close');
  const message = expect.stringContaining(`ws://127.0.0.1:${server.port}/live is blocked`);
  expect(causes).toEqual([{ kind: 'error', name: 'SecurityError', message }]);
  expect(JSON.stringify(causes)).not.toContain('secret');
  // All that the browser says, and not yet when the constructor returns.
  await expect.poll(() => page.told('socket')).toEqual([{ number: 1, type: 'error', code: null }]);
  expect(await server.saw()).toMatchObject({ ever: 0, requests: [] });
});

test('fault 7: what the policy allows opens', async ({ server, opens }) => {
  const policy = `connect-src 'self' ${new URL(server.url).origin}`;
  const page = await opens({ url: server.url }, { headers: { 'Content-Security-Policy': policy } });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
});
