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

test('the first subscriber of a topic and the loss of its last one are told once', () => {
  const topics = new Topics<string>();
  const told: string[] = [];
  topics.onUse({
    used: (topic) => told.push(`used ${topic}`),
    unused: (topic) => told.push(`unused ${topic}`),
  });
  for (const client of ['ada', 'grace', 'ada']) topics.subscribe(client, 'news');
  topics.unsubscribe('ada', 'news');
  topics.unsubscribe('ada', 'news');
  expect(told).toEqual(['used news']);
  topics.unsubscribeAll('grace');
  topics.subscribe('ada', 'news');
  expect(told).toEqual(['used news', 'unused news', 'used news']);
});
