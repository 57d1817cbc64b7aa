/** Two servers and one outbox. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { requests } from '../../../../src/core.ts';
import { confirmed } from '../../../../src/delivery.ts';
import { redisSessions, Refusal, type SessionStore } from '../../../../src/server.ts';
import type { SessionStoreListener } from '../../../../src/server/sessions/store.ts';
import { seededRandom } from '../../../support/random.ts';
import { connectWith } from '../../../support/recorded-connection.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import {
  SESSION_SCRIPTS,
  type SessionScript,
} from '../../../../src/server/redis/session-scripts.ts';
import { gate } from '../../sessions/fixtures.ts';
import { clientOf, patient, test } from './fixtures.ts';

const connect = connectWith(WebSocket);

test('a client goes on at another server, with its numbers and its failures', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  one.server.on('message', (_client, message) => {
    if (message === 'full') throw new Refusal('the room is full');
  });
  const ada = clientOf(one);
  expect(await ada.resume()).toMatchObject({ known: false });
  ada.send('fine');
  await ada.confirms(1);
  ada.send('full');
  ada.send('fine');
  await vi.waitFor(() => expect(one.handled).toHaveLength(3));
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({
    taken: 3,
    known: true,
    failed: [[2, 'the room is full']],
  });
  there.send('four');
  await there.confirms(4);
  expect(two.handled).toEqual([[ada.outbox, 4, 'four']]);
  expect([one.server.stats().sessions, two.server.stats().sessions]).toEqual([0, 1]);
});

/** Starts the session store of a server, which heeds nothing but replies. */
function startStore(
  url: string,
  replied: SessionStoreListener['replied'] = () => {},
): SessionStore {
  const store = redisSessions(createClient({ url }));
  const ignore = () => {};
  store.start({
    wanted: ignore,
    lost: ignore,
    replied,
    aborted: ignore,
    forgotten: ignore,
    error: ignore,
  });
  onTestFinished(() => store.stop());
  return store;
}

test('where topics have begun, of which the client may not know, and what it was excepted from go to the next server, too (D69, D78)', async ({
  redis,
}) => {
  const [one, two] = [startStore(redis.url), startStore(redis.url)];
  expect(await one.claim('iada', 'iada x', 'epoch')).toBe(null);
  const begun = [['röom', 'epoch', 4]] as const;
  const record = {
    epoch: 'epoch',
    taken: 1,
    failed: [],
    replies: null,
    begun,
    excepted: ['c1', 'c2'],
  };
  await one.save('iada x', record);
  one.release('iada', 'iada x', record);
  expect(await two.claim('iada', 'iada x', 'epoch')).toMatchObject({
    taken: 1,
    begun,
    excepted: ['c1', 'c2'],
  });
});

test('what a client had sent before its outbox was unknown is in doubt at the next server, too, also if nobody has told it (D85) (fault 154)', async ({
  redis,
}) => {
  const [one, two] = [startStore(redis.url), startStore(redis.url)];
  expect(await one.claim('iada', 'iada x', 'first')).toBe(null);
  // As if the server died: nothing is released.
  await one.stop();
  expect(await two.claim('iada', 'iada x', 'second')).toMatchObject({ epoch: 'first', taken: 0 });
});

test('a server that gives up a claim too late keeps what it has claimed since (D83) (fault 135)', async ({
  admin,
}) => {
  const call = (script: SessionScript, ...values: string[]) => {
    const all = ['base:', 'me', 'run', '60000', '60000', 'iada x', ...values];
    return admin.sendCommand(['EVAL', SESSION_SCRIPTS[script], '1', ...all]);
  };
  const owner = () => admin.sendCommand(['HGET', 'base:record:iada x', 'owner']);
  await call('claim', 'me 1', '1', '10', '10', '0', '[]');
  const [, second] = (await call('claim', 'me 2', '1', '10', '10', '0', '[]')) as unknown[];
  for (const old of ['me 1', String(Number(second) - 1)]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await call('free', old);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await owner()).toBe('me');
  }
  await call('free', String(second));
  expect(await owner()).toBe('');
  await call('claim', 'me 3', '1', '10', '10', '0', '[]');
  await call('free', 'me 3');
  expect(await owner()).toBe('');
});

