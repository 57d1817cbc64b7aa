import { createClient, createCluster } from 'redis';
import { describe, expect, test } from 'vitest';
import { createLifelineServer, redisSessions } from '../../../../src/server.ts';

describe('the options of redisSessions()', () => {
  test.for([
    [{ lease: 299 }, /lease must be a whole number from 300/],
    [{ ttl: 0 }, /ttl must be a number/],
    [{ ttl: 1.5 }, /ttl must be a whole number from 1/],
    [{ numberTtl: Infinity }, /numberTtl must be/],
    [{ max: 0 }, /max must be a whole number above zero/],
    [{ maxPerIdentity: 1.5 }, /maxPerIdentity must be/],
    [{ leese: 300 }, /leese is not an option of redisSessions\(\)/],
    [{ prefix: 1 }, /prefix must be a string/],
  ] as const)('%o is refused', ([options, reason]) => {
    expect(() => redisSessions(createClient(), options as never)).toThrow(reason);
  });

  test('what is no client of redis is refused, and a prefix that would spread an outbox', () => {
    expect(() => redisSessions({} as never)).toThrow(/redisSessions\(\) takes a client/);
    expect(() => redisSessions(createCluster({ rootNodes: [] }), { prefix: 'a{}b' })).toThrow(
      /\{\}/,
    );
  });

  test('a store belongs to one server', async () => {
    const sessions = redisSessions(createClient({ url: 'redis://127.0.0.1:1' }), { max: Infinity });
    const server = createLifelineServer({ sessions });
    expect(() => createLifelineServer({ sessions })).toThrow(/redisSessions\(\)/);
    expect(() => sessions.size).not.toThrow();
    await server.close();
  });
});
