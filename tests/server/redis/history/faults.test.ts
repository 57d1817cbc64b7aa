/** Redis loses connections, messages, records and memory. Nothing is recorded twice, and what is missing is told. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { redisHistory } from '../../../../src/server.ts';
import { seededRandom } from '../../../support/random.ts';
import type { Redis } from '../../../support/redis.ts';
import { until } from '../fixtures.ts';
import { hears, observe, type StartedHistory, test, texts } from './fixtures.ts';

const IS_LOST: unknown = expect.stringMatching(/^Redis cannot be used: .+ Clients with a session/);

const messages = ({ errors }: StartedHistory) => errors.map(({ message }) => message);

/** All follow a topic, in which something was said. */
async function populate(...servers: readonly StartedHistory[]): Promise<void> {
  for (const { store } of servers) await store.follow('troom');
  await servers[0]?.say('troom', 'before');
  for (const server of servers) await hears(server, 'troom', 'before');
}

const asks = async ({ url }: Redis, ...command: string[]): Promise<unknown> => {
  const client = await createClient({ url }).connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
};

/** A history whose scripts contain something else. */
function startChanged(url: string, old: string, other: string): StartedHistory {
  const client = createClient({ url });
  return observe(
    redisHistory({
      options: client.options,
      on: (type, listener) => client.on(type, listener),
      off: (type, listener) => client.off(type, listener),
      duplicate(options) {
        const connection = client.duplicate(options);
        const change = (part: string | Buffer) =>
          typeof part === 'string' ? part.replaceAll(old, other) : part;
        return {
          on: (type, listener) => connection.on(type, listener),
          connect: () => connection.connect(),
          destroy: () => connection.destroy(),
          sendCommand: (args, given) => connection.sendCommand(args.map(change), given),
          subscribe: (...args) => connection.subscribe(...args),
          unsubscribe: (...args) => connection.unsubscribe(...args),
        };
      },
    }),
  );
}

/** One whose messages are recorded, but not published: as if they were lost on their way. */
const startMute = (url: string) => startChanged(url, "'PUBLISH'", "'EXISTS'");

/** One for whose messages Redis needs about 2 ms each. */
const startSlow = (url: string) =>
  startChanged(
    url,
    "redis.call('SET', server",
    "for _ = 1, 300000 do end redis.call('SET', server",
  );

