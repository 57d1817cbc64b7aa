import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServerLifelineFrame } from '../../../src/core/protocol/frames.ts';
import { Watchers } from '../../../src/server/presence/watchers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ids = (count: number) => Array.from({ length: count }, (_, n) => `id-${n}`);

/** A client that keeps the frames sent to it. */
function viewer(id: string) {
  const received: ServerLifelineFrame[] = [];
  return {
    id,
    received,
    sendFrame: (frame: string) => void received.push(JSON.parse(frame) as ServerLifelineFrame),
  };
}

/** So many clients that watch. */
function watchingClients(online: string[], count: number) {
  const watchers = new Watchers<ReturnType<typeof viewer>>(() => online);
  const clients = ids(count).map(viewer);
  for (const client of clients) watchers.watch(client);
  return { watchers, clients };
}

const countAnswered = (clients: readonly ReturnType<typeof viewer>[]) =>
  clients.filter(({ received }) => received.length > 0).length;

test('many watchers get their lists in slices of at most 25,000 ids, each slice in its own tick', () => {
  const online = ids(1_000);
  const { clients } = watchingClients(online, 100);
  vi.advanceTimersByTime(50);
  const turns = [countAnswered(clients)];
  for (let n = 0; n < 3; n++) {
    vi.advanceTimersByTime(1);
    turns.push(countAnswered(clients));
  }
  expect(turns).toEqual([25, 50, 75, 100]);
  expect(clients.map(({ received }) => received)).toEqual(
    clients.map(({ id }) => [{ lifeline: 'presence', id, online }]),
  );
  vi.advanceTimersByTime(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('many changes are sent in slices', () => {
  const { watchers, clients } = watchingClients([], 100);
  vi.advanceTimersByTime(50);
  for (const id of ids(500)) watchers.addChange(id, true);
  for (const id of ids(500)) watchers.addChange(`old-${id}`, false);
  vi.advanceTimersByTime(50);
  expect(clients.filter(({ received }) => received.length === 3)).toHaveLength(25);
  vi.advanceTimersByTime(10);
  const { received } = clients.at(-1) ?? { received: [] };
  expect(received.slice(1)).toEqual([
    { lifeline: 'online', ids: ids(500) },
    { lifeline: 'offline', ids: ids(500).map((id) => `old-${id}`) },
  ]);
});

test('a change between two slices is sent to all watchers, after the lists', () => {
  const online = ids(1_000);
  const { watchers, clients } = watchingClients(online, 50);
  vi.advanceTimersByTime(50);
  expect(countAnswered(clients)).toBe(25);
  watchers.addChange('ada', true);
  watchers.addChange('id-7', false);
  vi.runAllTimers();
  expect(clients.map(({ received }) => received)).toEqual(
    clients.map(({ id }) => [
      { lifeline: 'presence', id, online },
      { lifeline: 'online', ids: ['ada'] },
      { lifeline: 'offline', ids: ['id-7'] },
    ]),
  );
});

test('a client that unwatches between two slices gets nothing, and one that watches again gets one current list', () => {
  const online = ids(1_000);
  const { watchers, clients } = watchingClients(online, 50);
  const [leaves, asks] = clients.slice(-2);
  if (!leaves || !asks) throw new Error('There are fewer clients than expected.');
  vi.advanceTimersByTime(50);
  watchers.unwatch(leaves);
  watchers.watch(asks);
  online.push('ada');
  watchers.addChange('ada', true);
  vi.runAllTimers();
  expect(leaves.received).toEqual([]);
  expect(asks.received).toEqual([{ lifeline: 'presence', id: asks.id, online }]);
});

test('a list is valid JSON, whatever the names', () => {
  const names = ['__proto__', 'a"b\\', '\u2028', '\ud800', '{"lifeline":'];
  const watchers = new Watchers<ReturnType<typeof viewer>>(() => names);
  const clients = names.map(viewer);
  for (const client of clients) watchers.watch(client);
  vi.runAllTimers();
  expect(clients.map(({ received }) => received)).toEqual(
    names.map((id) => [{ lifeline: 'presence', id, online: names }]),
  );
});

test('an identity that was shown is sent as offline, even if visible() returns false by then', () => {
  const answers = new Map<string, boolean>();
  const watchers = new Watchers<ReturnType<typeof viewer>>(
    () => ['ada', 'hidden'],
    (_viewer, id) => answers.get(id) ?? false,
  );
  answers.set('ada', true).set('grace', true);
  const client = viewer('joan');
  watchers.watch(client);
  vi.runAllTimers();
  watchers.addChange('grace', true);
  vi.runAllTimers();
  answers.clear();
  answers.set('hidden', true);
  for (const id of ['ada', 'grace', 'hidden']) watchers.addChange(id, false);
  vi.runAllTimers();
  expect(client.received).toEqual([
    { lifeline: 'presence', id: 'joan', online: ['ada'] },
    { lifeline: 'online', ids: ['grace'] },
    { lifeline: 'offline', ids: ['ada', 'grace'] },
  ]);
});

test('a client that unwatches before its list is sent gets nothing', () => {
  const { watchers, clients } = watchingClients(['ada'], 2);
  const [leaves, stays] = clients;
  if (!leaves || !stays) throw new Error('There are fewer clients than expected.');
  watchers.unwatch(leaves);
  vi.runAllTimers();
  expect([leaves.received.length, stays.received.length]).toEqual([0, 1]);
});

test('a client that unwatches between two slices of changes gets none of them', () => {
  const { watchers, clients } = watchingClients([], 100);
  vi.advanceTimersByTime(50);
  for (const id of ids(1_000)) watchers.addChange(id, true);
  vi.advanceTimersByTime(50);
  const last = clients.at(-1);
  if (!last) throw new Error('There is no client.');
  watchers.unwatch(last);
  vi.runAllTimers();
  expect(last.received).toHaveLength(1);
  expect(clients.at(-2)?.received).toHaveLength(2);
});

test('a change starts no timer without watchers, and reads no list without new watchers', () => {
  const list = vi.fn<() => string[]>(() => []);
  const watchers = new Watchers<ReturnType<typeof viewer>>(list);
  watchers.addChange('ada', true);
  expect(vi.getTimerCount()).toBe(0);
  watchers.watch(viewer('grace'));
  vi.runAllTimers();
  expect(list).toHaveBeenCalledOnce();
  watchers.addChange('ada', true);
  vi.runAllTimers();
  expect(list).toHaveBeenCalledOnce();
});
