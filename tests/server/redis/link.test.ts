import { expect, test } from 'vitest';
import { RedisLink } from '../../../src/server/redis/link.ts';
import { RedisReporter } from '../../../src/server/redis/reporter.ts';
import { createFakeClient } from '../../support/server/fake-redis.ts';

test('send() and wait() of a lost link reject with its error, and nothing is sent', async () => {
  const { client, connections } = createFakeClient();
  const link = new RedisLink(client, new RedisReporter(() => {}, 'All else waits.'));
  const [connection] = connections;
  connection?.fail(new Error('reset'));
  connection?.fail(new Error('The client is closed'));
  await expect(link.send('PING')).rejects.toThrow('reset');
  await expect(link.wait(1_000)).rejects.toThrow('reset');
  expect(connection?.commands).toEqual([]);
});

test('wait() of a released link ends at once', async () => {
  const { client } = createFakeClient();
  const link = new RedisLink(client, new RedisReporter(() => {}, 'All else waits.'));
  link.release();
  await link.wait(60_000);
  expect(link.isWanted).toBe(false);
});
