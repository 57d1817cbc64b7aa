import { expect } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

test('fault 37: a frame that takes longer than the heartbeat is not taken for a dead peer', async ({
  server,
  proxy,
}) => {
  await server.hushes();
  await proxy.throttles(10_000_000);
  // 2.4 s for 24 MB. What fits into the system's own buffers, whose draining nobody sees (up to 6 MB on Linux), takes
  // less than the timeout.
  const connection = createConnection({
    url: proxy.url,
    heartbeat: { interval: 100, timeout: 1_700 },
  });
  const losses: unknown[] = [];
  connection.on('close', (cause) => losses.push(cause));
  connection.open();
  await reaches(connection, 'open');
  const from = performance.now();
  connection.send('.'.repeat(24_000_000));
  // Its probe is behind that frame.
  await reaches(connection, ({ latency }) => latency !== null);
  expect(performance.now() - from).toBeGreaterThan(1_800);
  expect(losses).toEqual([]);
  expect(await server.heard()).toContain('.'.repeat(20));
  connection.close();
});
