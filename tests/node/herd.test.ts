/** 2,000 clients of one real server lose their links at the same moment. */
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, createConnection } from '../../src/core.ts';
import { busiestSecond, timeOfShare, seconds } from '../support/herd.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

const CLIENTS = 2_000;
/** Fewer than the operating system queues for a busy server (511). */
const AT_ONCE = 200;

test(
  'a restarted server gets attempts from at most half of 2,000 clients in any second, and has all of them back (fault 51)',
  { timeout: 120_000 },
  async ({ server, annotate }) => {
    const clients: Connection[] = [];
    onTestFinished(() => clients.forEach((client) => client.close()));
    while (clients.length < CLIENTS) {
      const group = Array.from({ length: AT_ONCE }, () =>
        createConnection({ url: server.url, WebSocket }),
      );
      clients.push(...group);
      for (const client of group) client.open();
      await Promise.all(group.map((client) => reaches(client, 'open')));
    }
    expect(await server.report()).toMatchObject({ open: CLIENTS, ever: CLIENTS });

    /** When attempts were due. A busy machine starts several late ones together, so their start does not count. */
    const due: number[] = [];
    const start = Date.now();
    const back = clients.map(
      (client) =>
        new Promise<number>((resolve) => {
          client.on('open', () => resolve(Date.now() - start));
          client.subscribe(() => {
            const { retryAt } = client.getSnapshot();
            if (retryAt !== null) due.push(retryAt - start);
          });
        }),
    );
    await server.stops();
    await server.starts();
    const opened = await Promise.all(back);

    const { open, ever } = await server.report();
    const peak = busiestSecond(due);
    await annotate(
      `At most ${peak} attempts due and ${busiestSecond(opened)} links opened in a second, ` +
        `${((ever - CLIENTS) / CLIENTS).toFixed(1)} handshakes a client; ` +
        `50 % back after ${seconds(timeOfShare(0.5, opened))} s, all after ${seconds(timeOfShare(1, opened))} s`,
    );
    expect(due.length).toBeGreaterThanOrEqual(CLIENTS);
    expect(peak).toBeLessThanOrEqual(CLIENTS / 2);
    expect(open).toBe(CLIENTS);
  },
);
