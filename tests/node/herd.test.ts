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
  { timeout: 60_000 },
  async ({ server, annotate }) => {
    const handshakes: number[] = [];
    class Counted extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        handshakes.push(performance.now());
      }
    }
    const clients: Connection[] = [];
    onTestFinished(() => clients.forEach((client) => client.close()));
    while (clients.length < CLIENTS) {
      const group = Array.from({ length: AT_ONCE }, () =>
        createConnection({ url: server.url, WebSocket: Counted }),
      );
      clients.push(...group);
      for (const client of group) client.open();
      await Promise.all(group.map((client) => reaches(client, 'open')));
    }
    expect(handshakes).toHaveLength(CLIENTS);

    const back = clients.map(
      (client) =>
        new Promise<number>((resolve) => client.on('open', () => resolve(performance.now()))),
    );
    const start = performance.now();
    await server.stops();
    await server.starts();
    const opened = (await Promise.all(back)).map((time) => time - start);

    const asked = handshakes.slice(CLIENTS).map((time) => time - start);
    const peak = busiestSecond(asked);
    await annotate(
      `At most ${peak} handshakes in a second, ${(asked.length / CLIENTS).toFixed(1)} a client; ` +
        `50 % back after ${seconds(momentOf(0.5, opened))} s, all after ${seconds(momentOf(1, opened))} s`,
    );
    expect(peak).toBeLessThanOrEqual(CLIENTS / 2);
    expect(await server.saw()).toMatchObject({ open: CLIENTS });
  },
);
