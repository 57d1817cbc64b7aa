import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect } from 'vitest';
import { createLifelineServer, redisBroadcast } from '../../../src/server.ts';
import { Visitor } from '../../support/server/visitor.ts';
import { byPath } from '../fixtures.ts';
import { allReport, test, until } from './fixtures.ts';

test('a client that leaves for good ends presence on all servers without the grace, but not for its other connections (fault 95)', async ({
  open,
}) => {
  const [one, two] = [open({ grace: 60_000 }), open({ grace: 60_000 })];
  one.store.join('ann', 'a1');
  two.store.join('ann', 'a2');
  await allReport([one, two], 'online ann');
  one.store.leave('ann', 'a1', true);
  await delay(300);
  expect(two.store.isOnline('ann')).toBe(true);
  two.store.leave('ann', 'a2', true);
  await allReport([one, two], 'online ann', 'offline ann');
  two.store.join('ann', 'a3');
  await allReport([one, two], 'online ann', 'offline ann', 'online ann');
  two.store.leave('ann', 'a3', false);
  await delay(500);
  expect(one.store.isOnline('ann')).toBe(true);
});

test('disconnect() closes the clients of an identity at all servers that share the channel (fault 95)', async ({
  redis,
}) => {
  const ports: number[] = [];
  const servers = [1, 2].map(() => {
    const server = createLifelineServer({
      port: 0,
      host: '127.0.0.1',
      origins: [null],
      authenticate: byPath,
      broadcasts: redisBroadcast(createClient({ url: redis.url })),
    });
    server.on('listening', (port) => ports.push(port));
    // Broadcasts before the link to Redis is open.
    server.on('error', () => {});
    return server;
  });
  await until(() => expect(ports).toHaveLength(2));
  const visit = (name: string) =>
    ports.map((port) => new Visitor(`ws://127.0.0.1:${port}/${name}`));
  const [ada, grace] = [visit('ada'), visit('grace')];
  for (const { status } of [...ada, ...grace]) expect(await status).toBe(101);
  // Until both have subscribed.
  await until(() => {
    servers[0]?.broadcast('ready');
    expect(grace[1]?.received).toContain('ready');
  });
  servers[0]?.disconnect('ada', 4403, 'blocked');
  for (const { closed } of ada) expect(await closed).toEqual([4403, 'blocked']);
  for (const visitor of grace) await visitor.roundTrip();
  await Promise.all(servers.map((server) => server.close()));
});
