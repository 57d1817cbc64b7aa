/**
 * Random faults of links, of servers and of Redis, from a seed: `REDIS_SEED` draws them again. With `SOAK`, they take five minutes.
 * None lasts as long as a lease, so that nothing is handled twice.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RequestError, requests } from '../../../../src/core.ts';
import { confirmed } from '../../../../src/delivery.ts';
import { redisSessions } from '../../../../src/server.ts';
import { seededRandom } from '../../../support/random.ts';
import { connectWith } from '../../../support/recorded-connection.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { byPath } from '../../fixtures.ts';
import { test } from './fixtures.ts';

const LENGTH = process.env.SOAK ? 300_000 : 4_000;
const seed = Number(process.env.REDIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const NAMES = ['ada', 'bob', 'cat', 'dan'];
const connect = connectWith(WebSocket);
const patient = { timeout: 60_000, interval: 20 };

test(
  `whatever happens to links, servers and Redis, each message and each request is handled once, in order; seed ${seed}`,
  { timeout: LENGTH + 120_000 },
  async ({ redis, proxy, start }) => {
    const random = seededRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const oneOf = <Item>(items: readonly Item[]) => items[pick(items.length)] as Item;
    const handled = new Map(NAMES.map((name) => [name, [] as string[]]));
    const runs: string[] = [];
    const open = async () => {
      const client = createClient({ url: `redis://127.0.0.1:${proxy.port}` });
      const started = await start({ sessions: redisSessions(client), authenticate: byPath });
      started.server.on('message', async (client_, message) => {
        handled.get(client_.id)?.push(String(message));
        if (random() < 0.2) await delay(random() * 50);
      });
      started.server.on('request', async (_client, message) => {
        runs.push(String(message));
        await delay(random() * 300);
        return `reply to ${String(message)}`;
      });
      all.push(started);
      return started;
    };
    const all: Awaited<ReturnType<typeof start>>[] = [];
    const servers = [await open(), await open(), await open()];
    const somePort = () => Number(new URL(oneOf(servers).url).port);
    const told: unknown[] = [];
    const links = await Promise.all(
      NAMES.map(async (name) => {
        const network = await startTcpProxy(somePort());
        onTestFinished(() => network.stops());
        const connection = connect({
          url: `${network.url}${name}`,
          delivery: confirmed(),
          heartbeat: { interval: 300, timeout: 5_000 },
          reconnect: { minDelay: 5, baseDelay: 5, maxDelay: 100 },
          onUncertain: (messages) => told.push([name, 'uncertain', messages]),
          onFailed: (messages) => told.push([name, 'failed', messages]),
          onDrop: (messages: unknown) => told.push([name, 'drop', messages]),
          onError: (error) => told.push([name, 'error', error]),
        });
        return { name, network, connection, request: connection.extend(requests) };
      }),
    );
    const move = async ({ network }: (typeof links)[number]) => {
      await network.leadsTo(somePort());
      await network.resets();
      await network.passes();
    };
    const faults: (() => Promise<unknown>)[] = [
      () => move(oneOf(links)),
      () => move(oneOf(links)),
      async () => {
        await oneOf(links).network.cutsAfter(pick(2_000));
        await delay(pick(100));
        await Promise.all(links.map(({ network }) => network.passes()));
      },
      async () => {
        await proxy.cutsAfter(pick(10_000));
        await delay(pick(200));
        await proxy.passes();
      },
      async () => {
        redis.freezes();
        await delay(pick(300) * (random() < 0.2 ? 8 : 1));
        redis.thaws();
      },
      async () => {
        const at = pick(3);
        const before = servers[at];
        servers[at] = await open();
        await Promise.all(links.map(({ network }) => network.leadsTo(somePort())));
        await before?.server.close();
      },
    ];

    const replies: Promise<unknown>[] = [];
    const sent: string[] = [];
    const end = performance.now() + LENGTH;
    let isOver = false;
    const talking = (async () => {
      for (let n = 0; !isOver; n++) {
        for (const { connection } of links) connection.send(`message ${n}`);
        sent.push(`message ${n}`);
        if (n % 5 === 0) {
          const { name, request } = oneOf(links);
          replies.push(
            request(`${name} ${n}`, { timeout: 60_000 }).catch((error: unknown) => error),
          );
        }
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await delay(15);
      }
    })();
    while (performance.now() < end) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await oneOf(faults)();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await delay(pick(150));
    }
    isOver = true;
    await talking;
    for (const { connection } of links)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await vi.waitFor(() => expect(connection.outbox).toEqual([]), patient);
    const answers = await Promise.all(replies);
    for (const name of NAMES) expect([name, handled.get(name)]).toEqual([name, sent]);
    expect(told).toEqual([]);
    expect(new Set(runs).size).toBe(runs.length);
    // A server that closes ends its requests: these are lost, and said to be.
    const failures = answers.filter((answer) => answer instanceof Error);
    expect(failures.filter((error) => (error as RequestError).reason !== 'lost')).toEqual([]);
    for (const { errors } of all)
      for (const { message } of errors) expect(message).toMatch(/^Redis cannot be used/);
  },
);
