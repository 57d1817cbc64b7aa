/** What a history keeps in Redis, for how long, and what it costs. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import {
  createLifelineServer,
  memorySessions,
  type Position,
  redisHistory,
} from '../../../../src/server.ts';
import { commandsInASecond, until } from '../fixtures.ts';
import { hears, test, texts } from './fixtures.ts';

describe.concurrent('what a history keeps:', () => {
  test('a topic that nobody follows takes nothing in Redis, and costs other servers nothing', async ({
    redis,
    admin,
    record,
  }) => {
    const [one, two] = [record(), record()];
    await two.store.follow('tother');
    for (const text of texts(1, 100)) await one.say('troom', text);
    expect(await admin.sendCommand(['KEYS', '*room*'])).toEqual([]);
    const channels = await admin.sendCommand(['PUBSUB', 'CHANNELS', 'lifeline:history:topic:*']);
    expect(channels).toEqual(['lifeline:history:topic:"tother"']);
    expect(two.heard).toEqual([]);
    // A ping for each link, and at times a comparison.
    expect(await commandsInASecond(redis)).toBeLessThan(20);
  });

  test('a server hears a topic for 5 s after its last subscriber, and then no more', async ({
    admin,
    record,
  }) => {
    const { store } = record();
    await store.follow('troom');
    const channels = () => admin.sendCommand(['PUBSUB', 'CHANNELS', '*room*']);
    expect(await channels()).toHaveLength(1);
    store.unfollow('troom');
    await until(async () => expect(await channels()).toEqual([]), 8_000);
  });

  test('messages are gone after the ttl, and the numbers go on', async ({ admin, record }) => {
    const { store, say, textsBehind, heard } = record({ ttl: 3_000 });
    const position = await store.follow('troom');
    const second = { ...position, number: 1 };
    const isGone = (from: Position) =>
      until(async () => expect(await textsBehind('troom', from)).toBeNull());
    await say('troom', 'one');
    expect(await textsBehind('troom', position)).toEqual(['one']);
    await delay(2_000);
    await say('troom', 'two');
    await isGone(position);
    expect(await textsBehind('troom', second)).toEqual(['two']);
    await isGone(second);
    await until(async () =>
      expect(await admin.sendCommand(['EXISTS', 'lifeline:history:said:"troom"'])).toBe(0),
    );
    const left = await admin.sendCommand(['PTTL', 'lifeline:history:last:"troom"']);
    expect(left).toBeGreaterThan(86_403_000 - 25_000);
    await say('troom', 'three');
    expect(heard.map(([, number]) => number)).toEqual([1, 2, 3]);
    expect(await store.follow('troom')).toEqual({ ...position, number: 3 });
  });

  test('the clock of Redis goes back: messages are recorded as before', async ({
    admin,
    record,
  }) => {
    const one = record();
    const position = await one.store.follow('troom');
    const later = String(Date.now() + 86_400_000);
    await admin.sendCommand(['HSET', 'lifeline:history:last:"troom"', 'at', later]);
    for (const text of texts(1, 3)) await one.say('troom', text);
    expect(await one.textsBehind('troom', position)).toEqual(texts(1, 3));
  });

  test('a topic takes at most bytesPerTopic: the oldest are dropped', async ({ admin, record }) => {
    const { store, textsBehind, say } = record({ bytesPerTopic: 20_000 });
    const { epoch } = await store.follow('troom');
    for (let n = 1; n <= 50; n++) {
      await say('troom', `${n} ${'x'.repeat(1_700)}`);
      const size = Number(await admin.sendCommand(['XLEN', 'lifeline:history:said:"troom"']));
      expect(size * 1_900).toBeLessThan(20_500);
      expect(size).toBeGreaterThanOrEqual(Math.min(n, 7));
    }
    expect(await textsBehind('troom', { epoch, number: 43 })).toHaveLength(7);
    expect(await textsBehind('troom', { epoch, number: 38 })).toBeNull();
    await say('troom', 'y'.repeat(30_000));
    expect(await textsBehind('troom', { epoch, number: 50 })).toBeNull();
  });

  test('above the number of topics, the one that was used least recently is forgotten, with an event; none that is followed', async ({
    admin,
    record,
  }) => {
    const one = record({ topics: 3 });
    const position = await one.store.follow('t1');
    for (const topic of ['t2', 't3', 't4', 't5']) await one.store.follow(topic);
    expect(one.forgotten).toEqual([]);
    const used = 'lifeline:history:used';
    for (const topic of ['t1', 't2']) one.store.unfollow(topic);
    for (const topic of ['"t1"', '"t2"', '"t3"'])
      await admin.sendCommand(['ZADD', used, String(Date.now() - 61_000), topic]);
    await one.say('t3', 'used now');
    await hears(one, 't3', 'used now');
    expect(one.forgotten).toEqual(['t1', 't2']);
    const { epoch } = await one.store.follow('t1');
    expect(epoch).not.toBe(position.epoch);
  });

  test('topics that are followed at once are found together, and cost few commands', async ({
    redis,
    record,
  }) => {
    const { store } = record();
    const topics = Array.from({ length: 3_000 }, (_, n) => `t${n}`);
    await Promise.all(topics.map(async (topic) => store.follow(topic)));
    expect(await commandsInASecond(redis)).toBeLessThan(20);
  });

  test('what was said before the server stops is recorded; what is said later is not, and who waits is told', async ({
    record,
  }) => {
    const [one, two] = [record(), record()];
    for (const { store } of [one, two]) await store.follow('troom');
    const said = texts(1, 50).map((text) => one.say('troom', text));
    await one.store.stop();
    await Promise.all(said);
    await hears(two, 'troom', ...texts(1, 50));
    await expect(one.say('troom', 'late')).rejects.toThrow(/has stopped/);
    const unused = record();
    await unused.store.stop();
    await expect(unused.say('troom', 'late')).rejects.toThrow(/has stopped/);
  });

  test('a history belongs to one server', ({ redis }) => {
    const history = redisHistory(createClient({ url: redis.url }));
    history.start({ deliver() {}, moved() {}, forgotten() {}, error() {} });
    const options = { port: 0, sessions: memorySessions(), history };
    expect(() => createLifelineServer(options)).toThrow(/This redisHistory\(\) already belongs/);
  });
});
