/** A server receives the broadcasts of a topic only while it has a client there. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { createLifelineServer, redisBroadcast } from '../../../src/server.ts';
import { LINGER } from '../../../src/server/redis/followed-channels.ts';
import { test, until } from './fixtures.ts';

interface Admin {
  sendCommand(command: readonly string[]): Promise<unknown>;
}

/** How many servers receive a channel. */
async function subscribersOf(admin: Admin, name: string): Promise<number> {
  const [, topic] = /^topic:(.*)/.exec(name) ?? [];
  const channel = topic === undefined ? name : `topic:${JSON.stringify(topic)}`;
  const answer = await admin.sendCommand(['PUBSUB', 'NUMSUB', `lifeline:${channel}`]);
  return (answer as [channel: string, count: number])[1];
}

const receives = (admin: Admin, name: string, count: number, timeout = 10_000) =>
  until(async () => expect(await subscribersOf(admin, name)).toBe(count), timeout);

// Concurrent, since they mostly wait. Each has its own Redis.
describe.concurrent('the channels of topics:', () => {
  test('a broadcast for a topic that nobody there has reaches no server', async ({
    admin,
    listen,
  }) => {
    const [one, two, three] = [listen(), listen(), listen()];
    two.channel.follow?.('news');
    await receives(admin, 'broadcast', 3);
    await receives(admin, 'topic:news', 1);
    // Redis answers to how many connections it has sent the message.
    expect(await admin.sendCommand(['PUBLISH', 'lifeline:topic:"sport"', 'x'])).toBe(0);
    for (let n = 0; n < 1_000; n++) {
      one.channel.publish({ topic: 'sport', message: 'goal' });
      one.channel.publish({ topic: 'news', message: String(n) });
    }
    one.channel.publish({ message: 'to all' });
    await until(() => expect(two.received).toHaveLength(1_001));
    await until(() => expect(three.received).toEqual([{ message: 'to all' }]));
    expect(two.received.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 1_000 }, (_, n) => String(n)),
      'to all',
    ]);
  });

  test('a topic is received for 5 s after its last subscriber has gone', async ({
    admin,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    for (const topic of ['left', 'back']) two.channel.follow?.(topic);
    await receives(admin, 'topic:back', 1);
    for (const { errors } of [one, two]) errors.length = 0;
    for (const topic of ['left', 'back']) two.channel.unfollow?.(topic);
    await delay(LINGER / 2);
    expect(await subscribersOf(admin, 'topic:left')).toBe(1);
    two.channel.follow?.('back');
    await receives(admin, 'topic:left', 0, LINGER);
    await delay(LINGER / 2);
    expect(await subscribersOf(admin, 'topic:back')).toBe(1);
    // Once more, after it has ended.
    two.channel.follow?.('left');
    await receives(admin, 'topic:left', 1);
    one.channel.publish({ topic: 'left', message: 'again' });
    await until(() => expect(two.received).toEqual([{ topic: 'left', message: 'again' }]));
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('what answers a broadcast that was sent after a subscription arrives', async ({
    admin,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    two.channel.follow?.('questions');
    await receives(admin, 'topic:questions', 1);
    const answer = setInterval(() => {
      for (const { message } of two.received.splice(0))
        two.channel.publish({ topic: `answers ${String(message)}`, message });
    });
    for (let n = 0; n < 200; n++) {
      one.channel.follow?.(`answers ${n}`);
      one.channel.publish({ topic: 'questions', message: String(n) });
      if (n % 20 === 0) await delay(1);
    }
    await until(() => expect(one.received).toHaveLength(200));
    clearInterval(answer);
  });

  test('thousands of topics are received again a moment after a lost link', async ({
    admin,
    proxy,
    listen,
  }) => {
    const [one, two] = [listen(), listen({}, proxy.port)];
    const topics = Array.from({ length: 5_000 }, (_, n) => `topic ${n}`);
    for (const topic of topics) two.channel.follow?.(topic);
    const channels = (count: number) =>
      until(
        async () =>
          expect(await admin.sendCommand(['PUBSUB', 'CHANNELS', 'lifeline:topic:*'])).toHaveLength(
            count,
          ),
        10_000,
      );
    await channels(5_000);
    two.errors.length = 0;
    await proxy.resets();
    await channels(0);
    two.channel.follow?.('meanwhile');
    two.channel.unfollow?.('topic 1');
    await proxy.passes();
    await channels(5_001);
    const some = [...topics.filter((_, n) => n % 50 === 0), 'meanwhile'];
    for (const topic of some) one.channel.publish({ topic, message: topic });
    await until(() => expect(two.received.map(({ topic }) => topic)).toEqual(some));
    expect(two.errors).toHaveLength(1);
    await channels(5_000);
    expect(await subscribersOf(admin, 'topic:topic 1')).toBe(0);
  });

  test('a server that may not subscribe to a topic says so, and goes on trying', async ({
    admin,
    listen,
  }) => {
    const one = listen();
    await receives(admin, 'broadcast', 1);
    one.errors.length = 0;
    const allow = (...channels: string[]) =>
      admin.sendCommand(['ACL', 'SETUSER', 'default', 'resetchannels', ...channels]);
    await allow('&lifeline:broadcast', '&lifeline:echo:*');
    await receives(admin, 'broadcast', 1);
    one.channel.follow?.('news');
    await until(() => expect(one.errors).toHaveLength(1));
    expect(one.errors[0]?.message).toMatch(/^Redis cannot be used: NOPERM .*channel/);
    await allow('&lifeline:*');
    await receives(admin, 'topic:news', 1);
    expect(one.errors).toHaveLength(1);
  });

  test('the topics of the clients of a server are those that it receives', async ({
    redis,
    admin,
    visit,
  }) => {
    const client = createClient({ url: redis.url });
    const server = createLifelineServer({
      port: 0,
      host: '127.0.0.1',
      origins: [null],
      authenticate: ({ url = '' }) => url.slice(1),
      broadcasts: redisBroadcast(client),
    });
    // Redis may be slow on a busy machine.
    server.on('error', () => {});
    const port = await new Promise<number>((resolve) => server.on('listening', resolve));
    server.on('connection', (subscriber) => void server.subscribe(subscriber, 'news'));
    const ann = await visit('ann', `ws://127.0.0.1:${port}`);
    const bob = await visit('bob', `ws://127.0.0.1:${port}`);
    await receives(admin, 'topic:news', 1);
    ann.connection.close();
    await delay(LINGER + 500);
    expect(await subscribersOf(admin, 'topic:news')).toBe(1);
    bob.connection.close();
    await receives(admin, 'topic:news', 0, 2 * LINGER);
    await server.close();
  });
});
