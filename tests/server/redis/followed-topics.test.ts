/** Which topics a server follows, with a Redis that only answers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FollowedTopics } from '../../../src/server/redis/followed-topics.ts';
import { RedisLink } from '../../../src/server/redis/link.ts';
import { PresenceTopicSync } from '../../../src/server/redis/presence-topic-sync.ts';
import { PresenceTopics } from '../../../src/server/redis/presence-topics.ts';
import { RedisReporter } from '../../../src/server/redis/reporter.ts';
import { createFakeClient } from '../../support/server/fake-redis.ts';

const LINGER = 30_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Followed topics, and what they reported. */
function createFollowed() {
  const followed = new FollowedTopics();
  const told: string[] = [];
  followed.start({
    online: (topic, id) => told.push(`online ${topic} ${id}`),
    offline: (topic, id) => told.push(`offline ${topic} ${id}`),
    known: (topic) => told.push(`known ${topic}`),
  });
  return { followed, told };
}

test('nothing is told of a topic before its list is known, then each change', () => {
  const { followed, told } = createFollowed();
  followed.watch('room', true);
  followed.startList('room');
  followed.apply('room', { online: ['ann'] });
  followed.apply('room', { part: ['bob'] });
  expect(followed.ask('room')).toBeUndefined();
  followed.apply('room', { last: ['cat'] });
  expect(told).toEqual(['known room']);
  expect(followed.ask('room')?.list()).toEqual(['ann', 'bob', 'cat']);
  followed.apply('room', { offline: ['ann'] });
  followed.apply('other room', { online: ['ann'] });
  // The link was lost, and bob left meanwhile.
  followed.startList('room');
  followed.apply('room', { last: ['cat', 'dan'] });
  expect(told.slice(1)).toEqual(['offline room ann', 'offline room bob', 'online room dan']);
});

test('a topic is followed while somebody watches it, and 30 s after the last question', () => {
  const { followed } = createFollowed();
  followed.watch('watched', true);
  followed.ask('watched');
  followed.ask('asked');
  followed.watch('left', true);
  followed.watch('left', false);
  vi.advanceTimersByTime(LINGER - 1);
  expect(followed.takeEnded()).toEqual([]);
  followed.ask('asked');
  vi.advanceTimersByTime(1);
  expect(followed.takeEnded()).toEqual(['left']);
  followed.watch('watched', false);
  followed.watch('watched', true);
  vi.advanceTimersByTime(LINGER);
  expect(followed.takeEnded()).toEqual(['asked']);
  expect([...followed.topics]).toEqual(['watched']);
});

test('a server unsubscribes from a topic that it follows no longer, and subscribes when it is watched again', async () => {
  const { client } = createFakeClient();
  const link = new RedisLink(client, new RedisReporter(() => {}, ''));
  const subscribe = vi.spyOn(link, 'subscribe');
  const unsubscribe = vi.spyOn(link, 'unsubscribe');
  const topics = new PresenceTopics(0, () => {});
  const sync = new PresenceTopicSync(topics, link, 'base:');
  const scripts: (readonly string[])[] = [];
  /** Redis has room for two lists in a script, and stops in the middle of the third. */
  const follow = () =>
    sync.follow(async (script, values = []) => {
      scripts.push([script, ...values]);
      return values.length > 3 ? [2, '"ann"'] : [values.length - 1, ''];
    });
  for (const topic of ['a', 'b', 'c']) topics.watch(topic);
  expect(sync.hasWork).toBe(true);
  await follow();
  expect(subscribe.mock.calls.map(([channel]) => channel)).toEqual([
    'base:topic:"a"',
    'base:topic:"b"',
    'base:topic:"c"',
  ]);
  topics.unwatch('c');
  vi.advanceTimersByTime(LINGER);
  await follow();
  expect(unsubscribe.mock.calls).toEqual([['base:topic:"c"']]);
  expect(sync.hasWork).toBe(false);
  expect(topics.list('c')).toBeNull();
  expect(sync.hasWork).toBe(true);
  await follow();
  expect(subscribe).toHaveBeenCalledTimes(4);
  expect(scripts).toEqual([
    ['publishTopics', '', '"a"', '"b"', '"c"'],
    ['publishTopics', '', '"c"'],
  ]);
  expect(sync.hasWork).toBe(false);
});
