import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServerLifelineFrame } from '../../../src/core/protocol/frames.ts';
import type { IsVisible } from '../../../src/server/presence/visibility.ts';
import type { Viewer, Viewing } from '../../../src/server/presence/watch.ts';
import { Watchers } from '../../../src/server/presence/watchers.ts';
import { seededRandom } from '../../support/random.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ids = (count: number) => Array.from({ length: count }, (_, n) => `id-${n}`);

/** A client that keeps the frames sent to it. */
class Recorder implements Viewer<Recorder> {
  readonly id: string;
  readonly received: ServerLifelineFrame[] = [];
  /** Whether what is sent stays in the send buffer. */
  isStuck = false;
  bufferedAmount = 0;
  viewing: Viewing<Recorder> | null = null;

  constructor(id: string) {
    this.id = id;
  }

  sendFrame(frame: string): void {
    this.received.push(JSON.parse(frame) as ServerLifelineFrame);
    if (this.isStuck) this.bufferedAmount += frame.length;
  }

  /** Takes what was received. */
  take(): ServerLifelineFrame[] {
    return this.received.splice(0);
  }
}

const viewer = (id: string) => new Recorder(id);

/** Watchers of a list in which everybody may watch every topic. */
function createWatchers(
  list: (topic: string | undefined) => readonly string[] | null,
  isVisible?: IsVisible<Recorder>,
) {
  const data = new Map<string, string>();
  const subscriptions = new Set<string>();
  const watchers = new Watchers<Recorder>(
    {
      list,
      dataOf: (id) => data.get(id),
      isSubscribed: ({ id }, topic) => subscriptions.has(`${id} ${topic}`),
      isFollowed: (topic) => [...subscriptions].some((name) => name.endsWith(` ${topic}`)),
      watched() {},
    },
    isVisible,
  );
  return { watchers, data, subscriptions };
}

/** So many clients that watch. */
function watchingClients(online: string[], count: number) {
  const { watchers } = createWatchers(() => online);
  const clients = ids(count).map(viewer);
  for (const client of clients) watchers.watch(client);
  return { watchers, clients };
}

/** Whom a client believes to be online after these frames. */
function known(received: readonly ServerLifelineFrame[]): ReadonlySet<string> {
  let online = new Set<string>();
  for (const frame of received) {
    if (frame.lifeline === 'presence') online = new Set(frame.online);
    if (frame.lifeline === 'online') for (const id of frame.ids) online.add(id);
    if (frame.lifeline === 'offline') for (const id of frame.ids) online.delete(id);
  }
  return online;
}

const countAnswered = (clients: readonly Recorder[]) =>
  clients.filter(({ received }) => received.length > 0).length;

// The first test here: later, another compiler has been at that code.
test('a list that fits into one frame comes in one, also when the code that makes it has been optimized (fault 146)', () => {
  for (let n = 0; n < 60; n++) {
    const { watchers } = createWatchers(() => ids(1_000));
    const client = viewer('ada');
    watchers.watch(client);
    vi.runAllTimers();
    expect(client.received.map((frame) => 'more' in frame)).toEqual([false]);
  }
});

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

test('a client that asks and stops again and again does not have the list loaded each time (fault 83)', () => {
  const list = vi.fn<(topic?: string) => string[]>(() => ids(3));
  const { watchers, subscriptions } = createWatchers(list);
  subscriptions.add('ada room');
  const [ada, alan] = [viewer('ada'), viewer('alan')];
  for (const topic of [undefined, 'room']) {
    list.mockClear();
    for (let n = 0; n < 100; n++) {
      watchers.watch(ada, topic);
      watchers.unwatch(ada, topic);
      vi.advanceTimersByTime(5);
    }
    expect(list).toHaveBeenCalledOnce();
    // Meanwhile the changes are followed, without a round.
    watchers.addChange('grace', true, topic);
    vi.advanceTimersByTime(500);
    expect(vi.getTimerCount()).toBe(0);
    ada.take();
    watchers.watch(ada, topic);
    vi.advanceTimersByTime(1_000);
    expect(known(ada.take())).toEqual(new Set([...ids(3), 'grace']));
    expect(list).toHaveBeenCalledOnce();
    // Who is not watched for a second costs nothing.
    watchers.unwatch(ada, topic);
    vi.advanceTimersByTime(1_000);
    watchers.addChange('mary', true, topic);
    watchers.watch(ada, topic);
    expect(list).toHaveBeenCalledTimes(2);
    watchers.unwatch(ada, topic);
  }
  // Without a subscriber, a store need not report changes: the list is not kept.
  list.mockClear();
  watchers.watch(ada, 'room');
  watchers.remove(ada);
  subscriptions.delete('ada room');
  watchers.unsubscribed(ada, 'room');
  subscriptions.add('alan room');
  watchers.watch(alan, 'room');
  expect(list).toHaveBeenCalledOnce();
});

