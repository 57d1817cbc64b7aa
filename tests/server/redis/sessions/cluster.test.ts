/** Sessions in a Redis cluster. */
import { createCluster } from 'redis';
import { expect, onTestFinished } from 'vitest';
import { redisSessions } from '../../../../src/server.ts';
import { TAGS } from '../../../../src/server/redis/cluster.ts';
import { startRedisCluster } from '../../../support/redis-cluster.ts';
import { byPath } from '../../fixtures.ts';
import { test } from '../../sessions/fixtures.ts';
import { answered, clientOf, LEASE } from './fixtures.ts';

test(
  'sessions are spread over a cluster, change their server, and go on when their slot moves',
  { timeout: 90_000 },
  async ({ start }) => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.ends());
    const [one, two] = await Promise.all(
      [1, 2].map(() =>
        start({
          sessions: redisSessions(createCluster({ rootNodes: cluster.rootNodes }), {
            lease: LEASE,
          }),
          authenticate: byPath,
        }),
      ),
    );
    if (!one || !two) throw new Error('There are no servers.');
    one.server.on('request', () => 'reply');
    const clients = Array.from({ length: 24 }, (_, n) => clientOf(one, `/user {${n}}`));
    await Promise.all(
      clients.map(async (client) => {
        await client.resume();
        client.send('one');
        client.request(1, 'x');
        await client.confirms(2);
      }),
    );
    const sizes = await Promise.all(
      cluster.masters.map(async (master) => Number(await cluster.asks(master, 'DBSIZE'))),
    );
    for (const size of sizes) expect(size).toBeGreaterThan(4);

    for (const tag of TAGS.slice(0, 2)) {
      const name = `lifeline:{${tag}}sessions:all`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const from = await cluster.masterOf(name);
      const [to] = cluster.masters.filter((master) => master !== from);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (to) await cluster.moves(name, to);
    }
    await Promise.all(
      clients.map(async (client) => {
        client.send('three');
        await client.confirms(3);
      }),
    );
    await Promise.all(
      clients.map(async (client, n) => {
        const there = clientOf(two, `/user {${n}}`, client);
        expect(await answered(there)).toMatchObject({ taken: 3, known: true });
        there.word({ lifeline: 'pending', ids: [1] });
        expect(await there.hears('reply')).toMatchObject({ payload: 'reply' });
      }),
    );
    expect(two.server.stats().sessions).toBe(24);
    for (const { errors } of [one, two])
      for (const { message } of errors) expect(message).toMatch(/^Redis cannot be used/);
  },
);
