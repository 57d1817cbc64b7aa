import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { redisPresence } from '../../../src/server.ts';
import { allReport, commandsInASecond, test, until } from './fixtures.ts';

// Concurrent, since they mostly wait. Each has its own Redis.
describe.concurrent('presence in Redis:', () => {
  test('an identity is online from its first connection until the grace after its last', async ({
    open,
  }) => {
    const one = open();
    one.store.join('ann', 'a1');
    one.store.join('ann', 'a2');
    await allReport([one], 'online ann');
    one.store.leave('ann', 'a1');
    await delay(400);
    expect(one.store.isOnline('ann')).toBe(true);

    const left = performance.now();
    one.store.leave('ann', 'a2');
    await allReport([one], 'online ann', 'offline ann');
    expect(performance.now() - left).toBeGreaterThan(190);
    expect(performance.now() - left).toBeLessThan(4_000);
    expect(one.store.list()).toEqual([]);
  });

  test('two servers agree, and each gets each change once', async ({ open }) => {
    const one = open();
    const two = open();
    one.store.join('ann', 'a1');
    await allReport([one, two], 'online ann');
    two.store.join('ann', 'a2');
    one.store.leave('ann', 'a1');
    two.store.join('bob', 'b1');
    await allReport([one, two], 'online ann', 'online bob');
    await delay(400);
    two.store.leave('ann', 'a2');
    await allReport([one, two], 'online ann', 'online bob', 'offline ann');
    for (const { store } of [one, two]) expect(store.list()).toEqual(['bob']);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('a server that starts later knows who is online', async ({ open }) => {
    const one = open();
    for (const id of ['ann', 'bob']) one.store.join(id, id);
    await until(() => expect(one.store.list()).toHaveLength(2));
    const two = open();
    await until(() => expect(new Set(two.changes)).toEqual(new Set(['online ann', 'online bob'])));
  });

  test('an identity that returns within the grace never goes offline', async ({ open }) => {
    // Far longer than a busy machine delays a timer.
    const one = open({ grace: 2_000 });
    const two = open({ grace: 2_000 });
    one.store.join('ann', 'a1');
    await allReport([one, two], 'online ann');
    for (let n = 1; n < 5; n++) {
      const [from, to] = n % 2 ? [one, two] : [two, one];
      from.store.leave('ann', `a${n}`);
      await delay(100);
      to.store.join('ann', `a${n + 1}`);
    }
    await delay(2_400);
    await allReport([one, two], 'online ann');
  });

  test('a late leave of an old connection does not end a newer one', async ({ open }) => {
    const one = open();
    const two = open();
    one.store.join('ann', 'old');
    await allReport([one, two], 'online ann');
    two.store.join('ann', 'new');
    await delay(50);
    one.store.leave('ann', 'old');
    one.store.leave('ann', 'old');
    two.store.leave('ann', 'old');
    await delay(500);
    await allReport([one, two], 'online ann');
  });

  test('an identity that comes and goes at once is reported as online, then offline', async ({
    open,
  }) => {
    const one = open();
    await delay(100);
    one.store.join('ann', 'a1');
    one.store.leave('ann', 'a1');
    await allReport([one], 'online ann', 'offline ann');
  });

  test('a running server renews its leases, and its clients stay online', async ({ open }) => {
    const one = open({ lease: 600 });
    const two = open({ lease: 600 });
    for (let n = 0; n < 1_200; n++) one.store.join(`user ${n}`, String(n));
    await until(() => expect(two.store.list()).toHaveLength(1_200));
    await delay(1_500);
    expect(
      [one, two].flatMap(({ changes }) => changes.filter((word) => word.startsWith('off'))),
    ).toEqual([]);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('the clients of a server that stops go offline, and it gets no more changes', async ({
    open,
  }) => {
    const one = open();
    const two = open();
    one.store.join('ann', 'a1');
    await allReport([one, two], 'online ann');
    await one.store.stop();
    const stopped = performance.now();
    await allReport([two], 'online ann', 'offline ann');
    expect(performance.now() - stopped).toBeLessThan(1_200);
    expect(one.changes).toEqual(['online ann']);
  });

  test('lastSeen() is the last sign of life at any server, by the clock of Redis', async ({
    open,
  }) => {
    const one = open({ lease: 900 });
    const two = open({ lease: 900 });
    one.store.join('ann', 'a1');
    await allReport([one, two], 'online ann');
    await delay(400);
    const at = Date.now();
    for (let n = 0; n < 1_000; n++) one.store.seen('ann', 'a1');
    await delay(1_500);
    expect(Math.abs(Number(await two.store.lastSeen('ann')) - at)).toBeLessThan(1_000);
    one.store.leave('ann', 'a1');
    await until(() => expect(two.store.isOnline('ann')).toBe(false));
    expect(Math.abs(Number(await two.store.lastSeen('ann')) - at)).toBeLessThan(1_000);
    expect(await two.store.lastSeen('nobody')).toBeNull();
  });

  test('the keys in Redis expire when all servers are gone', async ({ open, redis }) => {
    const client = await createClient({ url: redis.url }).connect();
    const one = open({ lease: 900 });
    one.store.join('ann', 'a1');
    await allReport([one], 'online ann');
    const keys = await client.keys('*');
    const lives = await Promise.all(keys.map((key) => client.pTTL(key)));
    expect(Math.min(...lives)).toBeGreaterThan(0);
    await one.store.stop();
    await until(async () => expect(await client.keys('*')).toEqual(['lifeline:{presence}:seen']));
    client.destroy();
  });

  test('an identity can have any name', async ({ open }) => {
    const names = [
      '__proto__',
      'constructor',
      '',
      ' ',
      'a b\nc\r\nd\0e',
      '{}',
      '{"online":["bob"]}',
      '"',
      'leases:',
      'Zoë 🙂 東京',
      '\ud800',
      '\ud801',
      'x'.repeat(1_048_576),
    ];
    const one = open();
    const two = open();
    one.store.join('bob', 'b1');
    for (const name of names) one.store.join(name, `of ${name}`);
    await until(() => expect(new Set(two.store.list())).toEqual(new Set([...names, 'bob'])));
    const seen = await Promise.all(names.map((name) => two.store.lastSeen(name)));
    expect(seen).not.toContain(null);
    for (const name of names) one.store.leave(name, `of ${name}`);
    await until(() => expect(two.store.list()).toEqual(['bob']));
  });

  test('two applications with different prefixes can share a Redis', async ({ open }) => {
    const one = open({ prefix: 'one:' });
    const two = open({ prefix: 'two:' });
    one.store.join('ann', 'a1');
    two.store.join('bob', 'b1');
    await allReport([one], 'online ann');
    await allReport([two], 'online bob');
  });

  test('a store takes a client of any configuration, connected or not, and does not change it', async ({
    redis,
  }) => {
    const clients = [
      createClient({ url: redis.url }),
      createClient({ url: redis.url, RESP: 2, database: 1, commandOptions: { timeout: 1 } }),
      createClient({ socket: { port: redis.port, host: '127.0.0.1' }, disableOfflineQueue: true }),
      await createClient({ url: redis.url }).connect(),
    ] as const;
    for (const client of clients) {
      const store = redisPresence(client, { prefix: crypto.randomUUID() });
      const wasReady = client.isReady;
      const online = new Promise<string>((resolve) =>
        store.start({
          online: resolve,
          offline() {},
          renewed() {},
          error: (error) => resolve(error.message),
        }),
      );
      store.join('ann', 'a1');
      expect(await online).toBe('ann');
      await store.stop();
      expect(client.isReady).toBe(wasReady);
      expect(client.listenerCount('error')).toBe(0);
    }
    clients[3].destroy();
  });

  test('messages that no store has sent are ignored, reported once, and cause no commands', async ({
    open,
    redis,
  }) => {
    const one = open({ lease: 15_000 });
    const two = open({ lease: 15_000 });
    one.store.join('ann', 'a1');
    await allReport([one, two], 'online ann');
    const client = await createClient({ url: redis.url }).connect();
    const noLists = [
      {},
      { online: 7 },
      { online: 'bob' },
      { part: {} },
      { offline: [null, 'ann'] },
    ];
    const rubbish = [
      ...noLists.map((told) => JSON.stringify(told)),
      '',
      'rubbish',
      'null',
      '[]',
      '{"last":[],"online":["bob"]}',
    ];
    const channels = await client.pubSubChannels('lifeline:*');
    expect(channels).toHaveLength(3);
    for (const channel of channels)
      for (const message of rubbish) await client.publish(channel, message);
    client.destroy();
    two.store.join('cat', 'c1');
    await allReport([one, two], 'online ann', 'online cat');
    for (const { errors } of [one, two])
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^A message on the Redis channel 'lifeline:.+' could not be read/),
      ]);
    expect(await commandsInASecond(redis)).toBeLessThan(200);
  });

  test('a store cannot be used by two servers', async ({ open }) => {
    const { store } = open();
    expect(() => store.start({ online() {}, offline() {}, renewed() {}, error() {} })).toThrow(
      'make one for each server',
    );
  });

  test('redisPresence() refuses a wrong grace or lease', () => {
    const client = createClient();
    for (const grace of [-1, 0.5, NaN, 2 ** 31])
      expect(() => redisPresence(client, { grace })).toThrow('grace must be a whole number');
    for (const lease of [0, 299, 15_000.5, 2 ** 31, Infinity])
      expect(() => redisPresence(client, { lease })).toThrow('lease must be a whole number');
  });
});

// Not concurrent: it needs much processor time.
test('lastSeen() is remembered for those online and the last 100,000 others', async ({
  open,
  redis,
}) => {
  const client = await createClient({ url: redis.url }).connect();
  await client.eval(
    "for n = 1, 100010 do redis.call('ZADD', KEYS[1], ARGV[1] + n, '\"' .. n .. '\"') end",
    { keys: ['lifeline:{presence}:seen'], arguments: [String(Date.now() - 1_000_000)] },
  );
  const one = open();
  one.store.join('ann', 'a1');
  await allReport([one], 'online ann');
  await until(async () => expect(await client.zCard('lifeline:{presence}:seen')).toBe(100_001));
  client.destroy();
  expect(await one.store.lastSeen('ann')).not.toBeNull();
  expect(await one.store.lastSeen('11')).not.toBeNull();
  expect(await one.store.lastSeen('10')).toBeNull();
});
