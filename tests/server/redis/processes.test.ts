import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { SHORT, test, until } from './fixtures.ts';

test('a broadcast reaches the clients of two server processes, and both know who is online', async ({
  servers: [one, two],
  visit,
}) => {
  const ann = await visit('ann', one.url);
  const bob = await visit('bob', one.url);
  const cat = await visit('cat', two.url);
  for (const { printed } of [one, two])
    await until(() =>
      expect(printed.toSorted()).toEqual(['online ann', 'online bob', 'online cat']),
    );

  ann.connection.send('hello');
  await until(() => expect([bob.received, cat.received]).toEqual([['hello'], ['hello']]));
  cat.connection.send(Uint8Array.of(1, 2, 3));
  await until(() => expect(ann.received).toEqual([Uint8Array.of(1, 2, 3).buffer]));
  expect(cat.received).toHaveLength(1);

  ann.connection.close();
  for (const { printed } of [one, two])
    await until(() => expect(printed.at(-1)).toBe('offline ann'));
  expect(await two.ends()).toBe(0);
});

test('after a server is killed, clients that reconnect to the other stay online, and the rest go offline after its lease', async ({
  servers: [one, two],
  visit,
}) => {
  const names = ['stays 1', 'stays 2', 'leaves 1', 'leaves 2'].map(encodeURIComponent);
  const [first] = await Promise.all(
    names.map((name) => visit(name, one.url, name.startsWith('stays') ? two.url : one.url)),
  );
  const other = await visit('other', two.url);
  await until(() => expect(two.printed).toHaveLength(5));

  const killed = performance.now();
  await one.kills();
  const gone = () => two.printed.filter((line) => line.startsWith('offline')).toSorted();
  await until(() => expect(gone()).toEqual(['offline leaves%201', 'offline leaves%202']));
  expect(performance.now() - killed).toBeLessThan(SHORT.lease + SHORT.grace + 1_000);

  other.connection.send('are you there?');
  await until(() => expect(first?.received).toEqual(['are you there?']));
  await until(() => expect(two.printed).toHaveLength(7));
});

test('who was in a topic at a server that is killed has left it after its lease, and who reconnects to the other stays', async ({
  servers: [one, two],
  visit,
}) => {
  await Promise.all([
    visit('stays', one.url, two.url),
    visit('leaves', one.url),
    visit('other', two.url),
  ]);
  for (const { rooms } of [one, two])
    await until(() => expect(rooms.at(-1)).toBe('leaves other stays'));
  const from = two.rooms.length;
  const killed = performance.now();
  await one.kills();
  await until(() => expect(two.rooms.at(-1)).toBe('other stays'));
  expect(performance.now() - killed).toBeGreaterThan(SHORT.lease / 2);
  expect(performance.now() - killed).toBeLessThan(SHORT.lease + SHORT.grace + 1_000);
  await delay(500);
  expect(two.rooms.slice(from)).toEqual(['other stays']);
});

test('who was in a topic at a server that stood still for longer than its lease is in it again afterwards', async ({
  servers: [one, two],
  visit,
}) => {
  await Promise.all([visit('ann', one.url), visit('bob', two.url)]);
  for (const { rooms } of [one, two]) await until(() => expect(rooms.at(-1)).toBe('ann bob'));
  one.freezes();
  await until(() => expect(two.rooms.at(-1)).toBe('bob'));
  await delay(300);
  const from = one.rooms.length;
  one.thaws();
  await until(() => expect(two.rooms.at(-1)).toBe('ann bob'));
  await delay(500);
  expect(two.rooms.at(-1)).toBe('ann bob');
  expect(one.rooms.slice(from).filter((ids) => !ids.includes('bob'))).toEqual([]);
});
