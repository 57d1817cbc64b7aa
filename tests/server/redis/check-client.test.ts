import { createSentinel } from 'redis';
import { expect, test } from 'vitest';
import { redisBroadcast, redisHistory, redisPresence } from '../../../src/server.ts';

test('what is not a client of redis is refused with a TypeError that says what to pass', () => {
  for (const [name, make] of Object.entries({ redisPresence, redisBroadcast, redisHistory }))
    for (const value of ['redis://localhost', { url: 'redis://localhost' }, undefined, null])
      expect(() => make(value as never)).toThrow(
        new TypeError(
          `${name}() takes a client of the package redis: pass createClient({ url: 'redis://localhost:6379' }).`,
        ),
      );
});

test('an unknown option of a store or a channel, and a prefix that is no text, is refused', () => {
  const client = { duplicate: () => client } as never;
  for (const [name, make] of Object.entries({ redisPresence, redisBroadcast, redisHistory })) {
    expect(() => make(client, { prefx: 'a' } as object)).toThrow(
      new RegExp(
        `^prefx is not an option of ${name}\\(\\): did you mean prefix\\? The options are `,
      ),
    );
    for (const options of [null, 7, 'a', []])
      expect(() => make(client, options as never)).toThrow(/^The options must be an object, not /);
    for (const prefix of [null, 7, {}])
      expect(() => make(client, { prefix } as never)).toThrow(/^prefix must be a string, not /);
    expect(() => make(client, { prefix: undefined })).not.toThrow();
  }
});

test('a client of Sentinel is refused with a TypeError that says what to pass', () => {
  const sentinel = createSentinel({ name: 'main', sentinelRootNodes: [{ host: 'a', port: 1 }] });
  for (const [name, make] of Object.entries({ redisPresence, redisBroadcast, redisHistory }))
    expect(() => make(sentinel as never)).toThrow(
      new TypeError(
        `${name}() takes no client of createSentinel(): pass createClient() with an address that leads to the master.`,
      ),
    );
});

test('a wrong bound of redisHistory() is refused', () => {
  const client = { duplicate: () => client } as never;
  for (const name of ['perTopic', 'bytesPerTopic', 'topics'])
    for (const value of [0, -1, 1.5, Number.NaN, '7'])
      expect(() => redisHistory(client, { [name]: value })).toThrow(
        `${name} must be a whole number above zero`,
      );
  for (const ttl of [0, 2 ** 31, Infinity])
    expect(() => redisHistory(client, { ttl })).toThrow(/^ttl must be a number of milliseconds/);
  expect(() => redisHistory(client, { perTopic: Infinity, topics: Infinity })).not.toThrow();
});
