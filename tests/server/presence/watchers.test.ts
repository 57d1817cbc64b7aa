import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServerLifelineFrame } from '../../../src/core/protocol/frames.ts';
import { Watchers } from '../../../src/server/presence/watchers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ids = (count: number) => Array.from({ length: count }, (_, n) => `id-${n}`);

/** A client that remembers what it was told. */
function viewer(id: string) {
  const heard: ServerLifelineFrame[] = [];
  return {
    id,
    heard,
    send: (frame: string) => void heard.push(JSON.parse(frame) as ServerLifelineFrame),
  };
}

/** So many clients that have asked. */
function herd(online: string[], count: number) {
  const watchers = new Watchers<ReturnType<typeof viewer>>(() => online);
  const clients = ids(count).map(viewer);
  for (const client of clients) watchers.watch(client);
  return { watchers, clients };
}

const told = (clients: readonly ReturnType<typeof viewer>[]) =>
  clients.filter(({ heard }) => heard.length > 0).length;

test('a herd is told in slices of at most 25,000 ids, each in a turn of its own', () => {
  const online = ids(1_000);
  const { clients } = herd(online, 100);
  vi.advanceTimersByTime(50);
  const turns = [told(clients)];
  for (let n = 0; n < 3; n++) {
    vi.advanceTimersByTime(1);
    turns.push(told(clients));
  }
  expect(turns).toEqual([25, 50, 75, 100]);
  expect(clients.map(({ heard }) => heard)).toEqual(
    clients.map(({ id }) => [{ lifeline: 'presence', id, online }]),
  );
  vi.advanceTimersByTime(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('many changes are told in slices, too', () => {
  const { watchers, clients } = herd([], 100);
  vi.advanceTimersByTime(50);
  for (const id of ids(500)) watchers.addChange(id, true);
  for (const id of ids(500)) watchers.addChange(`old-${id}`, false);
  vi.advanceTimersByTime(50);
  expect(clients.filter(({ heard }) => heard.length === 3)).toHaveLength(25);
  vi.advanceTimersByTime(10);
  const { heard } = clients.at(-1) ?? { heard: [] };
  expect(heard.slice(1)).toEqual([
    { lifeline: 'online', ids: ids(500) },
    { lifeline: 'offline', ids: ids(500).map((id) => `old-${id}`) },
  ]);
});

test('what changes between two slices is told to all of the herd, after what it began with', () => {
  const online = ids(1_000);
  const { watchers, clients } = herd(online, 50);
  vi.advanceTimersByTime(50);
  expect(told(clients)).toBe(25);
  watchers.addChange('ada', true);
  watchers.addChange('id-7', false);
  vi.runAllTimers();
  expect(clients.map(({ heard }) => heard)).toEqual(
    clients.map(({ id }) => [
      { lifeline: 'presence', id, online },
      { lifeline: 'online', ids: ['ada'] },
      { lifeline: 'offline', ids: ['id-7'] },
    ]),
  );
});

test('who leaves between two slices is told nothing, who asks again gets one answer, as it is then', () => {
  const online = ids(1_000);
  const { watchers, clients } = herd(online, 50);
  const [leaves, asks] = clients.slice(-2);
  if (!leaves || !asks) throw new Error('They are there.');
  vi.advanceTimersByTime(50);
  watchers.unwatch(leaves);
  watchers.watch(asks);
  online.push('ada');
  watchers.addChange('ada', true);
  vi.runAllTimers();
  expect(leaves.heard).toEqual([]);
  expect(asks.heard).toEqual([{ lifeline: 'presence', id: asks.id, online }]);
});

test('a list is told as it is written by itself, whatever the names', () => {
  const names = ['__proto__', 'a"b\\', '\u2028', '\ud800', '{"lifeline":'];
  const watchers = new Watchers<ReturnType<typeof viewer>>(() => names);
  const clients = names.map(viewer);
  for (const client of clients) watchers.watch(client);
  vi.runAllTimers();
  expect(clients.map(({ heard }) => heard)).toEqual(
    names.map((id) => [{ lifeline: 'presence', id, online: names }]),
  );
});

test('who was shown is told of as gone, though visible has changed its mind or fails', () => {
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
  expect(client.heard).toEqual([
    { lifeline: 'presence', id: 'joan', online: ['ada'] },
    { lifeline: 'online', ids: ['grace'] },
    { lifeline: 'offline', ids: ['ada', 'grace'] },
  ]);
});

test('a client that unwatches before it was told anything is told nothing', () => {
  const { watchers, clients } = herd(['ada'], 2);
  const [leaves, stays] = clients;
  if (!leaves || !stays) throw new Error('They are there.');
  watchers.unwatch(leaves);
  vi.runAllTimers();
  expect([leaves.heard.length, stays.heard.length]).toEqual([0, 1]);
});

test('a client that unwatches between two slices of changes is told none of them', () => {
  const { watchers, clients } = herd([], 100);
  vi.advanceTimersByTime(50);
  for (const id of ids(1_000)) watchers.addChange(id, true);
  vi.advanceTimersByTime(50);
  const last = clients.at(-1);
  if (!last) throw new Error('It is there.');
  watchers.unwatch(last);
  vi.runAllTimers();
  expect(last.heard).toHaveLength(1);
  expect(clients.at(-2)?.heard).toHaveLength(2);
});

test('a change costs nothing without watchers, and no list without newcomers', () => {
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
