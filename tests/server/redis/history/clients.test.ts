/** The client of the library, and servers with a history in Redis. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { confirmed } from '../../../../src/delivery.ts';
import {
  type LifelineServer,
  memorySessions,
  redisHistory,
  type RedisHistoryOptions,
} from '../../../../src/server.ts';
import { seededRandom } from '../../../support/random.ts';
import { connectWith } from '../../../support/recorded-connection.ts';
import { type Redis, startRedis } from '../../../support/redis.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { byPath, type Started, test as base } from '../../fixtures.ts';

const connect = connectWith(WebSocket);
const patient = { timeout: 20_000, interval: 20 };
const texts = (count: number) => Array.from({ length: count }, (_, n) => `text ${n + 1}`);

type Room = Started<string, string | Buffer, string | Uint8Array>;

const test = base.extend<{
  redis: Redis;
  /** Starts a server whose clients are all in one room. */
  startRoom: (options?: RedisHistoryOptions, port?: number) => Promise<Room>;
  /** Connects a client through a network of its own. */
  join: (server: Room, name: string) => ReturnType<typeof joinRoom>;
}>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  redis: async ({}, provide) => {
    const redis = await startRedis();
    await provide(redis);
    await redis.ends();
  },
  startRoom: async ({ redis, start }, provide) => {
    await provide(async (options, port = redis.port) => {
      const started = await start({
        authenticate: byPath,
        sessions: memorySessions(),
        history: redisHistory(createClient({ url: `redis://127.0.0.1:${port}` }), options),
      });
      const { server } = started;
      server.on('connection', (one) => void server.subscribe(one, 'room'));
      return started;
    });
  },
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  join: async ({}, provide) => {
    await provide(joinRoom);
  },
});

const portOf = ({ url }: Room) => Number(new URL(url).port);

async function joinRoom(room: Room, name: string) {
  const network = await startTcpProxy(portOf(room));
  onTestFinished(() => network.stops());
  const gaps: string[] = [];
  const connection = connect({
    url: `${network.url}${name}`,
    delivery: confirmed(),
    heartbeat: { interval: 200, timeout: 5_000 },
    onGap: (topics) => gaps.push(...topics),
  });
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'), patient);
  // What is said from now on comes behind the answer to where its topics stand.
  await room.server.broadcast('nobody hears this', { topic: 'another' });
  return {
    connection,
    network,
    gaps,
    /** The link is cut, and no other can be made. */
    async leaves() {
      await network.refuses();
      await network.resets();
      await vi.waitFor(() => expect(connection.getSnapshot().status).not.toBe('open'), patient);
    },
    /** It comes back, to this server. */
    async returns(to: Room) {
      await network.leadsTo(portOf(to));
      await network.passes();
    },
    async hears(...messages: readonly string[]) {
      await vi.waitFor(() => expect(connection.messages).toEqual(messages), patient);
    },
  };
}

/** Says these to the room, and waits until each is recorded. */
async function say(
  server: LifelineServer<string, string | Buffer, string | Uint8Array>,
  said: readonly string[],
): Promise<void> {
  await Promise.all(said.map((text) => server.broadcast(text, { topic: 'room' })));
}

test('away for 100 of 120 broadcasts, and back at another server: all 100 come, in order', async ({
  startRoom,
  join,
}) => {
  const [one, two] = [await startRoom(), await startRoom()];
  const ada = await join(one, 'ada');
  const all = texts(120);
  await say(one.server, all.slice(0, 10));
  await ada.hears(...all.slice(0, 10));
  await ada.leaves();
  await say(two.server, all.slice(10, 60));
  await say(one.server, all.slice(60, 110));
  await ada.returns(two);
  await vi.waitFor(() => expect(ada.connection.getSnapshot().status).toBe('open'), patient);
  await say(one.server, all.slice(110));
  await ada.hears(...all);
  expect(ada.gaps).toEqual([]);
  expect(two.server.stats().replayed).toBe(100);
});

test('away for 101 broadcasts, of which 100 are kept: one gap, and nothing of them', async ({
  startRoom,
  join,
}) => {
  const [one, two] = [await startRoom(), await startRoom()];
  const ada = await join(one, 'ada');
  await say(one.server, ['before']);
  await ada.hears('before');
  await ada.leaves();
  await say(one.server, texts(101));
  await ada.returns(two);
  await vi.waitFor(() => expect(ada.gaps).toEqual(['room']), patient);
  await say(one.server, ['after']);
  await ada.hears('before', 'after');
  expect(ada.gaps).toEqual(['room']);
});

