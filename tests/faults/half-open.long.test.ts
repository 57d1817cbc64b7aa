import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection } from '../../src/core.ts';
import { test } from '../node/fixtures.ts';

test(
  'a half-open link is noticed within 35 s with the default heartbeat (fault 21)',
  { timeout: 60_000 },
  async ({ server, proxy, annotate, onTestFinished }) => {
    const { on, open, close, getSnapshot } = createConnection({
      url: proxy.url,
      WebSocket,
      heartbeat: true,
    });
    onTestFinished(() => close());
    const opened = new Promise((resolve) => on('open', resolve));
    const noticed = new Promise((resolve) => on('close', resolve));
    open();
    await opened;
    // Right after the opening, the next ping is as far away as it can be.
    await proxy.stalls();
    const stalled = performance.now();
    expect(await noticed).toEqual({ kind: 'timeout', phase: 'heartbeat' });
    const took = Math.round(performance.now() - stalled);
    await annotate(`Noticed ${took} ms after the stall`);
    // Interval and timeout, and some time for two timers that fire late.
    expect(took).toBeLessThan(35_200);
    await expect.poll(() => getSnapshot().status).toBe('open');
    expect((await server.report()).ever).toBe(2);
  },
);
