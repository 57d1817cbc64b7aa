import { expect } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

test('a frame that takes longer to send than the heartbeat waits does not end the link (fault 37)', async ({
  server,
  proxy,
}) => {
  await server.stopsEchoing();
  await proxy.throttles(10_000_000);
  // 24 MB take 2.4 s. The last part is in buffers of the operating system (up to 6 MB on Linux), where no progress is
  // seen; it takes less than the timeout.
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
  // Its ping is behind that frame.
  await reaches(connection, ({ latency }) => latency !== null);
  expect(performance.now() - from).toBeGreaterThan(1_800);
  expect(losses).toEqual([]);
  expect(await server.heard()).toContain('.'.repeat(20));
  connection.close();
});
