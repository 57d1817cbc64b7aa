/** The client and the companion, over links that are cut at random bytes. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection, requests } from '../../../src/core.ts';
import { confirmed, outboxStore } from '../../../src/delivery.ts';
import { lifeline } from '../../../src/presence.ts';
import { memoryHistory, memorySessions, Refusal } from '../../../src/server.ts';
import { seededRandom } from '../../support/random.ts';
import { connectWith } from '../../support/recorded-connection.ts';
import { nothingLost, talkOverCuts } from '../../support/talk-over-cuts.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { SimulatedStore } from '../../core/delivery/simulated-store.ts';
import { byPath, test } from '../fixtures.ts';

const connect = connectWith(WebSocket);

test('messages in both directions and requests arrive once and in order, over forty cuts', async ({
  start,
}) => {
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

  const talk = await talkOverCuts({
    port: Number(new URL(url).port),
    publish: (text) => server.broadcast(text, { topic: 'room' }),
    random,
  });
  expect({ handled, runs, ...talk }).toEqual(nothingLost);
});

test('a client that comes back to a server, after it was at another one, has nothing handled twice (fault 159)', async ({
  start,
}) => {
  const handled: string[] = [];
  const [first = 0, second = 0] = await Promise.all(
    ['first', 'second'].map(async (name) => {
      const { server, url } = await start({ authenticate: byPath, sessions: memorySessions() });
      server.on('message', (_client, message) => {
        handled.push(`${name} ${String(message)}`);
        // What confirms it does not get through.
        if (message === 'two') void proxy.stalls();
      });
      return Number(new URL(url).port);
    }),
  );
  const proxy = await startTcpProxy(first);
  onTestFinished(() => proxy.stops());
  const told: string[] = [];
  const connection = connect({
    url: `${proxy.url}ada`,
    heartbeat: lifeline(),
    delivery: confirmed(),
    onConfirm: (messages) => told.push(`confirm ${messages.join()}`),
    onUncertain: (messages) => told.push(`uncertain ${messages.join()}`),
  });
  const goTo = async (port: number) => {
    const links = connection.statuses.filter((status) => status === 'open').length;
    await proxy.leadsTo(port);
    await proxy.resets();
    await proxy.passes();
    await vi.waitFor(() =>
      expect(connection.statuses.filter((status) => status === 'open')).toHaveLength(links + 1),
    );
  };
  connection.send('one');
  await vi.waitFor(() => expect(told).toEqual(['confirm one']));
  await goTo(second);
  connection.send('two');
  await vi.waitFor(() => expect(handled).toEqual(['first one', 'second two']));
  await goTo(first);
  await vi.waitFor(() => expect(connection.outbox).toEqual([]));
  expect(handled).toEqual(['first one', 'second two']);
  expect(told).toEqual(['confirm one', 'uncertain two']);
});

test('a thousand requests at once: the server forgets no reply that has not come (fault 162)', async ({
  start,
}) => {
  const { server, url } = await start({ authenticate: byPath, sessions: memorySessions() });
  const forgotten: unknown[] = [];
  server.on('forgotten', (what) => void forgotten.push(what));
  server.on('request', (_client, message) => `reply to ${String(message)}`);
  const connection = connect({ url: `${url}/ada`, heartbeat: lifeline(), delivery: confirmed() });
  const request = connection.extend(requests);
  const replies = await Promise.all(Array.from({ length: 1_000 }, (_, n) => request(`${n}`)));
  expect(new Set(replies).size).toBe(1_000);
  expect(forgotten).toEqual([]);
});

test('a message that the server has no handler for has failed, and is not confirmed (fault 163)', async ({
  start,
}) => {
  const { server, url } = await start({ authenticate: byPath, sessions: memorySessions() });
  const told: string[] = [];
  const connection = connect({
    url: `${url}/ada`,
    heartbeat: lifeline(),
    delivery: confirmed(),
    onConfirm: (messages) => told.push(`confirm ${messages.join()}`),
    onFailed: (_, reason) => told.push(`failed: ${reason}`),
  });
  connection.send('one');
  await vi.waitFor(() => expect(told).toEqual(['failed: The server handles no messages.']));
  server.on('message', () => {});
  connection.send('two');
  await vi.waitFor(() => expect(told.at(-1)).toBe('confirm two'));
});

test('without the option delivery, requests work over one link, and the server is told of those given up', async ({
  start,
}) => {
  const { server, url } = await start({ authenticate: byPath });
  const aborted: unknown[] = [];
  server.on('request', async (_client, message, { signal }) => {
    if (message === 'refuse') throw new Refusal('no');
    if (message !== 'wait') return `reply to ${String(message)}\nin two lines`;
    signal.addEventListener('abort', () => aborted.push(message));
    return new Promise<string>(() => {});
  });
  const connection = connect({ url: `${url}/ada`, heartbeat: lifeline() });
  const request = connection.extend(requests);
  expect(await request('one')).toBe('reply to one\nin two lines');
  await expect(request('refuse')).rejects.toMatchObject({ reason: 'refused', cause: 'no' });
  await expect(request('wait', { timeout: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.waitFor(() => expect(aborted).toEqual(['wait']));
  expect(connection.messages).toEqual([]);
});

test('who takes up a stored outbox asks under ids of its own, and gets no reply to an older request (D71) (fault 142)', async ({
  start,
}) => {
  const { server, url } = await start({ authenticate: byPath, sessions: memorySessions() });
  let replyFirst = (_reply: string) => {};
  server.on('request', async (_client, message) =>
    message === 'one' ? new Promise<string>((resolve) => (replyFirst = resolve)) : 'second',
  );
  const store = new SimulatedStore();
  const options = {
    url: `${url}/ada`,
    scope: 'ada',
    linger: 0,
    heartbeat: lifeline(),
    delivery: confirmed({ store: outboxStore(store) }),
  };
  const first = createConnection({ ...options, WebSocket });
  const release = first.retain();
  const lost = first.extend(requests)('one');
  await vi.waitFor(() => expect(server.stats().requests).toBe(1));
  release();
  await expect(lost).rejects.toMatchObject({ reason: 'closed' });

  const second = connect(options);
  const request = second.extend(requests);
  await expect(request('two')).resolves.toBe('second');
  replyFirst('first');
  await expect(request('three')).resolves.toBe('second');
  expect(store.outboxes.size).toBe(1);
  expect(second.causes).toEqual([]);
});

test('a server that takes frames as large as its window lets small messages follow each other at once (fault 169)', async ({
  start,
}) => {
  const { url } = await start({
    authenticate: byPath,
    sessions: memorySessions(),
    maxPayload: 1_048_576,
  });
  const connection = connect({ url: `${url}/ada`, delivery: confirmed() });
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'));
  expect(['one', 'two', 'three'].map((message) => connection.send(message))).toEqual([
    'sent',
    'sent',
    'sent',
  ]);
});