test('many changes are sent in slices', () => {
  const old = ids(500).map((id) => `old-${id}`);
  const { watchers, clients } = watchingClients(old, 100);
  vi.advanceTimersByTime(60);
  for (const id of ids(500)) watchers.addChange(id, true);
  for (const id of old) watchers.addChange(id, false);
  vi.advanceTimersByTime(50);
  expect(clients.filter(({ received }) => received.length === 3)).toHaveLength(25);
  vi.advanceTimersByTime(10);
  const { received } = clients.at(-1) ?? { received: [] };
  expect(received.slice(1)).toEqual([
    { lifeline: 'online', ids: ids(500) },
    { lifeline: 'offline', ids: old },
  ]);
});

test('a change between two slices is sent once to those that have their list, and is in the lists of the others', () => {
  const online = ids(1_000);
  const { watchers, clients } = watchingClients(online, 50);
  vi.advanceTimersByTime(50);
  expect(countAnswered(clients)).toBe(25);
  watchers.addChange('ada', true);
  watchers.addChange('id-7', false);
  vi.runAllTimers();
  const expected = new Set([...online, 'ada'].filter((id) => id !== 'id-7'));
  expect(clients.map(({ received }) => known(received))).toEqual(clients.map(() => expected));
  expect(clients.map(({ received }) => received.length)).toEqual([
    ...Array.from({ length: 25 }, () => 3),
    ...Array.from({ length: 25 }, () => 1),
  ]);
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
  const watchers = createWatchers(() => names).watchers;
  const clients = names.map(viewer);
  for (const client of clients) watchers.watch(client);
  vi.runAllTimers();
  expect(clients.map(({ received }) => received)).toEqual(
    names.map((id) => [{ lifeline: 'presence', id, online: names }]),
  );
});

