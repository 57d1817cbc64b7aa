import { expect } from 'vitest';
import { test } from '../fixtures.ts';

const reconnect = { minDelay: 50, baseDelay: 0, maxDelay: 0 };

for (const farewell of ['before', 'after'] as const)
  test(`a farewell goes out on the present link if the page listens ${farewell} the connection (fault 60)`, async ({
    server,
    opens,
  }) => {
    const page = await opens({ url: server.url, reconnect, farewell });
    await expect.poll(page.statuses).toEqual(['connecting', 'open']);
    await page.leaves();
    await expect.poll(server.heard).toEqual(['bye']);
    await expect.poll(server.report).toMatchObject({ open: 0, ever: 1 });

    await page.comesBack();
    await expect.poll(page.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    expect(await server.heard()).toEqual(['bye']);
    expect(await page.recorded('drop')).toEqual([]);
  });

test('a farewell without a link is dropped and told, and does not go out when the page returns (fault 60)', async ({
  server,
  proxy,
  opens,
}) => {
  await proxy.neverAnswers();
  const page = await opens({ url: proxy.url, reconnect, farewell: 'before' });
  await expect.poll(page.statuses).toEqual(['connecting']);
  await page.leaves();
  await proxy.passes();

  await page.comesBack();
  await expect.poll(page.statuses).toEqual(['connecting', 'reconnecting', 'open']);
  expect(await page.recorded('drop')).toEqual([{ messages: ['bye'], reason: 'closed' }]);
  expect(await server.heard()).toEqual([]);
});
