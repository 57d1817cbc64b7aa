/** Two thousand clients of one real server, all of which lose their links in the same moment. */
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, createConnection } from '../../src/core.ts';
import { busiestSecond, momentOf, seconds } from '../support/herd.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

const CLIENTS = 2_000;
/** Fewer than the system keeps waiting for a server that is busy (511). */
const AT_ONCE = 200;

test(
  'fault 51: a server that restarts meets at most half of 2,000 clients in any second, and has them all back',
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
    expect(await server.saw()).toMatchObject({ open: CLIENTS, ever: CLIENTS });

    /** When attempts were due: a machine that falls behind starts those of its pauses together. */
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

    const { open, ever } = await server.saw();
    const peak = busiestSecond(due);
    await annotate(
      `At most ${peak} attempts due and ${busiestSecond(opened)} links opened in a second, ` +
        `${((ever - CLIENTS) / CLIENTS).toFixed(1)} handshakes a client; ` +
        `50 % back after ${seconds(momentOf(0.5, opened))} s, all after ${seconds(momentOf(1, opened))} s`,
    );
    expect(due.length).toBeGreaterThanOrEqual(CLIENTS);
    expect(peak).toBeLessThanOrEqual(CLIENTS / 2);
    expect(open).toBe(CLIENTS);
  },
);
