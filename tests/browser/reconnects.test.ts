import { expect, inject, onTestFinished } from 'vitest';
import { cdp } from 'vitest/browser';
import { type Connection, createConnection } from '../../src/core.ts';
import { countPendingTimers } from '../support/pending-timers.ts';
import { reaches } from '../support/reaches.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { WsServer } from '../support/ws-server.ts';
import { test } from './fixtures.ts';

const { reconnects: RECONNECTS } = inject('lengths');
/** Reconnects before the measurement: the browser compiles code that runs often, which takes memory. */
const TO_WARM_UP = 150;
/** Every reason to reconnect comes at least once in so many reconnects. */
const BLOCK = 50;

/** Makes a connection reconnect so often, for each reason in turn; mostly because the server has closed it. */
async function reconnects(
  times: number,
  connection: Connection,
  server: WsServer,
  proxy: TcpProxy,
): Promise<void> {
  let opened = 0;
  let wanted = 0;
  let onWanted = () => {};
  const stop = connection.on('open', () => {
    if (++opened >= wanted) onWanted();
  });
  const opensAgain = async (lose: () => unknown, links = 1) => {
    wanted = opened + links;
    const done = new Promise<void>((resolve) => {
      onWanted = resolve;
    });
    await lose();
    await done;
  };

  while (opened < times) {
    await opensAgain(async () => {
      await server.closesNewLinks(1012);
      connection.reconnect();
    }, BLOCK - 11);
    await server.accepts();
    for (let n = 0; n < 8; n++) await opensAgain(() => connection.reconnect());
    await opensAgain(() => server.terminates());
    await opensAgain(() => proxy.stalls());
    await opensAgain(async () => {
      await proxy.resets();
      await proxy.passes();
    });
  }
  stop();
}

interface Metrics {
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
}

/** The heap in bytes and the number of listeners of the page, after a garbage collection. */
async function measure(): Promise<{ readonly bytes: number; readonly listeners: number }> {
  const devtools = cdp();
  await devtools.send('Performance.enable');
  // One collection may free what kept other objects, so several are needed.
  for (let times = 0; times < 3; times++) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = (await devtools.send('Performance.getMetrics')) as Metrics;
  const get = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { bytes: get('JSHeapUsedSize'), listeners: get('JSEventListeners') };
}

test(
  `${RECONNECTS} reconnects leave no listener, timer or socket, and at most 256 KiB of memory (fault 50)`,
  { timeout: 30_000 + RECONNECTS * 60 },
  async ({ server, proxy, annotate }) => {
    const countTimers = countPendingTimers();
    const connection = createConnection({
      url: proxy.url,
      heartbeat: { interval: 50, timeout: 50, maxTimeout: 50 },
      reconnect: { minDelay: 0, baseDelay: 0 },
    });
    const takeStock = async (listeners = Infinity) => {
      // Waits until both sides have noticed the end of all other links, and the browser that of their sockets.
      await reaches(connection, 'open');
      await expect.poll(async () => (await server.report()).open).toBe(1);
      await expect.poll(async () => (await proxy.report()).open).toBe(1);
      await expect.poll(async () => (await measure()).listeners).toBeLessThanOrEqual(listeners);
      return { ...(await measure()), timers: countTimers() };
    };

    onTestFinished(() => connection.close());
    connection.open();
    const start = await takeStock();
    await reconnects(TO_WARM_UP, connection, server, proxy);
    const before = await takeStock(start.listeners);
    const from = performance.now();
    await reconnects(RECONNECTS, connection, server, proxy);
    const seconds = ((performance.now() - from) / 1_000).toFixed(1);
    const after = await takeStock(start.listeners);

    const grown = after.bytes - before.bytes;
    await annotate(
      `${RECONNECTS} reconnects in ${seconds} s: ${JSON.stringify(before)}, then ${JSON.stringify(after)}, ` +
        `${(grown / 1_024).toFixed(0)} KiB more`,
    );
    expect(after.timers).toBeLessThanOrEqual(start.timers);
    expect(grown).toBeLessThanOrEqual(256 * 1_024);
  },
);
