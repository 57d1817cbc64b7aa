import { expect, test } from 'vitest';
import { Topics } from '../../../src/server/broadcasts/topics.ts';

test('unsubscribeAll() removes a client from all its topics', () => {
  const topics = new Topics<string>();
  for (let n = 0; n < 1_000; n++) topics.subscribe('ada', `topic ${n}`);
  topics.subscribe('grace', 'topic 7');
  expect(topics.subscribe('ada', 'one more')).toBe(false);
  topics.unsubscribeAll('ada');
  expect([...topics.clientsOf('topic 1')]).toEqual([]);
  expect([...topics.clientsOf('topic 7')]).toEqual(['grace']);
  expect(topics.subscribe('ada', 'one more')).toBe(true);
});
