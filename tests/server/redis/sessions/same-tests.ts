/** Runs the tests of sessions in memory with a Redis. Each server has one of its own, by its prefix. */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { afterAll } from 'vitest';
import { redisSessions } from '../../../../src/server.ts';
import { startRedis } from '../../../support/redis.ts';
import { replaceStores } from '../../sessions/fixtures.ts';

const redis = await startRedis();
afterAll(() => redis.ends());

replaceStores((options) =>
  redisSessions(createClient({ url: redis.url }), { ...options, prefix: `${randomUUID()}:` }),
);