test('Redis restarts without its data: who is there and who is away is told of one gap', async ({
  redis,
  startRoom,
  join,
}) => {
  const [one, two] = [await startRoom(), await startRoom()];
  const [ada, grace] = [await join(one, 'ada'), await join(two, 'grace')];
  await say(one.server, ['before']);
  await ada.hears('before');
  await grace.hears('before');
  await grace.leaves();
  await redis.dies();
  await vi.waitFor(() => expect(one.errors.length).toBeGreaterThan(0), patient);
  await redis.starts();
  await say(one.server, ['after']);
  await vi.waitFor(() => expect(ada.gaps).toContain('room'), patient);
  await ada.hears('before', 'after');
  await grace.returns(one);
  await vi.waitFor(() => expect(grace.gaps).toContain('room'), patient);
  await say(one.server, ['last']);
  await grace.hears('before', 'last');
  await ada.hears('before', 'after', 'last');
  for (const { gaps } of [ada, grace])
    expect(gaps.filter((topic) => topic === 'room')).toHaveLength(1);
  expect(two.errors.length).toBeGreaterThan(0);
});

test('who comes to a server that has lost Redis, and knows more than it, gets no gap and nothing twice (fault 119)', async ({
  redis,
  startRoom,
  join,
}) => {
  const network = await startTcpProxy(redis.port);
  onTestFinished(() => network.stops());
  const [one, two] = [await startRoom(), await startRoom({}, network.port)];
  const [ada, grace] = [await join(one, 'ada'), await join(two, 'grace')];
  const all = texts(30);
  await say(one.server, all.slice(0, 10));
  await grace.hears(...all.slice(0, 10));
  await network.refuses();
  await network.resets();
  await vi.waitFor(() => expect(two.errors.length).toBeGreaterThan(0), patient);
  await say(one.server, all.slice(10, 20));
  await ada.hears(...all.slice(0, 20));
  await ada.leaves();
  await ada.returns(two);
  await vi.waitFor(() => expect(ada.connection.getSnapshot().status).toBe('open'), patient);
  await network.passes();
  await grace.hears(...all.slice(0, 20));
  await say(one.server, all.slice(20));
  for (const client of [ada, grace]) {
    await client.hears(...all);
    expect(client.gaps).toEqual([]);
  }
});

test('three servers, whose connections to Redis and to their clients are cut at random: each client hears all, once, in one order', async ({
  redis,
  startRoom,
  join,
}) => {
  const random = seededRandom(11);
  const network = await startTcpProxy(redis.port);
  onTestFinished(() => network.stops());
  const options = { perTopic: 1_000 };
  const rooms = [
    await startRoom(options, network.port),
    await startRoom(options, network.port),
    await startRoom(options),
  ];
  const clients = [];
  for (const [n, room] of rooms.entries()) clients.push(await join(room, `client ${n}`));
  const recordings: PromiseLike<void>[] = [];
  for (let n = 0; n < 240; n++) {
    if (n % 60 === 30) await network.cutsAfter(Math.floor(random() * 100_000));
    const client = clients[Math.floor(random() * 3)];
    if (n % 20 === 10) await client?.network.cutsAfter(Math.floor(random() * 2_000));
    const { server } = rooms[n % 3] as Room;
    recordings.push(server.broadcast(`text ${n}`, { topic: 'room' }));
    await delay(5);
  }
  for (const one of [network, ...clients.map((client) => client.network)]) await one.passes();
  await Promise.all(recordings);
  const [first] = clients;
  for (const { connection, gaps } of clients) {
    await vi.waitFor(() => expect(connection.messages).toHaveLength(240), patient);
    expect(connection.messages).toEqual(first?.connection.messages);
    expect(gaps).toEqual([]);
  }
  expect(new Set(first?.connection.messages).size).toBe(240);
  expect((await network.report()).ever).toBeGreaterThan(6);
  for (const room of rooms.slice(0, 2)) expect(room.errors.length).toBeGreaterThan(0);
});

test('what is not recorded is told to who waits for it, or else by one error event', async ({
  redis,
  startRoom,
  join,
}) => {
  const room = await startRoom();
  const { server } = room;
  const ada = await join(room, 'ada');
  await say(server, ['before']);
  const admin = createClient({ url: redis.url }).on('error', () => {});
  await admin.connect();
  await admin.configSet('maxmemory', '1');
  await expect(server.broadcast('refused', { topic: 'room' })).rejects.toThrow(/OOM/);
  await expect(server.sendTo('ada', 'refused, too')).rejects.toThrow(/OOM/);
  expect(room.errors).toEqual([]);
  for (const text of texts(20)) server.broadcast(text, { topic: 'room' });
  // Redis answers in order.
  await expect(server.broadcast('the last', { topic: 'room' })).rejects.toThrow(/OOM/);
  await vi.waitFor(() => expect(room.errors).toHaveLength(1), patient);
  await admin.configSet('maxmemory', '0');
  admin.destroy();
  await server.sendTo('ada', 'to ada');
  await say(server, ['after']);
  await ada.hears('before', 'to ada', 'after');
  expect(room.errors).toHaveLength(1);
});
