/** What becomes of sessions when Redis loses what it had. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { gate } from '../../sessions/fixtures.ts';
import { answered, begun, clientOf, LEASE, numbers, patient, test } from './fixtures.ts';

test('what an emptied Redis has lost is written again for clients that are connected; of the others, all is uncertain', async ({
  redis,
  admin,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const [ada, bob, away] = [await begun(one), await begun(one, '/bob'), await begun(one, '/away')];
  await away.cut();
  await vi.waitFor(() => expect(one.server.stats().sessions).toBe(2));
  await admin.sendCommand(['FLUSHALL']);
  ada.send('two');
  await ada.confirms(2);
  await ada.cut();
  expect(await answered(clientOf(two, '/ada', ada))).toMatchObject({ taken: 2, known: true });
  // One that says nothing meanwhile is found within a third of the lease.
  await delay(LEASE / 3 + 200);
  await bob.cut();
  expect(await answered(clientOf(two, '/bob', bob))).toMatchObject({ taken: 1, known: true });
  away.send('not sent');
  expect(await answered(clientOf(two, '/away', away))).toMatchObject({ taken: 1, known: false });
  expect([...one.errors, ...two.errors]).toEqual([]);
});

test('a server whose claim an emptied Redis has lost does not take back what another has claimed since (fault 164)', async ({
  redis,
  admin,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const { opened, open } = gate();
  two.server.on('message', () => opened);
  const ada = await begun(one);
  // The first server has claimed it more often than the second will.
  await ada.cut();
  await ada.resume();
  await admin.sendCommand(['FLUSHALL']);
  // Its link to the first server is half-open.
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ known: false });
  there.send('two');
  await vi.waitFor(() => expect(numbers(two)).toEqual([2]), patient);
  await vi.waitFor(() => expect(one.server.stats().sessions).toBe(0), patient);
  open();
  await there.confirms(2);
  expect(one.handled).toHaveLength(1);
});

test('a server whose claim is missing in an older copy of the record, as after a failover there and back, writes it again (fault 164)', async ({
  redis,
  admin,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const { opened, open } = gate();
  two.server.on('message', () => opened);
  const ada = await begun(one);
  const key = `lifeline:sessions:record:iada ${ada.outbox}`;
  const copy = (await admin.sendCommand(['HGETALL', key])) as Record<string, string>;
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ taken: 1, known: true });
  there.send('two');
  await vi.waitFor(() => expect(numbers(two)).toEqual([2]), patient);
  await admin.sendCommand(['DEL', key]);
  await admin.sendCommand(['HSET', key, ...Object.entries(copy).flat()]);
  open();
  await there.confirms(2);
  await there.cut();
  expect(await answered(clientOf(one, '/ada', there))).toMatchObject({ taken: 2, known: true });
});

test('a Redis that is killed and starts again empty has the sessions of connected clients again', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  one.server.on('request', () => 'reply');
  const ada = await begun(one);
  ada.request(1, 'x');
  await ada.hears('reply');
  await ada.confirms(2);
  await redis.dies();
  ada.send('three');
  await vi.waitFor(() => expect(one.errors).toHaveLength(1), patient);
  expect(ada.taken).toBe(2);
  await redis.starts();
  await ada.confirms(3);
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ taken: 3, known: true });
  there.word({ lifeline: 'pending', ids: [1] });
  expect(await there.hears('reply')).toMatchObject({ id: 1, payload: 'reply' });
  expect(two.errors.length).toBeLessThanOrEqual(1);
});

test('a key that Redis has evicted is written again', async ({ redis, admin, share }) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  one.server.on('request', () => 'reply');
  const ada = await begun(one);
  ada.request(1, 'x');
  await ada.hears('reply');
  await ada.confirms(2);
  await admin.sendCommand(['DEL', `lifeline:sessions:record:iada ${ada.outbox}`]);
  await delay(LEASE / 3 + 200);
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ taken: 2, known: true });
  there.word({ lifeline: 'pending', ids: [1] });
  await there.hears('reply');
});

test('a failover that has lost writes takes nothing from connected clients, and tells the others that nobody knows', async ({
  pair,
  share,
}) => {
  const [one, two] = [await share(pair.address.port), await share(pair.address.port)];
  const [ada, away] = [await begun(one), await begun(one, '/away')];
  // The replica has what was said up to now, and gets nothing further.
  await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
  ada.send('two');
  away.send('two');
  await ada.confirms(2);
  await vi.waitFor(() => expect(numbers(one)).toHaveLength(4));
  await delay(50);
  // It has not heard that its second message was taken.
  await away.cut();
  await delay(50);
  await pair.failsOver(pair.second, pair.first);
  await vi.waitFor(() => expect(one.errors).toHaveLength(1), patient);
  ada.send('three');
  await ada.confirms(3);
  await ada.cut();
  expect(await answered(clientOf(two, '/ada', ada))).toMatchObject({ taken: 3, known: true });
  const there = clientOf(two, '/away', away);
  expect(await answered(there)).toMatchObject({ known: false });
  expect(two.errors.length).toBeLessThanOrEqual(1);
});

test('a claim that a failover has lost is not taken for that of another server', async ({
  pair,
  share,
}) => {
  const [one, two] = [await share(pair.address.port), await share(pair.address.port)];
  const ada = await begun(one);
  await ada.cut();
  await vi.waitFor(() => expect(one.server.stats().sessions).toBe(0));
  await delay(50);
  await pair.asks(pair.second, 'REPLICAOF', 'NO', 'ONE');
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({ taken: 1, known: true });
  there.send('two');
  await there.confirms(2);
  await pair.failsOver(pair.second, pair.first);
  await vi.waitFor(() => expect(two.errors).toHaveLength(1), patient);
  there.send('three');
  await there.confirms(3);
  await there.cut();
  expect(await answered(clientOf(one, '/ada', there))).toMatchObject({ taken: 3, known: true });
  expect(one.errors.length).toBeLessThanOrEqual(1);
});

test('scripts that Redis has forgotten are loaded again', async ({ redis, admin, share }) => {
  const one = await share(redis.port);
  const ada = await begun(one);
  await admin.sendCommand(['SCRIPT', 'FLUSH']);
  ada.send('two');
  await ada.confirms(2);
  expect(numbers(one)).toEqual([1, 2]);
  expect(one.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/NOSCRIPT/)]);
});