test('two servers never have an outbox at once: the other waits until the running handler has ended (D9)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const { opened, open } = gate();
  one.server.on('message', () => opened);
  const ada = clientOf(one);
  await ada.resume();
  ada.send('one');
  ada.send('two');
  await vi.waitFor(() => expect(one.handled).toHaveLength(1));
  const there = clientOf(two, '/ada', ada);
  await there.open();
  there.begin();
  await there.hears('wait');
  // The older connection has not noticed yet that the client is elsewhere.
  expect(await ada.visitor?.closed).toEqual([4409, 'The session goes on over another connection.']);
  expect(there.words('session')).toEqual([]);
  open();
  expect(await there.answered()).toMatchObject({ taken: 1, known: true });
  for (const frame of there.unconfirmed.values()) there.raw(frame);
  await there.confirms(2);
  expect(one.handled.map(([, number]) => number)).toEqual([1]);
  expect(two.handled.map(([, number]) => number)).toEqual([2]);
});

test('a client that comes back while its outbox is handed over has it in the end (D9)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const { opened, open } = gate();
  one.server.on('message', () => opened);
  const ada = clientOf(one);
  await ada.resume();
  ada.send('one');
  await vi.waitFor(() => expect(one.handled).toHaveLength(1));
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  await there.open();
  there.begin();
  await there.hears('wait');
  await there.cut();
  await ada.open();
  ada.begin();
  await ada.hears('wait');
  open();
  await vi.waitFor(async () => {
    if (!ada.words('session')[0]) await ada.resume();
  }, patient);
  expect(ada.words('session')[0]).toMatchObject({ taken: 1, known: true });
  expect([...one.handled, ...two.handled]).toHaveLength(1);
});

test('nobody learns anything of an outbox that is at another server (D9, D11)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const ada = clientOf(one);
  await ada.resume();
  ada.send('one');
  await ada.confirms(1);
  const mallory = clientOf(two, '/mallory');
  Object.assign(mallory, { outbox: ada.outbox });
  expect(await mallory.resume()).toMatchObject({ taken: 0, known: false });
  ada.send('two');
  await ada.confirms(2);
});

test('a server that closes gives up its outboxes at once, after the running handler (D17)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port, { lease: 60_000 }), await share(redis.port)];
  const { opened, open } = gate();
  one.server.on('message', () => opened);
  const ada = clientOf(one);
  await ada.resume();
  ada.send('one');
  await vi.waitFor(() => expect(one.handled).toHaveLength(1));
  const closed = one.server.close();
  open();
  expect((await ada.visitor?.closed)?.[0]).toBe(1012);
  ada.readConfirmations();
  expect(ada.taken).toBe(1);
  await closed;
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({ taken: 1, known: true });
});

