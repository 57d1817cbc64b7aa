import { createClient } from 'redis';
import { expect } from 'vitest';
import {
  type HistoryStore,
  type Position,
  type RecordedMessage,
  redisHistory,
  type RedisHistoryOptions,
} from '../../../../src/server.ts';
import { test as base, until } from '../fixtures.ts';

/** The history of one server, and what it told. */
export interface StartedHistory {
  readonly store: HistoryStore;
  /** The messages that were delivered: topic, number, text. */
  readonly heard: (readonly [topic: string, number: number, text: string])[];
  readonly delivered: RecordedMessage[];
  /** The topics that have begun anew, and where. */
  readonly moves: (readonly [topic: string, position: Position])[];
  readonly forgotten: string[];
  readonly errors: Error[];
  /** Records a text. */
  say(topic: string, text: string): Promise<void>;
  /** The texts behind a position; null if they are not all there. */
  textsBehind(topic: string, position: Position): Promise<string[] | null>;
}

export function observe(store: HistoryStore): StartedHistory {
  const started: StartedHistory = {
    store,
    heard: [],
    delivered: [],
    moves: [],
    forgotten: [],
    errors: [],
    say: async (topic, text) => store.publish(topic, { data: Buffer.from(text), isBinary: false }),
    async textsBehind(topic, position) {
      const messages = await store.read(topic, position);
      return messages?.map(({ data }) => String(data)) ?? null;
    },
  };
  store.start({
    deliver(topic, message) {
      started.delivered.push(message);
      started.heard.push([topic, message.number, String(message.data)]);
    },
    moved: (topic, position) => void started.moves.push([topic, position]),
    forgotten: (topic) => void started.forgotten.push(topic),
    error: (error) => void started.errors.push(error),
  });
  return started;
}

export const test = base.extend<{
  /** Starts the history of a server on the Redis, or on a network in front of it. */
  record: (options?: RedisHistoryOptions, port?: number) => StartedHistory;
}>({
  record: async ({ redis }, provide) => {
    const stores: HistoryStore[] = [];
    await provide((options, port = redis.port) => {
      const client = createClient({ url: `redis://127.0.0.1:${port}` });
      const started = observe(redisHistory(client, options));
      stores.push(started.store);
      return started;
    });
    await Promise.all(stores.map((store) => store.stop()));
  },
});

/** Waits until a history has heard these texts of a topic, and no others. */
export const hears = (
  { heard }: StartedHistory,
  topic: string,
  ...texts: string[]
): Promise<number> =>
  until(() => {
    const ofTopic = heard.filter(([name]) => name === topic);
    expect(ofTopic.map(([, , text]) => text)).toEqual(texts);
  });

/** Texts from `text 1` to the last one. */
export const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `text ${from + n}`);
