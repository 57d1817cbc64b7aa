import { createClient } from 'redis';
import { expect } from 'vitest';
import { TAGS } from '../../../src/server/redis/cluster.ts';
import { slotOf } from '../../../src/server/redis/slot.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import { test } from './fixtures.ts';

test('the slot of a name is the one that Redis says', async ({ onTestFinished }) => {
  const cluster = await startRedisCluster({ size: 1 });
  onTestFinished(() => cluster.ends());
  const client = await createClient({ url: cluster.rootNodes[0]?.url ?? '' }).connect();
  onTestFinished(() => client.destroy());
  const names = [
    '',
    'a',
    'Zoë 🙂',
    '{a}b',
    'x{a}{b}',
    '{}{a}',
    '{a',
    'a}',
    '}{a}',
    '{{a}}',
    'x{\n}y',
  ];
  for (const name of names)
    expect(await client.sendCommand(['CLUSTER', 'KEYSLOT', name])).toBe(slotOf(name));
});

test('the parts of a cluster are spread evenly over the slots', () => {
  const slots = TAGS.map((tag) => slotOf(`prefix:{${tag}}name`));
  for (const masters of [1, 2, 3, 4, 6, 12]) {
    const owners = slots.map((slot) => Math.floor((slot / 16_384) * masters));
    for (let owner = 0; owner < masters; owner++)
      expect(owners.filter((other) => other === owner)).toHaveLength(TAGS.length / masters);
  }
});
