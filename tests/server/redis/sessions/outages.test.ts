/** What becomes of sessions while Redis is away. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { seededRandom } from '../../../support/random.ts';
import {
  answered,
  begun,
  clientOf,
  numbers,
  patient,
  type SharedServer,
  test,
} from './fixtures.ts';

test('while Redis does not answer, nothing is confirmed, nothing further begins, clients wait, and a server can close; afterwards all goes on', async ({
  redis,
  admin,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const [ada, cat] = [await begun(one), await begun(two, '/cat')];
  redis.freezes();
  for (const client of [ada, cat]) client.send('two');
  await vi.waitFor(() =>
    expect([numbers(one), numbers(two)]).toEqual([
      [1, 2],
      [1, 2],
    ]),
  );
  const closing = performance.now();
  const closed = two.server.close();
  const [bob, gone] = [clientOf(one, '/bob'), clientOf(one, '/gone')];
  for (const client of [bob, gone]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.open();
    client.begin();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.hears('wait');
  }
  await vi.waitFor(() => expect(one.errors).toHaveLength(1), patient);
  await gone.cut();
  ada.send('three');
  await ada.roundTrip();
  await closed;
  expect(performance.now() - closing).toBeLessThan(7_000);
  expect((await cat.visitor?.closed)?.[0]).toBe(1012);
  for (const client of [ada, cat]) client.readConfirmations();
  expect([ada.taken, cat.taken, ...numbers(one)]).toEqual([1, 1, 1, 2]);
  expect(bob.words('session')).toEqual([]);

  redis.thaws();
  await ada.confirms(3);
  expect(numbers(one)).toEqual([1, 2, 3]);
  await vi.waitFor(() => expect(bob.words('session')).toHaveLength(1), patient);
  await vi.waitFor(() => expect(one.server.stats().sessions).toBe(2), patient);
  const held = async () => {
    const keys = (await admin.sendCommand(['KEYS', '*record:igone*'])) as string[];
    return Promise.all(keys.map((key) => admin.sendCommand(['HGET', key, 'owner'])));
  };
  await vi.waitFor(async () => expect((await held()).filter(Boolean)).toEqual([]), patient);
  expect(one.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Redis cannot be used: .*\. Until it is back, nothing is confirmed/),
  ]);
  expect(two.errors.length).toBeLessThanOrEqual(1);
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
