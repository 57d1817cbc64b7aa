/** The history is in a cluster: topics are spread over all masters, and slots move. */
import { createCluster } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { redisHistory } from '../../../../src/server.ts';
import { TAGS } from '../../../../src/server/redis/cluster.ts';
import { crc16 } from '../../../../src/server/redis/slot.ts';
import { startRedisCluster } from '../../../support/redis-cluster.ts';
import { until } from '../fixtures.ts';
import { hears, observe } from './fixtures.ts';

/** Enough to be in every part. */
const TOPICS: readonly string[] = Array.from({ length: 60 }, (_, n) => `ttopic ${n} {x}`);

test(
  'topics are on all masters, in one order for all servers; a slot that moves is a gap at most, and nothing comes twice',
  { timeout: 60_000 },
  async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.ends());
    const start = () => observe(redisHistory(createCluster({ rootNodes: cluster.rootNodes })));
    const servers = [start(), start()] as const;
    onTestFinished(async () => {
      await Promise.all(servers.map(({ store }) => store.stop()));
    });
    for (const { store } of servers)
      await Promise.all(TOPICS.map(async (topic) => store.follow(topic)));
    const [one, two] = servers;
    for (const text of ['1', '2', '3'])
      await Promise.all(
        TOPICS.flatMap((topic) => servers.map(({ say }, n) => say(topic, `${text} of ${n}`))),
      );
    for (const { heard } of servers) await until(() => expect(heard).toHaveLength(360));
    for (const topic of TOPICS) {
      const [heard = []] = servers.map((server) => server.heard.filter(([of]) => of === topic));
      await hears(two, topic, ...heard.map(([, , text]) => text));
      expect(heard.map(([, number]) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    }
    for (const master of cluster.masters) {
      const keys = (await cluster.asks(master, 'KEYS', '*said:*')) as string[];
      expect(keys.length).toBeGreaterThan(9);
    }

    const [topic = ''] = TOPICS;
    const slot = `lifeline:{${TAGS[crc16(topic) % TAGS.length]}}history:born`;
    const owner = await cluster.masterOf(slot);
    const other = cluster.masters.find((master) => master !== owner);
    if (!other) throw new Error('There is one master only.');
    const said: Promise<void>[] = [];
    for (let n = 0; n < 10; n++) said.push(one.say(topic, `before ${n}`));
    await cluster.moves(slot, other);
    for (let n = 0; n < 10; n++) said.push(two.say(topic, `behind ${n}`));
    await Promise.allSettled(said);
    await until(() => expect(one.moves.map(([of]) => of)).toContain(topic));
    await one.say(topic, 'last');
    for (const { heard } of servers) {
      const ofTopic = () => heard.filter(([of]) => of === topic).map(([, , text]) => text);
      await until(() => expect(ofTopic().at(-1)).toBe('last'));
      expect(new Set(ofTopic()).size).toBe(ofTopic().length);
    }
  },
);
