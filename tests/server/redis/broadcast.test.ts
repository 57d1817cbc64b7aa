import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { type Broadcast, redisBroadcast } from '../../../src/server.ts';
import type { Redis } from '../../support/redis.ts';
import { test, until } from './fixtures.ts';

/** Waits until so many listen. */
async function listening(redis: Redis, count: number, name = 'lifeline:broadcast'): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  await until(async () => expect((await client.pubSubNumSub([name]))[name]).toBe(count));
  client.destroy();
}

// They mostly wait, each with a Redis of its own.
describe.concurrent('broadcasts over Redis:', () => {
  test('text and binary reach all other servers, in order, and not their own', async ({
    redis,
    listen,
  }) => {
    const [one, two, three] = [listen(), listen(), listen()];
    await listening(redis, 3);
    const broadcasts: Broadcast[] = [
      { message: 'first' },
      { message: '' },
      { message: 'a\nb\r\n{}\0 Zoë 🙂', topic: 'news\n', except: 'c1' },
      { message: '__proto__', topic: '__proto__', except: '' },
      { message: Buffer.from([0, 10, 255, 128]), topic: '' },
      { message: new Uint8Array(0) },
      { message: 'x'.repeat(1_048_576) },
      { message: Buffer.alloc(1_048_576, 7) },
      { message: 'last' },
    ];
    for (const broadcast of broadcasts) one.channel.publish(broadcast);
    for (const { heard } of [two, three]) {
      await until(() => expect(heard).toHaveLength(broadcasts.length));
      for (const [n, { message, ...rest }] of broadcasts.entries()) {
        expect(heard[n]).toMatchObject(rest);
        const got = heard[n]?.message ?? '';
        expect(typeof got).toBe(typeof message);
        expect(Buffer.from(got).equals(Buffer.from(message))).toBe(true);
      }
    }
    expect(one.heard).toEqual([]);
    expect([one, two, three].flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('a prefix keeps two applications apart', async ({ redis, listen }) => {
    const [one, two, other] = [listen('one:'), listen('one:'), listen('other:')];
    await listening(redis, 2, 'one:broadcast');
    await listening(redis, 1, 'other:broadcast');
    one.channel.publish({ message: 'hello' });
    await until(() => expect(two.heard).toEqual([{ message: 'hello' }]));
    expect(other.heard).toEqual([]);
  });

  test('what is broadcast while Redis is away is lost, and told once', async ({
    redis,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    await listening(redis, 2);
    await redis.dies();
    for (let n = 0; n < 1_000; n++) one.channel.publish({ message: `lost ${n}` });
    await delay(500);
    for (let n = 0; n < 1_000; n++) one.channel.publish({ message: `lost ${n}` });
    await delay(500);
    await redis.starts();
    await listening(redis, 2);
    one.channel.publish({ message: 'back' });
    await until(() => expect(two.heard).toEqual([{ message: 'back' }]));
    for (const { errors } of [one, two])
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^Redis cannot be used: .+\. Broadcasts reach only the clients/),
      ]);
  });

  test('a Redis that stands still is noticed, and holds no more than so many bytes up', async ({
    redis,
    listen,
  }) => {
    const [one, two] = [listen(), listen()];
    await listening(redis, 2);
    redis.freezes();
    const message = 'x'.repeat(1_048_576);
    for (let n = 0; n < 20; n++) {
      one.channel.publish({ message });
      await delay(5);
    }
    expect(one.errors.map(({ message: told }) => told)).toEqual([
      expect.stringContaining('does not keep up'),
    ]);
    await until(() => expect(two.errors).toHaveLength(1));
    redis.thaws();
    await listening(redis, 2);
    two.channel.publish({ message: 'back' });
    await until(() => expect(one.heard).toEqual([{ message: 'back' }]));
    expect([one, two].map(({ errors }) => errors.length)).toEqual([1, 1]);
  });

  test('a client that the application has connected does not end the process', async ({
    redis,
  }) => {
    const client = await createClient({
      url: redis.url,
      socket: { reconnectStrategy: 50 },
    }).connect();
    const channel = redisBroadcast(client);
    const errors: Error[] = [];
    channel.start({ deliver() {}, error: (error) => errors.push(error) });
    await listening(redis, 1);
    await redis.dies();
    await delay(300);
    expect(errors).toHaveLength(1);
    await redis.starts();
    await listening(redis, 1);
    await until(() => expect(client.isReady).toBe(true));
    client.destroy();
    await channel.stop();
  });
});
