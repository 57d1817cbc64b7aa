/** What becomes of sessions when Redis is away, or loses what it had. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { seededRandom } from '../../../support/random.ts';
import type { SessionClient } from '../../../support/server/session-client.ts';
import { clientOf, LEASE, type SharedServer, test } from './fixtures.ts';

const patient = { timeout: 15_000, interval: 10 };
const numbers = ({ handled }: SharedServer) => handled.map(([, number]) => number);

/** A client whose first message is confirmed. */
async function begun(server: SharedServer, path?: string): Promise<SessionClient> {
  const client = clientOf(server, path);
  await client.resume();
  client.send('one');
  await client.confirms(1);
  return client;
}

/** Begins the session at a server, and waits for the answer for as long as it takes. */
async function answered(client: SessionClient): Promise<unknown> {
  await client.open();
  client.begin();
  await vi.waitFor(() => expect(client.words('session')).toHaveLength(1), patient);
  return client.answered();
}

test('while Redis does not answer, nothing is confirmed, nothing further begins, and afterwards all goes on', async ({
  redis,
  share,
}) => {
  const one = await share(redis.port);
  const ada = await begun(one);
  redis.freezes();
  ada.send('two');
  await vi.waitFor(() => expect(numbers(one)).toEqual([1, 2]));
  await vi.waitFor(() => expect(one.errors).toHaveLength(1), patient);
  ada.send('three');
  await ada.roundTrip();
  await delay(300);
  expect([ada.taken, ...numbers(one)]).toEqual([1, 1, 2]);
  redis.thaws();
  await ada.confirms(3);
  expect(numbers(one)).toEqual([1, 2, 3]);
  expect(one.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Redis cannot be used: .*\. Until it is back, nothing is confirmed/),
  ]);
});

test('a Redis that pauses its clients for a while delays confirmations, and loses nothing', async ({
  redis,
  admin,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const ada = await begun(one);
  await admin.sendCommand(['CLIENT', 'PAUSE', '2500', 'ALL']);
  ada.send('two');
  await vi.waitFor(() => expect(numbers(one)).toEqual([1, 2]));
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ taken: 2, known: true });
  expect(numbers(two)).toEqual([]);
  expect([...one.errors, ...two.errors].length).toBeLessThanOrEqual(2);
});

test('links to Redis that are cut at random bytes: what Redis has and did not answer is not taken twice (D40)', async ({
  redis,
  proxy,
  share,
}) => {
  const random = seededRandom(40);
  const servers = [await share(proxy.port), await share(redis.port)] as const;
  let ada = await begun(servers[0]);
  for (let n = 2; n <= 9; n++) {
    const at = servers[n % 2] as SharedServer;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await proxy.cutsAfter(Math.floor(random() * 9_000));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ada.cut();
    ada = clientOf(at, '/ada', ada);
    const answer = answered(ada);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await delay(random() * 100);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await proxy.passes();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await answer).toMatchObject({ taken: n - 1, known: true });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await proxy.cutsAfter(Math.floor(random() * 5_000));
    ada.send(`message ${n}`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await delay(random() * 100);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await proxy.passes();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ada.confirms(n);
  }
  expect([numbers(servers[0]), numbers(servers[1])]).toEqual([
    [1, 2, 4, 6, 8],
    [3, 5, 7, 9],
  ]);
  expect(servers[0].errors.length).toBeGreaterThan(0);
});

test('a client that begins while Redis is away waits, and one that has gone leaves nothing behind', async ({
  redis,
  admin,
  share,
}) => {
  const one = await share(redis.port);
  await begun(one);
  redis.freezes();
  const [bob, gone] = [clientOf(one, '/bob'), clientOf(one, '/gone')];
  for (const client of [bob, gone]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.open();
    client.begin();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.hears('wait');
  }
  await gone.cut();
  await delay(LEASE);
  expect(bob.words('session')).toEqual([]);
  redis.thaws();
  await vi.waitFor(() => expect(bob.words('session')).toHaveLength(1), patient);
  await vi.waitFor(() => expect(one.server.stats().sessions).toBe(2), patient);
  expect(one.errors.length).toBeLessThanOrEqual(1);
  const held = async () => {
    const keys = (await admin.sendCommand(['KEYS', '*record:igone*'])) as string[];
    return Promise.all(keys.map((key) => admin.sendCommand(['HGET', key, 'owner'])));
  };
  await vi.waitFor(async () => expect((await held()).filter(Boolean)).toEqual([]), patient);
});

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

test('a server that cannot reach Redis any more keeps its clients, and loses them to the servers that can', async ({
  redis,
  proxy,
  share,
}) => {
  const [one, two] = [await share(proxy.port), await share(redis.port)];
  const ada = await begun(one);
  await proxy.stalls();
  await proxy.neverAnswers();
  ada.send('two');
  await vi.waitFor(() => expect(numbers(one)).toEqual([1, 2]));
  const there = clientOf(two, '/ada', ada);
  expect(await answered(there)).toMatchObject({ taken: 1, known: true });
  for (const frame of there.unconfirmed.values()) there.raw(frame);
  await there.confirms(2);
  ada.send('three');
  await ada.roundTrip();
  expect(ada.taken).toBe(1);
  await proxy.passes();
  expect((await ada.visitor?.closed)?.[0]).toBe(4409);
  expect(ada.words('taken').at(-1)).toEqual({ lifeline: 'taken', number: 1 });
  expect([numbers(one), numbers(two)]).toEqual([[1, 2], [2]]);
  expect(one.errors).toHaveLength(1);
});

test('a server whose Redis is away closes nevertheless', async ({ redis, share }) => {
  const one = await share(redis.port);
  const ada = await begun(one);
  redis.freezes();
  ada.send('two');
  await vi.waitFor(() => expect(numbers(one)).toEqual([1, 2]));
  const from = performance.now();
  await one.server.close();
  expect(performance.now() - from).toBeLessThan(7_000);
  expect((await ada.visitor?.closed)?.[0]).toBe(1012);
  ada.readConfirmations();
  expect(ada.taken).toBe(1);
  redis.thaws();
  expect(one.errors.length).toBeLessThanOrEqual(1);
});