test('an identity that was shown is sent as offline, even if visible() returns false by then', () => {
  const answers = new Map<string, boolean>();
  const { watchers } = createWatchers(
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
  const watchers = createWatchers(list).watchers;
  watchers.addChange('ada', true);
  expect(vi.getTimerCount()).toBe(0);
  watchers.watch(viewer('grace'));
  vi.runAllTimers();
  expect(list).toHaveBeenCalledOnce();
  watchers.addChange('ada', true);
  vi.runAllTimers();
  expect(list).toHaveBeenCalledOnce();
});

describe('a client that asks again and again', () => {
  test('gets a list at most once a second, also if it stops in between (fault 83)', () => {
    const { watchers } = createWatchers(() => ['ada']);
    const client = viewer('grace');
    for (let n = 0; n < 500; n++) {
      if (n % 3 === 1) watchers.unwatch(client);
      watchers.watch(client);
      vi.advanceTimersByTime(10);
    }
    expect(client.received.length).toBeGreaterThan(3);
    expect(client.received.length).toBeLessThanOrEqual(5);
  });

  test('gets at most 256 KiB of lists a second (fault 83)', () => {
    const { watchers } = createWatchers(() => ids(100_000));
    const client = viewer('grace');
    let bytes = 0;
    for (let n = 0; n < 200; n++) {
      watchers.watch(client);
      vi.advanceTimersByTime(100);
      bytes += JSON.stringify(client.take()).length;
    }
    // 20 s, and the first list.
    expect(bytes).toBeLessThan(20 * 262_144 + 2_000_000);
  });

  test('asks for a limited number of topics, and those that it stopped watching make room (fault 83)', () => {
    const { watchers, subscriptions } = createWatchers((topic) => [String(topic)]);
    const client = viewer('ada');
    for (let n = 0; n < 3_000; n++) watchers.watch(client, `topic-${n}`);
    expect(client.viewing?.topics?.size).toBe(1_000);
    for (let n = 0; n < 500; n++) watchers.unwatch(client, `topic-${n}`);
    watchers.watch(client, 'late');
    expect(client.viewing?.topics?.size).toBe(501);
    subscriptions.add('ada late');
    watchers.subscribed(client, 'late');
    vi.runAllTimers();
    expect(client.received).toHaveLength(1);
  });
});

describe('a client that does not read', () => {
  test('is told nothing while 64 KiB wait for it, and gets the newest list when it has read them (fault 83)', () => {
    const online = ids(20_000);
    const { watchers } = createWatchers(() => online);
    const client = viewer('grace');
    client.isStuck = true;
    watchers.watch(client);
    vi.advanceTimersByTime(60_000);
    expect(client.bufferedAmount).toBeLessThan(65_536 + 32_768);
    for (let n = 0; n < 10_000; n++) watchers.addChange(`new-${n}`, true);
    for (const id of online) watchers.addChange(id, false);
    watchers.watch(client);
    vi.advanceTimersByTime(60_000);
    expect(client.bufferedAmount).toBeLessThan(65_536 + 32_768);
    client.isStuck = false;
    client.bufferedAmount = 0;
    vi.advanceTimersByTime(1_000);
    expect(known(client.received).size).toBe(10_000);
    expect(client.received.at(-1)).not.toHaveProperty('more');
  });

  test('gets the changes that it has missed in few frames', () => {
    const { watchers } = createWatchers(() => []);
    const client = viewer('grace');
    watchers.watch(client);
    vi.advanceTimersByTime(100);
    client.take();
    client.bufferedAmount = 100_000;
    for (let n = 0; n < 100; n++) {
      watchers.addChange(`id-${n}`, true);
      if (n % 2 === 0) watchers.addChange(`id-${n}`, false);
      vi.advanceTimersByTime(100);
    }
    expect(client.received).toEqual([]);
    client.bufferedAmount = 0;
    vi.advanceTimersByTime(300);
    expect(client.take()).toEqual([
      { lifeline: 'online', ids: ids(100).filter((_, n) => n % 2 === 1) },
    ]);
  });
});

describe('pace', () => {
  test('a watcher is told at most 16 KiB of changes a second in the long run, and knows all in the end', () => {
    const { watchers } = createWatchers(() => []);
    const client = viewer('grace');
    const name = (n: number) => `a-rather-long-identity-of-somebody-${n}`;
    watchers.watch(client);
    vi.advanceTimersByTime(100);
    // 1,000 come and 1,000 go a second: 100 KB.
    for (let n = 0; n < 600; n++) {
      for (let m = n * 100; m < (n + 1) * 100; m++) {
        watchers.addChange(name(m), true);
        watchers.addChange(name(m - 1_000), false);
      }
      vi.advanceTimersByTime(100);
    }
    // A minute, the second that it may be ahead, and a list of 1,000.
    expect(JSON.stringify(client.received).length).toBeLessThan(61 * 16_384 + 60_000);
    vi.advanceTimersByTime(60_000);
    expect(known(client.received).size).toBe(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('many watchers are told in rounds of at least 0.1 ms for each frame', () => {
    const { watchers, clients } = watchingClients([], 5_000);
    vi.advanceTimersByTime(1_000);
    for (const client of clients) client.take();
    for (let n = 0; n < 1_000; n++) {
      watchers.addChange(`id-${n}`, true);
      vi.advanceTimersByTime(10);
    }
    const frames = clients.reduce((sum, { received }) => sum + received.length, 0);
    expect(frames).toBeLessThanOrEqual(105_000);
    vi.advanceTimersByTime(1_000);
    expect(clients.every(({ received }) => known(received).size === 1_000)).toBe(true);
  });
});

describe('a long list', () => {
  test('comes in parts, of which the last one says so', () => {
    const { watchers } = createWatchers(() => ids(5_000));
    const client = viewer('ada');
    watchers.watch(client);
    vi.runAllTimers();
    const [first, ...others] = client.received;
    expect(first).toMatchObject({ lifeline: 'presence', id: 'ada', more: true });
    expect(others.map((frame) => 'more' in frame)).toEqual([
      ...others.slice(1).map(() => true),
      false,
    ]);
    expect(known(client.received)).toEqual(new Set(ids(5_000)));
    expect(Math.max(...client.received.map((frame) => JSON.stringify(frame).length))).toBeLessThan(
      40_000,
    );
  });

  test('is complete after a part was read late, with the changes meanwhile', () => {
    const { watchers } = createWatchers(() => ids(50_000));
    const client = viewer('ada');
    client.isStuck = true;
    watchers.watch(client);
    vi.advanceTimersByTime(100);
    const all = new Set(ids(50_000));
    for (let n = 0; n < 50_000; n += 97) {
      watchers.addChange(`id-${n}`, false);
      watchers.addChange(`new-${n}`, true);
      all.add(`new-${n}`).delete(`id-${n}`);
      client.bufferedAmount = Math.max(0, client.bufferedAmount - 10_000);
      vi.advanceTimersByTime(50);
    }
    client.isStuck = false;
    client.bufferedAmount = 0;
    vi.advanceTimersByTime(60_000);
    expect(known(client.received)).toEqual(all);
  });
});

test('a list of which little is visible is looked through in slices, and sent in few frames', () => {
  let calls = 0;
  const { watchers } = createWatchers(
    () => ids(50_000),
    (_viewer, id) => {
      calls++;
      return id === 'id-49999';
    },
  );
  const client = viewer('ada');
  watchers.watch(client);
  vi.advanceTimersByTime(50);
  expect(calls).toBeGreaterThan(20_000);
  expect(calls).toBeLessThan(30_000);
  vi.runAllTimers();
  expect(client.received).toEqual([
    { lifeline: 'presence', id: 'ada', online: [], more: true },
    { lifeline: 'online', ids: ['id-49999'] },
  ]);
});

test('changes come in frames of about 16 KiB, public data included', () => {
  const { watchers, data } = createWatchers(() => []);
  const client = viewer('ada');
  watchers.watch(client);
  vi.advanceTimersByTime(100);
  for (const id of ids(200)) {
    data.set(id, JSON.stringify('x'.repeat(1_000)));
    watchers.addChange(id, true);
  }
  vi.advanceTimersByTime(60_000);
  expect(known(client.received).size).toBe(200);
  expect(Math.max(...client.received.map((frame) => JSON.stringify(frame).length))).toBeLessThan(
    20_000,
  );
});

test('who is behind in a small list gets it again, so that its log stays short', () => {
  const { watchers } = createWatchers(() => ['ada']);
  const client = viewer('ada');
  watchers.watch(client);
  vi.advanceTimersByTime(100);
  client.take();
  client.bufferedAmount = 100_000;
  for (let n = 0; n < 1_000; n++) watchers.addChange(`id-${n % 10}`, n % 20 < 10);
  client.bufferedAmount = 0;
  vi.advanceTimersByTime(1_000);
  expect(client.take()).toEqual([{ lifeline: 'presence', id: 'ada', online: ['ada'] }]);
});

describe('a topic', () => {
  test('is told only to those who watch it and are subscribed, from then on', () => {
    const { watchers, subscriptions } = createWatchers((topic) =>
      topic === 'room' ? ['ada', 'grace'] : ['ada', 'grace', 'joan'],
    );
    const [ada, joan] = [viewer('ada'), viewer('joan')];
    subscriptions.add('ada room');
    for (const client of [ada, joan]) watchers.watch(client, 'room');
    vi.runAllTimers();
    watchers.addChange('mary', true);
    watchers.addChange('alan', true, 'room');
    watchers.addChange('alan', true, 'elsewhere');
    vi.runAllTimers();
    expect(ada.take()).toEqual([
      { lifeline: 'presence', id: 'ada', topic: 'room', online: ['ada', 'grace'] },
      { lifeline: 'online', topic: 'room', ids: ['alan'] },
    ]);
    expect(joan.received).toEqual([]);
    subscriptions.add('joan room');
    watchers.subscribed(joan, 'room');
    vi.runAllTimers();
    expect(joan.take()).toHaveLength(1);
    watchers.unsubscribed(joan, 'room');
    watchers.addChange('alan', false, 'room');
    vi.runAllTimers();
    expect(joan.take()).toEqual([{ lifeline: 'unwatch', topic: 'room' }]);
    expect(ada.take()).toEqual([{ lifeline: 'offline', topic: 'room', ids: ['alan'] }]);
  });

  test('is told when its list has become known, and not before', () => {
    let list: string[] | null = null;
    const { watchers, subscriptions } = createWatchers(() => list);
    const ada = viewer('ada');
    subscriptions.add('ada room');
    watchers.watch(ada, 'room');
    watchers.addChange('grace', true, 'room');
    expect(vi.getTimerCount()).toBe(0);
    list = ['grace'];
    watchers.known('room');
    vi.runAllTimers();
    expect(ada.received).toEqual([
      { lifeline: 'presence', id: 'ada', topic: 'room', online: ['grace'] },
    ]);
  });

  test('costs nothing when nobody watches it any longer', () => {
    const list = vi.fn<() => string[]>(() => []);
    const { watchers, subscriptions } = createWatchers(list);
    const ada = viewer('ada');
    subscriptions.add('ada room');
    watchers.watch(ada, 'room');
    vi.runAllTimers();
    watchers.unwatch(ada, 'room');
    watchers.addChange('grace', true, 'room');
    expect(vi.getTimerCount()).toBe(0);
    watchers.watch(ada, 'room');
    watchers.remove(ada);
    vi.runAllTimers();
    expect(ada.received).toHaveLength(1);
    expect(ada.viewing).toBeNull();
  });

  test('shows whom visible(viewer, id, topic) shows', () => {
    const { watchers, subscriptions } = createWatchers(
      () => ['ada', 'grace'],
      (_viewer, id, topic) => topic === 'room' || id !== 'grace',
    );
    const ada = viewer('ada');
    subscriptions.add('ada room');
    watchers.watch(ada, 'room');
    watchers.watch(ada);
    vi.runAllTimers();
    expect(ada.received).toEqual([
      { lifeline: 'presence', id: 'ada', topic: 'room', online: ['ada', 'grace'] },
      { lifeline: 'presence', id: 'ada', online: ['ada'] },
    ]);
  });
});

describe('public data', () => {
  test('come beside the ids, and again when they change, also within an absence', () => {
    const { watchers, data } = createWatchers(() => ['ada', '__proto__', 'grace']);
    data.set('ada', '{"name":"Ada"}').set('__proto__', '1');
    const client = viewer('grace');
    watchers.watch(client);
    vi.runAllTimers();
    expect(JSON.stringify(client.take())).toBe(
      '[{"lifeline":"presence","id":"grace","online":["ada","__proto__","grace"],"data":{"ada":{"name":"Ada"},"__proto__":1}}]',
    );
    data.set('ada', '"Countess"');
    watchers.renew('ada');
    watchers.renew('nobody');
    vi.runAllTimers();
    expect(client.take()).toEqual([
      { lifeline: 'online', ids: ['ada'], data: { ada: 'Countess' } },
    ]);
    watchers.addChange('ada', false);
    data.delete('ada');
    watchers.addChange('ada', true);
    vi.runAllTimers();
    expect(client.take()).toEqual([{ lifeline: 'online', ids: ['ada'] }]);
    watchers.addChange('ada', false);
    watchers.addChange('ada', true);
    vi.runAllTimers();
    expect(client.take()).toEqual([]);
  });
});

test('who was shown to whom is right after many changes, with numbers that are used again (fault 84)', () => {
  const random = seededRandom(84);
  const online = new Set<string>();
  const hidden = new Set<string>();
  const { watchers } = createWatchers(
    () => [...online],
    (_viewer, id) => !hidden.has(id),
  );
  const clients = ids(20).map(viewer);
  const isWatching = new Map<Recorder, boolean>();
  for (let step = 0; step < 3_000; step++) {
    const id = `person-${Math.floor(random() * 300)}`;
    const client = clients[Math.floor(random() * clients.length)] ?? viewer('none');
    const kind = random();
    if (kind < 0.45 && !online.has(id)) watchers.addChange(online.add(id) && id, true);
    else if (kind < 0.8 && online.delete(id)) watchers.addChange(id, false);
    else if (kind < 0.85) hidden.add(id);
    else if (kind < 0.9) hidden.delete(id);
    else if (kind < 0.95) watchers.watch(client);
    else if (kind < 0.96) watchers.unwatch(client);
    if (kind >= 0.9 && kind < 0.96) isWatching.set(client, kind < 0.95);
    if (random() < 0.3) vi.advanceTimersByTime(random() * 400);
  }
  for (const client of clients) {
    const sent = client.received.map(
      (frame, n) => [frame, known(client.received.slice(0, n))] as const,
    );
    const wrong = sent.flatMap(([frame, before]) =>
      frame.lifeline === 'offline' ? frame.ids.filter((id) => !before.has(id)) : [],
    );
    expect(wrong).toEqual([]);
  }
  vi.advanceTimersByTime(5_000);
  const stale = [...isWatching].flatMap(([client, isOn]) =>
    isOn ? [...known(client.received)].filter((id) => !online.has(id)) : [],
  );
  expect(stale).toEqual([]);
  hidden.clear();
  for (const client of clients) watchers.watch(client);
  vi.advanceTimersByTime(5_000);
  for (const client of clients) expect(known(client.received)).toEqual(online);
});
