import { expect, inject, onTestFinished } from 'vitest';
import { cdp } from 'vitest/browser';
import { type Connection, createConnection } from '../../src/core.ts';
import { countPendingTimers } from '../support/pending-timers.ts';
import { reaches } from '../support/reaches.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { WsServer } from '../support/ws-server.ts';
import { test } from './fixtures.ts';

const { reconnects: RECONNECTS } = inject('lengths');
/** Before it is weighed: the browser compiles what runs often, and keeps what it has compiled. */
const TO_WARM_UP = 150;
/** Every reason comes once in so many reconnects. */
const BLOCK = 50;

/** Makes a connection reconnect so often, for every reason in turn; most often because the server has closed it. */
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
      await server.closesNewcomers(1012);
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

/** What the page holds on to after a garbage collection: bytes, and listeners that scripts have added. */
async function weigh(): Promise<{ readonly bytes: number; readonly listeners: number }> {
  const devtools = cdp();
  await devtools.send('Performance.enable');
  // What the first one frees may hold what the next one finds.
  for (let times = 0; times < 3; times++) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = (await devtools.send('Performance.getMetrics')) as Metrics;
  const get = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { bytes: get('JSHeapUsedSize'), listeners: get('JSEventListeners') };
}

test(
  `fault 50: ${RECONNECTS} reconnects leave no listener, timer or socket, and at most 256 KiB`,
  { timeout: 30_000 + RECONNECTS * 60 },
  async ({ server, proxy, annotate }) => {
    const countTimers = countPendingTimers();
    const connection = createConnection({
      url: proxy.url,
      heartbeat: { interval: 50, timeout: 50 },
      reconnect: { minDelay: 0, baseDelay: 0 },
    });
    const takeStock = async (listeners = Infinity) => {
      // Until both sides have noticed the end of all links but one, and the browser that of their sockets.
      await reaches(connection, 'open');
      await expect.poll(async () => (await server.saw()).open).toBe(1);
      await expect.poll(async () => (await proxy.saw()).open).toBe(1);
      await expect.poll(async () => (await weigh()).listeners).toBeLessThanOrEqual(listeners);
      return { ...(await weigh()), timers: countTimers() };
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
