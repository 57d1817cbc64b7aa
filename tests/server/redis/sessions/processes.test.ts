/** Servers that are killed, or stand still. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { requests } from '../../../../src/core.ts';
import { confirmed } from '../../../../src/delivery.ts';
import { RESTORE_PERIOD } from '../../../../src/server/redis/timing.ts';
import { connectWith } from '../../../support/recorded-connection.ts';
import { clientOf, LEASE, patient, test } from './fixtures.ts';

const connect = connectWith(WebSocket);
const texts = (count: number) => Array.from({ length: count }, (_, n) => `message ${n}`);

/** What the handlers of a process began, in order. */
const begun = ({ printed }: { readonly printed: readonly string[] }) =>
  printed.filter((line) => line.startsWith('begun ')).map((line) => line.slice('begun '.length));

test('after a server is killed, the next one goes on when its lease has run out: only the message that was at work comes again, with its number (D10)', async ({
  processes: [one, two],
}) => {
  const ada = clientOf(one);
  await ada.resume();
  ada.send('first');
  await ada.confirms(1);
  ada.send('slow 10000');
  ada.send('behind');
  await vi.waitFor(() => expect(begun(one)).toEqual(['1 first', '2 slow 10000']), patient);
  const killed = performance.now();
  await one.kills();
  const there = clientOf(two, '/ada', ada);
  await there.open();
  there.begin();
  await there.hears('wait');
  await vi.waitFor(() => expect(there.words('session')).toHaveLength(1), patient);
  expect(performance.now() - killed).toBeGreaterThan(LEASE / 2);
  // The other server has connected just now, so that it waits for those that may come back to Redis, too.
  expect(performance.now() - killed).toBeLessThan(LEASE + RESTORE_PERIOD + 1_000);
  expect(await there.answered()).toMatchObject({ taken: 1, known: true });
  there.raw('slow 10');
  there.raw('behind');
  await there.confirms(3);
  expect(begun(two)).toEqual(['2 slow 10', '3 behind']);
});

test('a request that was at work at a killed server is lost, also if it was handed over before, and no other one (D10, D44)', async ({
  processes: [one, two],
}) => {
  const [ada, bob] = [clientOf(one), clientOf(one, '/bob')];
  for (const client of [ada, bob]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.resume();
    client.request(1, 'short');
    client.request(2, 'slow 10000');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.hears('reply');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.confirms(2);
  }
  const handedOver = clientOf(two, '/bob', bob);
  await handedOver.resume();
  handedOver.word({ lifeline: 'pending', ids: [2] });
  await handedOver.hears('running');
  await one.kills();
  const there = clientOf(two, '/ada', ada);
  await there.open();
  there.begin();
  await vi.waitFor(() => expect(there.words('session')).toHaveLength(1), patient);
  there.word({ lifeline: 'pending', ids: [1, 2] });
  expect(await there.hears('reply')).toMatchObject({ id: 1 });
  expect(await there.hears('lost')).toMatchObject({ id: 2 });
  expect(await handedOver.hears('lost')).toMatchObject({ id: 2 });
});

test('a server that stood still for longer than its lease confirms nothing, and begins nothing, that another has taken since', async ({
  admin,
  processes: [one, two],
}) => {
  const ada = clientOf(one);
  await ada.resume();
  ada.send('first');
  await ada.confirms(1);
  ada.send('slow 300');
  await vi.waitFor(() => expect(begun(one)).toHaveLength(2), patient);
  one.freezes();
  // They wait in its socket.
  ada.send('third');
  ada.send('fourth');
  const there = clientOf(two, '/ada', ada);
  await there.open();
  there.begin();
  await vi.waitFor(() => expect(there.words('session')).toHaveLength(1), patient);
  expect(await there.answered()).toMatchObject({ taken: 1, known: true });
  for (const frame of there.unconfirmed.values()) there.raw(frame);
  await there.confirms(4);
  const confirmations = ada.words('taken').length;
  one.thaws();
  await vi.waitFor(() => expect(one.printed).toContain('ended 2 slow 300'), patient);
  expect((await ada.visitor?.closed)?.[0]).toBe(4409);
  expect(ada.words('taken')).toHaveLength(confirmations);
  await delay(100);
  // It has written nothing over what the other one has.
  const key = `lifeline:sessions:record:iada ${ada.outbox}`;
  expect(await admin.sendCommand(['HGET', key, 'taken'])).toBe('4');
  expect(begun(one)).toEqual(['1 first', '2 slow 300']);
  expect(begun(two)).toEqual(['2 slow 300', '3 third', '4 fourth']);
  there.send('fifth');
  await there.confirms(5);
  expect([...one.printed, ...two.printed].filter((line) => line.startsWith('error'))).toEqual([]);
});

test('a server that stood still, and whose outboxes nobody wanted, goes on with them', async ({
  processes: [one],
}) => {
  const ada = clientOf(one);
  await ada.resume();
  ada.send('first');
  await ada.confirms(1);
  one.freezes();
  ada.send('second');
  await delay(LEASE + 300);
  one.thaws();
  await ada.confirms(2);
  expect(begun(one)).toEqual(['1 first', '2 second']);
});

test('while servers are killed one after the other, a client loses nothing, and only what was at work comes again (D10)', async ({
  processes: [one, two],
}) => {
  const told: unknown[] = [];
  let attempts = 0;
  const connection = connect({
    url: () => `${[one, two][attempts++ % 2]?.url}/ada`,
    scope: 'ada',
    delivery: confirmed(),
    reconnect: { minDelay: 50, baseDelay: 50, maxDelay: 200 },
    onUncertain: (messages) => told.push(['uncertain', messages]),
    onFailed: (messages) => told.push(['failed', messages]),
    onError: (error) => told.push(['error', error]),
  });
  const request = connection.extend(requests);
  const asked: Promise<unknown>[] = [];
  for (const [n, text] of texts(60).entries()) {
    connection.send(text);
    if (n % 6 === 0) asked.push(request(`slow 20 ${n}`).catch((error: unknown) => error));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await delay(15);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (n === 30) await one.kills();
  }
  await vi.waitFor(() => expect(connection.outbox).toEqual([]), patient);
  const ran = [...begun(one), ...begun(two)].map((line) => line.slice(line.indexOf(' ') + 1));
  expect([...new Set(ran)]).toEqual(texts(60));
  // With the same number.
  expect(new Set([...begun(one), ...begun(two)]).size).toBe(60);
  expect(ran.length).toBeLessThanOrEqual(62);
  expect(told).toEqual([]);
  const answers = await Promise.all(asked);
  const lost = answers.filter((answer) => answer instanceof Error);
  expect(lost.length).toBeLessThanOrEqual(2);
  expect(answers).toHaveLength(10);
});
