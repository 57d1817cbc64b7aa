import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { expect, inject, vi } from 'vitest';
import {
  type HistoryStore,
  memoryHistory,
  type MemoryHistoryOptions,
  redisHistory,
} from '../../../src/server.ts';
import { startRedis } from '../../support/redis.ts';
import type { SessionClient } from '../../support/server/session-client.ts';
import { shareHistory } from '../../support/server/slow-stores.ts';
import { test as base } from '../sessions/fixtures.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which history the tests of topics use. */
    readonly history: 'memory' | 'redis';
  }
}

/** The options of a test that all histories have. */
type HistoryOptions = Pick<MemoryHistoryOptions, 'perTopic' | 'bytesPerTopic' | 'ttl'>;

export const test = base.extend<{
  /** Of the Redis of this file; null in memory. */
  redisUrl: string | null;
  /** Makes a history: the option of a server. */
  withHistory: (options?: HistoryOptions) => { readonly history: HistoryStore };
  /** Makes histories of several servers that share one. */
  share: () => HistoryStore;
}>({
  redisUrl: [
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
    async ({}, provide) => {
      if (inject('history') === 'memory') return provide(null);
      const redis = await startRedis();
      await provide(redis.url);
      await redis.ends();
    },
    { scope: 'file' },
  ],
  withHistory: async ({ redisUrl: url }, provide) => {
    await provide((options) => ({
      history: url
        ? redisHistory(createClient({ url }), { ...options, prefix: randomUUID() })
        : memoryHistory(options),
    }));
  },
  share: async ({ redisUrl: url }, provide) => {
    const prefix = randomUUID();
    await provide(
      url ? () => redisHistory(createClient({ url }), { prefix }) : shareHistory(memoryHistory()),
    );
  },
});

/** The words about where a topic stands. */
export const standsIn = (
  client: SessionClient,
  topic: string,
): Readonly<Record<string, unknown>>[] =>
  [...client.words('position'), ...client.words('gap')].filter((word) => word.topic === topic);

/** The position of a client in a topic, from what it has heard on the present connection: at least where the topic stands. */
export async function positionIn(
  client: SessionClient,
  topic: string,
): Promise<[string, string, number]> {
  await vi.waitFor(() => expect(standsIn(client, topic)).not.toEqual([]), { interval: 2 });
  let position: [string, string, number] = [topic, '', 0];
  for (const word of client.heard) {
    if (typeof word !== 'object' || Buffer.isBuffer(word) || word.topic !== topic) continue;
    if (word.lifeline === 'topic') position = [topic, position[1], Number(word.number)];
    else position = [topic, String(word.epoch), Number(word.number)];
  }
  return position;
}

/** The payloads of a topic that a client has heard, each with its number. */
export const heardIn = (client: SessionClient, topic: string): (readonly [unknown, string])[] =>
  client
    .words('topic')
    .filter((word) => word.topic === topic)
    .map(({ number, payload }) => [number, String(payload)] as const);