describe.concurrent('what happens to Redis:', { timeout: 60_000 }, () => {
  test('a connection that is cut in the middle, again and again: each message is recorded once, in order (D40) (fault 119)', async ({
    proxy,
    record,
  }) => {
    const random = seededRandom(7);
    const [one, two] = [record({ perTopic: 1_000 }, proxy.port), record({ perTopic: 1_000 })];
    await populate(one, two);
    const recordings: Promise<void>[] = [];
    for (let n = 1; n <= 400; n++) {
      if (n % 50 === 0) await proxy.cutsAfter(Math.floor(random() * 40_000));
      recordings.push(one.say('troom', `text ${n}`));
      await delay(5);
    }
    await proxy.passes();
    await Promise.all(recordings);
    await hears(two, 'troom', 'before', ...texts(1, 400));
    await hears(one, 'troom', 'before', ...texts(1, 400));
    expect((await proxy.report()).ever).toBeGreaterThan(4);
    expect([...one.moves, ...two.moves]).toEqual([]);
  });

  test('the last message of a topic, lost on its way, is found within 10 s; another one by the next (D41) (fault 119)', async ({
    redis,
    record,
  }) => {
    const [one, mute] = [record(), startMute(redis.url)];
    await populate(one);
    for (const text of texts(1, 3)) await mute.say('troom', text);
    expect(one.heard).toHaveLength(1);
    await one.say('troom', 'text 4');
    await hears(one, 'troom', 'before', ...texts(1, 4));
    for (const text of texts(5, 6)) await mute.say('troom', text);
    const took = await hears(one, 'troom', 'before', ...texts(1, 6));
    expect(took).toBeLessThan(12_000);
    expect(one.moves).toEqual([]);
    await mute.store.stop();
  });

  test('more messages at once than it records in 1.5 s: all are recorded in order, and no link is given up (fault 130)', async ({
    redis,
  }) => {
    const slow = startSlow(redis.url);
    await populate(slow);
    await Promise.all(texts(1, 1_500).map((text) => slow.say('troom', text)));
    await hears(slow, 'troom', 'before', ...texts(1, 1_500));
    expect(messages(slow)).toEqual([]);
  });

  test('a restart without data: the topic begins anew, and what waited is recorded there (fault 119)', async ({
    redis,
    record,
  }) => {
    const servers = [record(), record()] as const;
    await populate(...servers);
    for (const { errors } of servers) errors.length = 0;
    redis.freezes();
    const unknown = servers[0].say('troom', 'nobody can tell').catch(String);
    await until(() => {
      for (const server of servers) expect(messages(server)).toContainEqual(IS_LOST);
    });
    const waiting = servers[0].say('troom', 'meanwhile');
    await redis.dies();
    await redis.starts();
    await waiting;
    expect(await unknown).toMatch(/what it had recorded is lost/);
    for (const server of servers) {
      await until(() => expect(server.moves).toHaveLength(1));
      const [[, { number }]] = server.moves as [StartedHistory['moves'][number]];
      // A server that is back later may begin behind it, and its clients are told of a gap.
      await hears(server, 'troom', 'before', ...(number === 0 ? ['meanwhile'] : []));
    }
  });

  test('FLUSHALL: the topic begins anew (fault 119)', async ({ redis, record }) => {
    const servers = [record(), record()] as const;
    await populate(...servers);
    await asks(redis, 'FLUSHALL');
    await servers[0].say('troom', 'after');
    for (const server of servers) {
      await hears(server, 'troom', 'before', 'after');
      expect(server.moves).toHaveLength(1);
    }
  });

  test('a failover that lost records, and another one back: the topic begins anew each time (fault 119)', async ({
    pair,
    record,
  }) => {
    const servers = [record({}, pair.address.port), record({}, pair.address.port)] as const;
    await populate(...servers);
    await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
    await servers[0].say('troom', 'lost');
    for (const { heard } of servers) await until(() => expect(heard).toHaveLength(2));
    await pair.failsOver(pair.second, pair.first);
    for (const { moves } of servers) await until(() => expect(moves).toHaveLength(1));
    await servers[0].say('troom', 'second');
    await pair.follows(pair.first, pair.second);
    await pair.asks(pair.first, 'REPLICAOF', 'NO', 'ONE');
    await servers[0].say('troom', 'lost as well');
    await pair.failsOver(pair.first, pair.second);
    for (const { moves } of servers) await until(() => expect(moves).toHaveLength(2));
    await servers[0].say('troom', 'third');
    for (const server of servers) {
      await hears(server, 'troom', 'before', 'lost', 'second', 'lost as well', 'third');
      expect(new Set(server.moves.map(([, { epoch }]) => epoch)).size).toBe(2);
    }
  });

  test('a failover and back that no server has noticed, with records lost: the topic begins anew (fault 119)', async ({
    pair,
    record,
  }) => {
    const { first, second, address } = pair;
    const one = record({}, address.port);
    await populate(one);
    await pair.asks(second, 'REPLICAOF', 'NO', 'ONE');
    await one.say('troom', 'lost');
    await address.refuses();
    await address.resets();
    await until(() => expect(messages(one)).toContainEqual(IS_LOST));
    await pair.follows(first, second);
    await pair.asks(first, 'REPLICAOF', 'NO', 'ONE');
    await address.passes();
    await until(() => expect(one.moves).toHaveLength(1));
    await one.say('troom', 'after');
    await hears(one, 'troom', 'before', 'lost', 'after');
  });

  test.for(['born', 'last:*', 'used', 'server:*'])(
    'the key `%s` is evicted: nothing is lost without a word (fault 119)',
    async (name, { redis, record }) => {
      const servers = [record(), record()] as const;
      await populate(...servers);
      const keys = await asks(redis, 'KEYS', `lifeline:history:${name}`);
      await asks(redis, 'DEL', ...(keys as string[]));
      await servers[1].say('troom', 'after');
      const isMoved = name === 'born' || name === 'last:*';
      for (const server of servers) {
        await hears(server, 'troom', 'before', 'after');
        expect(server.moves).toHaveLength(isMoved ? 1 : 0);
        expect(server.errors).toEqual([]);
      }
    },
  );

  test('the messages of a topic are evicted: who missed some is told, and its numbers go on (fault 119)', async ({
    redis,
    record,
  }) => {
    const { store, say, textsBehind, heard } = record();
    const position = await store.follow('troom');
    await say('troom', 'one');
    await asks(redis, 'DEL', 'lifeline:history:said:"troom"');
    await say('troom', 'two');
    expect(await textsBehind('troom', position)).toBeNull();
    expect(await textsBehind('troom', { ...position, number: 1 })).toEqual(['two']);
    expect(heard.map(([, number]) => number)).toEqual([1, 2]);
  });

  test('CLIENT PAUSE: what is said meanwhile is recorded once, in order (fault 119)', async ({
    redis,
    record,
  }) => {
    const servers = [record(), record()] as const;
    await populate(...servers);
    await asks(redis, 'CLIENT', 'PAUSE', '3000', 'ALL');
    const recordings = texts(1, 20).map((text) => servers[0].say('troom', text));
    await Promise.all(recordings);
    for (const server of servers) {
      await hears(server, 'troom', 'before', ...texts(1, 20));
      expect(server.moves).toEqual([]);
    }
  });

  test('without memory, the message is refused at once and reaches nobody; with it, all goes on (fault 119)', async ({
    redis,
    record,
  }) => {
    const servers = [record(), record()] as const;
    await populate(...servers);
    await asks(redis, 'CONFIG', 'SET', 'maxmemory', '1');
    const reasons = [];
    for (const text of ['refused', 'too'])
      reasons.push(await servers[0].say('troom', text).catch((error: unknown) => error));
    expect(reasons[0]).toMatchObject({ message: expect.stringMatching(/OOM/) as string });
    expect(reasons[1]).toBe(reasons[0]);
    await asks(redis, 'CONFIG', 'SET', 'maxmemory', '0');
    await servers[0].say('troom', 'after');
    for (const server of servers) {
      await hears(server, 'troom', 'before', 'after');
      expect(server.moves).toEqual([]);
    }
  });

  test('a message waits 10 s for Redis, and at most 16 MiB do; a client that came back waits as long (fault 119)', async ({
    redis,
    record,
  }) => {
    const one = record();
    await populate(one);
    const position = await one.store.follow('troom');
    await redis.dies();
    const from = performance.now();
    const waiting = one.say('troom', 'late');
    const reading = one.textsBehind('troom', { ...position, number: 0 });
    const full = Array.from({ length: 17 }, () => one.say('troom', 'x'.repeat(1_048_576)));
    await expect(Promise.race(full)).rejects.toThrow(/Redis is too slow: 16 MiB/);
    await expect(waiting).rejects.toThrow(/not confirmed a message of a topic for 10 s/);
    expect(await reading).toEqual([]);
    expect(performance.now() - from).toBeGreaterThan(9_900);
    await Promise.allSettled(full);
    await redis.starts();
    await until(() => expect(one.moves).toHaveLength(1));
    await one.say('troom', 'after');
    await hears(one, 'troom', 'before', 'after');
    expect(messages(one)).toContainEqual(IS_LOST);
  });
});
