import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { type Broadcast, redisBroadcast } from '../../../src/server.ts';
import type { Redis } from '../../support/redis.ts';
import { commandsInASecond, test, until } from './fixtures.ts';

const IS_LOST: unknown = expect.stringMatching(
  /^Redis cannot be used: .+\. Broadcasts reach only the clients/,
);
const IS_BEHIND: unknown = expect.stringMatching(
  /^Redis is too slow: 16 MiB of broadcasts wait for it\. /,
);
const IS_FOREIGN: unknown = expect.stringMatching(
  /^A message on the Redis channel 'lifeline:broadcast' could not be read, and was ignored: /,
);

const reported = ({ errors }: { readonly errors: readonly Error[] }) =>
  errors.map(({ message }) => message);

/** Waits until so many servers have subscribed. */
async function subscribers(
  redis: Redis,
  count: number,
  name = 'lifeline:broadcast',
): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  await until(async () => expect((await client.pubSubNumSub([name]))[name]).toBe(count));
  client.destroy();
}

// Concurrent, since they mostly wait. Each has its own Redis.
describe.concurrent('broadcasts over Redis:', () => {
  test('a broadcast that took more than 5 s to arrive is dropped', async ({ redis, listen }) => {
    const [one, two] = [listen(), listen()];
    await subscribers(redis, 2);
    const client = await createClient({ url: redis.url }).connect();
    const carried: string[] = [];
    await client.subscribe('lifeline:broadcast', (message) => carried.push(message));
    one.channel.publish({ message: 'at once' });
    await until(() => expect(carried).toHaveLength(1));
    for (const age of [6_000, 4_000]) {
      const [header = '', message] = carried[0]?.split('\n') ?? [];
      const { at, ...rest } = JSON.parse(header) as { at: number };
      const older = JSON.stringify({ ...rest, at: at - age });
      await client.publish('lifeline:broadcast', `${older}\n${message}, ${age} ms ago`);
    }
    await until(() => expect(carried).toHaveLength(3));
    client.destroy();
    await until(() =>
      expect(two.received).toEqual([{ message: 'at once' }, { message: 'at once, 4000 ms ago' }]),
    );
  });

  test('text and binary reach all other servers in order, and not the sending one', async ({
    redis,
    listen,
  }) => {
    const [one, two, three] = [listen(), listen(), listen()];
    await subscribers(redis, 3);
    const broadcasts: Broadcast[] = [
      { message: 'first' },
      { message: '' },
      { message: 'a\nb\r\n{}\0 Zoë 🙂', topic: 'news\n', except: 'c1' },
      { message: 'not well formed', topic: '\ud800' },
      { message: '__proto__', topic: '__proto__', except: '' },
      { message: Buffer.from([0, 10, 255, 128]), topic: '' },
      { message: new Uint8Array(0) },
      { message: 'x'.repeat(1_048_576) },
      { message: Buffer.alloc(1_048_576, 7) },
      { message: 'last' },
    ];
    for (const { channel } of [two, three])
      for (const { topic } of broadcasts) if (topic) channel.follow?.(topic);
    await subscribers(redis, 2, 'lifeline:topic:"__proto__"');
    for (const broadcast of broadcasts) one.channel.publish(broadcast);
    for (const { received } of [two, three]) {
      await until(() => expect(received).toHaveLength(broadcasts.length));
      for (const [n, { message, ...rest }] of broadcasts.entries()) {
        expect(received[n]).toMatchObject(rest);
        const got = received[n]?.message ?? '';
        expect(typeof got).toBe(typeof message);
        expect(Buffer.from(got).equals(Buffer.from(message))).toBe(true);
      }
    }
    expect(one.received).toEqual([]);
    expect([one, two, three].flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('a prefix keeps two applications apart', async ({ redis, listen }) => {
    const [one, two, other] = [
      listen({ prefix: 'one:' }),
      listen({ prefix: 'one:' }),
      listen({ prefix: 'other:' }),
    ];
    await subscribers(redis, 2, 'one:broadcast');
    await subscribers(redis, 1, 'other:broadcast');
    one.channel.publish({ message: 'hello' });
    await until(() => expect(two.received).toEqual([{ message: 'hello' }]));
    expect(other.received).toEqual([]);
  });

  test('broadcasts made while Redis is away are lost, and one error is reported', async ({
    redis,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    await subscribers(redis, 2);
    await redis.dies();
    for (let n = 0; n < 1_000; n++) one.channel.publish({ message: `lost ${n}` });
    await delay(500);
    for (let n = 0; n < 1_000; n++) one.channel.publish({ message: `lost ${n}` });
    await delay(500);
    await redis.starts();
    await subscribers(redis, 2);
    one.channel.publish({ message: 'back' });
    await until(() => expect(two.received).toEqual([{ message: 'back' }]));
    for (const started of [one, two]) expect(reported(started)).toEqual([IS_LOST]);
  });

  test('a Redis that does not answer is noticed, and at most 16 MiB wait for it', async ({
    redis,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    await subscribers(redis, 2);
    redis.freezes();
    const message = 'x'.repeat(1_048_576);
    for (let n = 0; n < 20; n++) {
      one.channel.publish({ message });
      await delay(5);
    }
    for (const { errors } of [one, two])
      await until(() => expect(errors.at(-1)?.message).toEqual(IS_LOST));
    redis.thaws();
    await subscribers(redis, 2);
    two.channel.publish({ message: 'back' });
    await until(() => expect(one.received).toEqual([{ message: 'back' }]));
    expect(reported(one)).toEqual([IS_BEHIND, IS_LOST]);
    expect(reported(two)).toEqual([IS_LOST]);
  });

  test('a Redis client that the application has connected does not end the process when Redis dies', async ({
    redis,
  }) => {
    const client = await createClient({
      url: redis.url,
      socket: { reconnectStrategy: 50 },
    }).connect();
    const channel = redisBroadcast(client);
    const errors: Error[] = [];
    channel.start({ deliver() {}, error: (error) => errors.push(error) });
    await subscribers(redis, 1);
    await redis.dies();
    await delay(300);
    expect(errors).toHaveLength(1);
    await redis.starts();
    await subscribers(redis, 1);
    await until(() => expect(client.isReady).toBe(true));
    client.destroy();
    await channel.stop();
  });

  test('each loss is reported, and so is a refused command', async ({ redis, listen }) => {
    const one = listen();
    await subscribers(redis, 1);
    const client = await createClient({ url: redis.url }).connect();
    await client.sendCommand(['ACL', 'SETUSER', 'default', '-publish']);
    for (let n = 0; n < 100; n++) one.channel.publish({ message: 'refused' });
    await until(() => expect(reported(one)).toEqual([IS_LOST]));
    await client.sendCommand(['ACL', 'SETUSER', 'default', '+publish']);
    client.destroy();
    await subscribers(redis, 1);
    await delay(300);
    for (const times of [2, 3]) {
      await redis.dies();
      await until(() =>
        expect(reported(one)).toEqual(Array.from({ length: times }, () => IS_LOST)),
      );
      await redis.starts();
      await subscribers(redis, 1);
    }
  });

  test('a channel that fell behind and caught up reports the next problem', async ({
    redis,
    listen,
  }) => {
    const one = listen();
    await subscribers(redis, 1);
    const burst = () => {
      for (let n = 0; n < 20; n++) one.channel.publish({ message: Buffer.alloc(1_048_576) });
    };
    burst();
    expect(reported(one)).toEqual([IS_BEHIND]);
    await delay(2_000);
    burst();
    expect(reported(one)).toEqual([IS_BEHIND, IS_BEHIND]);
    await redis.dies();
    await until(() => expect(reported(one)).toEqual([IS_BEHIND, IS_BEHIND, IS_LOST]));
  });

  test('messages that are no broadcasts are ignored, reported once, and cause no commands', async ({
    redis,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    await subscribers(redis, 2);
    const client = await createClient({ url: redis.url }).connect();
    const noHeaders = [
      '',
      'rubbish',
      '\n',
      '\0\n',
      'null\n',
      '7\n',
      '[]\n',
      '{"__proto__":null}\n',
    ];
    const header = { from: 'me', at: Date.now(), isText: true };
    const lines = [
      ...noHeaders,
      ...[{ from: 7 }, { at: 'now' }, { isText: 1 }, { topic: null }, { except: {} }].map(
        (wrong) => `${JSON.stringify({ ...header, ...wrong })}\nrubbish`,
      ),
    ];
    for (const line of lines) await client.publish('lifeline:broadcast', line);
    client.destroy();
    one.channel.publish({ message: 'hello' });
    await until(() => expect(two.received).toEqual([{ message: 'hello' }]));
    expect(one.received).toEqual([]);
    for (const started of [one, two]) expect(reported(started)).toEqual([IS_FOREIGN]);
    expect(await commandsInASecond(redis)).toBeLessThan(30);
  });

  test('a channel cannot be used by two servers', async ({ listen }) => {
    const { channel } = listen();
    expect(() => channel.start({ deliver() {}, error() {} })).toThrow('make one for each server');
  });
});
