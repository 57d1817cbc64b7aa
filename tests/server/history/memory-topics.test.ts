import { expect, vi } from 'vitest';
import { memoryHistory, memorySessions, type ServerOptions } from '../../../src/server.ts';
import { BroadcastHub } from '../../support/server/broadcast-hub.ts';
import { test } from '../sessions/fixtures.ts';
import { heardIn, positionIn, standsIn } from './fixtures.ts';

const withHistory = (options: Parameters<typeof memoryHistory>[0] = {}): ServerOptions => ({
  history: memoryHistory(options),
});

test('what is older than the ttl is a gap', async ({ startSessions }) => {
  const { server, client } = await startSessions(withHistory({ ttl: 1_000 }));
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  await ada.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('1', { topic: 'room' });
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 1_001);
  await ada.open();
  ada.begin([position]);
  await vi.waitFor(() => expect(standsIn(ada, 'room')).toMatchObject([{ lifeline: 'gap' }]));
  clock.mockRestore();
});

test('after a restart, a topic has another epoch: a gap (D29)', async ({ startSessions }) => {
  const before = await startSessions(withHistory());
  before.server.on('connection', (one) => void before.server.subscribe(one, 'room'));
  const ada = before.client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  const { server, client } = await startSessions(withHistory());
  server.on('connection', (one) => void server.subscribe(one, 'room'));
  const again = client('/ada', ada.outbox);
  await again.resume([position]);
  await again.hears('gap');
  expect(standsIn(again, 'room')).toMatchObject([{ lifeline: 'gap', number: 0 }]);
  expect(standsIn(again, 'room')[0]?.epoch).not.toBe(position[1]);
});

test('while somebody is subscribed, a topic that was forgotten goes on with its numbers (D55)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions(withHistory({ topics: 2 }));
  const forgotten: unknown[] = [];
  server.on('forgotten', (what) => forgotten.push(what));
  server.on('connection', (one) => {
    for (const topic of ['room', 'two', 'three', 'four']) server.subscribe(one, topic);
  });
  const [ada, grace] = [client(), client('/grace')];
  await ada.resume();
  await grace.resume();
  server.broadcast('1', { topic: 'room' });
  await ada.hears('topic');
  const before = await positionIn(grace, 'room');
  expect(before[2]).toBe(1);
  await grace.cut();
  for (const topic of ['two', 'three', 'four']) server.broadcast('filler', { topic });
  expect(forgotten).toContainEqual({ what: 'history', of: 'room' });
  server.broadcast('2', { topic: 'room' });
  await ada.hearsAll('topic', 5);
  expect(heardIn(ada, 'room')).toEqual([
    [1, '1'],
    [2, '2'],
  ]);
  await grace.resume([before]);
  await grace.hearsAll('topic', 1);
  expect(heardIn(grace, 'room')).toEqual([[2, '2']]);
});

test('a topic that was forgotten without subscribers has another epoch (D55)', async ({
  startSessions,
}) => {
  const { server, client } = await startSessions(withHistory({ topics: 2 }));
  let rooms = ['room'];
  server.on('connection', (one) => rooms.forEach((room) => void server.subscribe(one, room)));
  const ada = client();
  await ada.resume();
  const position = await positionIn(ada, 'room');
  await ada.cut();
  rooms = ['two', 'three', 'four'];
  const grace = client('/grace');
  await grace.resume();
  await grace.cut();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  server.broadcast('unheard', { topic: 'room' });
  rooms = ['room'];
  await ada.resume([position]);
  await ada.hears('gap');
});

test('a history that is not shared is refused together with broadcasts', async ({ start }) => {
  const { sessions = memorySessions(), ...options } = withHistory();
  const broadcasts = new BroadcastHub().channel();
  await expect(start({ ...options, sessions, broadcasts })).rejects.toThrow(
    /does not know what other servers say/,
  );
});
