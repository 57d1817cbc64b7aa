/** The client and the companion, over links that are cut at random bytes. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type DropReason, type OutFrame, RequestError, requests } from '../../../src/core.ts';
import { confirmed } from '../../../src/delivery.ts';
import { memoryHistory, memorySessions, Refusal } from '../../../src/server.ts';
import { seededRandom } from '../../support/random.ts';
import { connectWith } from '../../support/recorded-connection.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { byPath, test } from '../fixtures.ts';

const connect = connectWith(WebSocket);
const patient = { timeout: 20_000, interval: 20 };
const texts = (count: number, name: string) => Array.from({ length: count }, (_, n) => name + n);

/** A reply, or why there is none. */
const textOf = (answer: unknown) =>
  answer instanceof RequestError ? `${answer.reason}: ${String(answer.cause)}` : answer;

test('messages in both directions and requests arrive once and in order, over forty cuts', async ({
  start,
}) => {
  const [count, cuts] = [400, 40];
  const random = seededRandom(42);
  const { server, url } = await start({
    authenticate: byPath,
    sessions: memorySessions(),
    history: memoryHistory(),
  });
  const handled: string[] = [];
  const runs: string[] = [];
  server.on('connection', (client) => void server.subscribe(client, 'room'));
  server.on('message', async (_client, message) => {
    handled.push(String(message));
    if (random() < 0.2) await delay(random() * 20);
  });
  server.on('request', async (_client, message) => {
    runs.push(String(message));
    await delay(random() * 50);
    if (String(message).endsWith('7')) throw new Refusal('no sevens');
    return `reply to ${String(message)}`;
  });
  const proxy = await startTcpProxy(Number(new URL(url).port));
  onTestFinished(() => proxy.stops());

  const told: (readonly [string, ...unknown[]])[] = [];
  const confirmations: OutFrame[] = [];
  const connection = connect({
    url: `${proxy.url}ada`,
    delivery: confirmed(),
    heartbeat: { interval: 200, timeout: 5_000 },
    onConfirm: (messages) => confirmations.push(...messages),
    onGap: (topics) => told.push(['gap', topics]),
    onUncertain: (messages) => told.push(['uncertain', messages]),
    onFailed: (messages) => told.push(['failed', messages]),
    onDrop: (messages: OutFrame[], reason: DropReason) => told.push(['drop', reason, messages]),
    onError: (error) => told.push(['error', error]),
  });
  const request = connection.extend(requests);
  const replies: Promise<unknown>[] = [];
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'), patient);
  for (let n = 0; n < count; n++) {
    if (n % (count / cuts) === 0) await proxy.cutsAfter(Math.floor(random() * 2_000));
    connection.send(`up ${n}`);
    server.broadcast(`down ${n}`, { topic: 'room' });
    if (n % 4 === 0) replies.push(request(`ask ${n / 4}`).catch((error: unknown) => error));
    await delay(5);
  }
  await proxy.passes();

  await vi.waitFor(() => expect(connection.outbox).toEqual([]), patient);
  const answers = await Promise.all(replies);
  await vi.waitFor(() => expect(connection.messages).toHaveLength(count), patient);
  expect(connection.causes.length).toBeGreaterThan(cuts / 4);
  expect(handled).toEqual(texts(count, 'up '));
  expect(connection.messages).toEqual(texts(count, 'down '));
  expect(confirmations.filter((message) => handled.includes(message as string))).toEqual(handled);
  expect(runs).toEqual(texts(count / 4, 'ask '));
  expect(answers.map(textOf)).toEqual(
    runs.map((ask) => (ask.endsWith('7') ? 'refused: no sevens' : `reply to ${ask}`)),
  );
  expect(told).toEqual([]);
});