test('requests that run at a handover are running at the other server, and their replies come there (D43)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const gates = [gate(), gate(), gate()];
  const signals: AbortSignal[] = [];
  one.server.on('request', async (_client, message, { signal }) => {
    signals.push(signal);
    await gates[Number(message)]?.opened;
    if (message === '1') throw new Refusal('no');
    return Buffer.from([0, 255, Number(message)]);
  });
  const ada = clientOf(one);
  await ada.resume();
  for (const id of [0, 1, 2]) ada.request(id + 1, String(id));
  await ada.confirms(3);
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({ taken: 3 });
  there.word({ lifeline: 'pending', ids: [1, 2, 3, 4] });
  expect((await there.hearsAll('running', 3)).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect((await there.hears('lost')).id).toBe(4);

  gates[0]?.open();
  expect(await there.hears('reply')).toMatchObject({ id: 1, payload: Buffer.from([0, 255, 0]) });
  gates[1]?.open();
  expect(await there.hears('refusal')).toMatchObject({ id: 2, reason: 'no' });
  there.word({ lifeline: 'abort', id: 3 });
  await vi.waitFor(() =>
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]),
  );
  gates[2]?.open();

  // The replies that were not acknowledged are kept for the next server.
  there.word({ lifeline: 'replied', ids: [1] });
  await there.roundTrip();
  await there.cut();
  const back = clientOf(one, '/ada', there);
  await back.resume();
  back.word({ lifeline: 'pending', ids: [1, 2, 3] });
  expect(await back.hears('refusal')).toMatchObject({ id: 2 });
  expect((await back.hearsAll('lost', 2)).map(({ id }) => id)).toEqual([1, 3]);
  expect(one.server.stats().requests).toBe(3);
});

test('a request that ends while the client is at no server is answered at the next one (D43)', async ({
  redis,
  share,
}) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const { opened, open } = gate();
  one.server.on('request', async () => {
    await opened;
    return 'done';
  });
  const ada = clientOf(one);
  await ada.resume();
  ada.request(1, 'long');
  await ada.confirms(1);
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  await there.resume();
  await there.cut();
  await vi.waitFor(() => expect(two.server.stats().sessions).toBe(0));
  open();
  await delay(50);
  await there.resume();
  there.word({ lifeline: 'pending', ids: [1] });
  expect(await there.hears('reply')).toMatchObject({ id: 1, payload: 'done' });
});

test('a request that ends while its outbox is being released is answered at the next server (D72) (fault 144)', async ({
  redis,
}) => {
  const replies: unknown[] = [];
  const one = startStore(redis.url);
  const two = startStore(redis.url, (_outbox, _id, reply) => void replies.push(reply));
  const record = { epoch: 'epoch', taken: 1, failed: [], replies: null };
  const [outbox, other] = ['iada one', 'iada two'];
  for (const name of [outbox, other]) await one.claim('iada', name, 'epoch');
  // The release waits behind it.
  const saving = one.save(other, record);
  one.release('iada', outbox, record, [7]);
  one.shared?.reply(outbox, 7, { data: 'done' });
  await saving;
  const found = await two.claim('iada', outbox, 'epoch');
  const answer = () => found?.replies?.get(7) ?? replies[0];
  await vi.waitFor(() => expect(answer()).toEqual({ data: 'done' }), patient);
});

test('a miscount at one server is a session that no server knows', async ({ redis, share }) => {
  const [one, two] = [await share(redis.port), await share(redis.port)];
  const ada = clientOf(one);
  await ada.resume();
  ada.send('one');
  await ada.confirms(1);
  ada.word({ lifeline: 'ping', timestamp: 1, sent: 7 });
  expect((await ada.visitor?.closed)?.[0]).toBe(4400);
  expect(await clientOf(two, '/ada', ada).resume()).toMatchObject({ known: false });
});

test('a number outlives the replies, and all ends after its time', async ({
  redis,
  share,
  admin,
}) => {
  const options = { ttl: 150, numberTtl: 1_000 };
  const [one, two] = [await share(redis.port, options), await share(redis.port, options)];
  one.server.on('request', () => 'reply');
  const ada = clientOf(one);
  await ada.resume();
  ada.request(1, 'x');
  await ada.confirms(1);
  await ada.cut();
  await delay(300);
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({ taken: 1, known: true });
  there.word({ lifeline: 'pending', ids: [1] });
  await there.hears('lost');
  await there.cut();
  await delay(1_200);
  expect(await admin.sendCommand(['KEYS', '*record*'])).toEqual([]);
  expect(await there.resume()).toMatchObject({ known: false });
});

