import { expect } from 'vitest';
import { test } from '../fixtures.ts';
import { expectUploadsLikeBare } from './uploads.ts';

test('a hidden tab sends 12 MiB in the time of a bare socket (fault 59)', async ({
  server,
  opens,
  annotate,
}) => {
  const page = await opens({ url: server.url, uploads: true });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.hides();
  await annotate(await expectUploadsLikeBare(server, page, expect));
});

test('a hidden tab sends 12 MiB over a slow uplink in the time of a bare socket (fault 59)', async ({
  server,
  proxy,
  opens,
  annotate,
}) => {
  await proxy.throttles(10_000_000);
  const page = await opens({ url: proxy.url, uploads: true });
  await expect.poll(page.statuses).toEqual(['connecting', 'open']);
  await page.hides();
  await annotate(await expectUploadsLikeBare(server, page, expect));
});
