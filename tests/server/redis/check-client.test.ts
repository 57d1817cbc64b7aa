import { expect, test } from 'vitest';
import { redisBroadcast, redisPresence } from '../../../src/server.ts';

test('what is not a client of redis is refused with a TypeError that says what to pass', () => {
  for (const [name, make] of Object.entries({ redisPresence, redisBroadcast }))
    for (const value of ['redis://localhost', { url: 'redis://localhost' }, undefined, null])
      expect(() => make(value as never)).toThrow(
        new TypeError(
          `${name}() takes a client of the package redis: pass createClient({ url: 'redis://localhost:6379' }).`,
        ),
      );
});