test('an outbox with a link does not expire', async ({ redis, share }) => {
  const options = { ttl: 300, numberTtl: 900, lease: 300 };
  const [one, two] = [await share(redis.port, options), await share(redis.port, options)];
  one.server.on('request', () => 'reply');
  const ada = clientOf(one);
  await ada.resume();
  ada.request(1, 'x');
  await ada.confirms(1);
  await delay(1_500);
  await ada.cut();
  const there = clientOf(two, '/ada', ada);
  expect(await there.resume()).toMatchObject({ taken: 1, known: true });
  there.word({ lifeline: 'pending', ids: [1] });
  await there.hears('reply');
});

test('of too many outboxes the oldest without a link is forgotten, which is an event', async ({
  redis,
  share,
}) => {
  const [one, two] = [
    await share(redis.port, { maxPerIdentity: 3 }),
    await share(redis.port, { maxPerIdentity: 3, max: 5 }),
  ];
  const clients = ['a', 'b', 'c', 'd'].map(() => clientOf(one));
  for (const client of clients) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.resume();
    // The first one keeps its link.
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (client !== clients[0]) await client.cut();
    // oxlint-disable-next-line no-await-in-loop -- an order by the clock
    await delay(5);
  }
  await vi.waitFor(() => expect(one.forgotten).toEqual([{ what: 'session', of: 'ada' }]));
  for (const name of ['bob', 'cat', 'dan']) {
    const other = clientOf(two, `/${name}`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await other.resume();
  }
  expect(two.forgotten).toEqual([{ what: 'session', of: 'ada' }]);
  expect(await clientOf(two, '/ada', clients[0]).resume()).toMatchObject({ known: true });
  expect(await clientOf(two, '/ada', clients[1]).resume()).toMatchObject({ known: false });
});

test('a client that changes its server thirty times loses nothing, and nothing comes twice (D9)', async ({
  redis,
  share,
}) => {
  const random = seededRandom(9);
  const handled: string[] = [];
  const runs: string[] = [];
  const servers = [await share(redis.port), await share(redis.port)] as const;
  for (const { server } of servers) {
    server.on('message', async (_client, message) => {
      handled.push(String(message));
      if (random() < 0.3) await delay(random() * 20);
    });
    server.on('request', async (_client, message) => {
      runs.push(String(message));
      await delay(random() * 60);
      return `reply to ${String(message)}`;
    });
  }
  const proxy = await startTcpProxy(Number(new URL(servers[0].url).port));
  onTestFinished(() => proxy.stops());
  const told: unknown[] = [];
  const connection = connect({
    url: `${proxy.url}ada`,
    delivery: confirmed(),
    heartbeat: { interval: 200, timeout: 5_000 },
    reconnect: { minDelay: 5, baseDelay: 5, maxDelay: 50 },
    onUncertain: (messages) => told.push(['uncertain', messages]),
    onFailed: (messages) => told.push(['failed', messages]),
    onError: (error) => told.push(['error', error]),
  });
  const request = connection.extend(requests);
  const replies: Promise<unknown>[] = [];
  for (let n = 0; n < 300; n++) {
    if (n % 10 === 9) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await proxy.leadsTo(Number(new URL(servers[(n + 1) % 20 === 0 ? 0 : 1].url).port));
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await proxy.resets();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await proxy.passes();
    }
    connection.send(`up ${n}`);
    if (n % 4 === 0) replies.push(request(`ask ${n / 4}`).catch((error: unknown) => error));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await delay(10);
  }
  await vi.waitFor(() => expect(connection.outbox).toEqual([]), patient);
  const answers = await Promise.all(replies);
  expect(handled).toEqual(Array.from({ length: 300 }, (_, n) => `up ${n}`));
  expect(runs).toEqual(Array.from({ length: 75 }, (_, n) => `ask ${n}`));
  expect(answers).toEqual(runs.map((ask) => `reply to ${ask}`));
  expect(told).toEqual([]);
});
