import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, createConnection } from '../../../src/core.ts';
import { startServerProcess, type ServerProcess } from '../../support/server/redis-process.ts';
import { test as base, until } from './fixtures.ts';

const GRACE = 300;
const LEASE = 1_500;

interface Client {
  readonly connection: Connection;
  readonly heard: unknown[];
}

interface Fixtures {
  servers: readonly [one: ServerProcess, two: ServerProcess];
  /** Connects by that name to the first of the urls, and after each failure to the next. */
  visit: (name: string, ...urls: string[]) => Promise<Client>;
}

const test = base.extend<Fixtures>({
  servers: async ({ redis }, use) => {
    const start = () => startServerProcess({ url: redis.url, grace: GRACE, lease: LEASE });
    const servers = [await start(), await start()] as const;
    await use(servers);
    for (const server of servers)
      // oxlint-disable-next-line no-await-in-loop -- two
      await server.kills();
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  visit: async ({}, use) => {
    const connections: Connection[] = [];
    await use(async (name, ...urls) => {
      let attempts = 0;
      const heard: unknown[] = [];
      const connection = createConnection({
        WebSocket,
        url: () => `${urls[attempts++ % urls.length]}/${name}`,
        reconnect: { minDelay: 20, baseDelay: 50 },
        onMessage: (message) => heard.push(message),
      });
      connections.push(connection);
      connection.open();
      await until(() => expect(connection.getSnapshot().status).toBe('open'));
      return { connection, heard };
    });
    for (const connection of connections) connection.close();
  },
});

test('a broadcast reaches the clients of both servers, and both know who is online', async ({
  servers: [one, two],
  visit,
}) => {
  const ann = await visit('ann', one.url);
  const bob = await visit('bob', one.url);
  const cat = await visit('cat', two.url);
  for (const { said } of [one, two])
    // oxlint-disable-next-line no-await-in-loop -- both say the same
    await until(() => expect(said.toSorted()).toEqual(['online ann', 'online bob', 'online cat']));

  ann.connection.send('hello');
  await until(() => expect([bob.heard, cat.heard]).toEqual([['hello'], ['hello']]));
  cat.connection.send(Uint8Array.of(1, 2, 3));
  await until(() => expect(ann.heard).toEqual([Uint8Array.of(1, 2, 3).buffer]));
  expect(cat.heard).toHaveLength(1);

  ann.connection.close();
  for (const { said } of [one, two])
    // oxlint-disable-next-line no-await-in-loop -- both say the same
    await until(() => expect(said.at(-1)).toBe('offline ann'));
  expect(await two.ends()).toBe(0);
});

test('a server is killed: who reconnects to the other stays online, the rest go offline with its lease', async ({
  servers: [one, two],
  visit,
}) => {
  const names = ['stays 1', 'stays 2', 'leaves 1', 'leaves 2'].map(encodeURIComponent);
  const [first] = await Promise.all(
    names.map((name) => visit(name, one.url, name.startsWith('stays') ? two.url : one.url)),
  );
  const other = await visit('other', two.url);
  await until(() => expect(two.said).toHaveLength(5));

  const killed = performance.now();
  await one.kills();
  const gone = () => two.said.filter((line) => line.startsWith('offline')).toSorted();
  await until(() => expect(gone()).toEqual(['offline leaves%201', 'offline leaves%202']));
  expect(performance.now() - killed).toBeLessThan(LEASE + GRACE + 1_000);

  other.connection.send('are you there?');
  await until(() => expect(first?.heard).toEqual(['are you there?']));
  await until(() => expect(two.said).toHaveLength(7));
});
