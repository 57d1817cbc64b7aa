import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLifelineServer, memoryPresence, type PresenceStore } from '../../../src/server.ts';

let changes: string[];

function started(options?: Parameters<typeof memoryPresence>[0]): PresenceStore {
  const store = memoryPresence(options);
  store.start({
    online: (id) => changes.push(`+${id}`),
    offline: (id) => changes.push(`-${id}`),
    renewed: (id) => changes.push(`~${id}`),
    error: (error) => {
      throw error;
    },
  });
  return store;
}

beforeEach(() => {
  changes = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test('an identity goes offline exactly the grace after its last connection has gone', () => {
  const store = started({ grace: 1_000 });
  store.join('ada', 'a1');
  store.join('ada', 'a2');
  store.leave('ada', 'a1');
  vi.advanceTimersByTime(10_000);
  expect(changes).toEqual(['+ada']);
  store.leave('ada', 'a2');
  vi.advanceTimersByTime(999);
  expect([store.isOnline('ada'), store.list()]).toEqual([true, ['ada']]);
  vi.advanceTimersByTime(1);
  expect([store.isOnline('ada'), store.list()]).toEqual([false, []]);
  expect(changes).toEqual(['+ada', '-ada']);
  expect(vi.getTimerCount()).toBe(0);
});

test('the default grace is 5 s', () => {
  const store = started();
  store.join('ada', 'a1');
  store.leave('ada', 'a1');
  vi.advanceTimersByTime(4_999);
  expect(store.isOnline('ada')).toBe(true);
  vi.advanceTimersByTime(1);
  expect(store.isOnline('ada')).toBe(false);
});

test('an identity that comes back within the grace never goes offline', () => {
  const store = started({ grace: 1_000 });
  for (let n = 0; n < 10; n++) {
    store.join('ada', `a${n}`);
    store.leave('ada', `a${n}`);
    vi.advanceTimersByTime(999);
  }
  store.join('ada', 'last');
  vi.advanceTimersByTime(10_000);
  expect(changes).toEqual(['+ada']);
});

test('a late leave() of an old connection does not end a newer one', () => {
  const store = started({ grace: 0 });
  store.join('ada', 'old');
  store.join('ada', 'new');
  store.leave('ada', 'old');
  store.leave('ada', 'old');
  store.leave('ada', 'never');
  store.leave('grace', 'new');
  vi.runAllTimers();
  expect(changes).toEqual(['+ada']);
  store.leave('ada', 'new');
  vi.runAllTimers();
  store.leave('ada', 'new');
  vi.runAllTimers();
  expect(changes).toEqual(['+ada', '-ada']);
});

describe('lastSeen', () => {
  test('is the time of a second connection', async () => {
    vi.setSystemTime(1_000_000);
    const store = started();
    store.join('ada', 'a1');
    vi.advanceTimersByTime(500);
    store.join('ada', 'a2');
    expect(await store.lastSeen('ada')).toBe(1_000_500);
  });

  test('is the time of the last sign of life of a present connection, also when offline', async () => {
    vi.setSystemTime(1_000_000);
    const store = started({ grace: 100 });
    store.join('ada', 'a1');
    expect(await store.lastSeen('ada')).toBe(1_000_000);
    vi.advanceTimersByTime(500);
    store.seen('ada', 'a1');
    store.leave('ada', 'a1');
    vi.advanceTimersByTime(50);
    store.seen('ada', 'a1');
    vi.advanceTimersByTime(10_000);
    expect(store.isOnline('ada')).toBe(false);
    expect(await store.lastSeen('ada')).toBe(1_000_500);
    store.seen('ada', 'a1');
    expect(await store.lastSeen('ada')).toBe(1_000_500);
    expect(await store.lastSeen('grace')).toBeNull();
  });

  test('is remembered for the last 10,000 identities that went offline', async () => {
    const store = started({ grace: 0 });
    const visit = (n: number) => {
      store.join(`id-${n}`, `c-${n}`);
      store.leave(`id-${n}`, `c-${n}`);
    };
    for (let n = 0; n < 10_000; n++) visit(n);
    vi.runAllTimers();
    visit(0);
    visit(10_000);
    vi.runAllTimers();
    expect(await store.lastSeen('id-1')).toBeNull();
    for (const n of [0, 2, 9_999, 10_000]) expect(await store.lastSeen(`id-${n}`)).not.toBeNull();
  });
});

test('a jump of the wall clock does not change when an identity goes offline', () => {
  const store = started({ grace: 1_000 });
  store.join('ada', 'a1');
  store.leave('ada', 'a1');
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(999);
  expect(store.isOnline('ada')).toBe(true);
  vi.setSystemTime(0);
  vi.advanceTimersByTime(1);
  expect(store.isOnline('ada')).toBe(false);
});

test('identities can have the names of object properties', async () => {
  const store = started({ grace: 0 });
  const names = ['__proto__', 'constructor', 'toString', '{"toString":1}', 'hasOwnProperty'];
  for (const name of names) {
    expect(store.isOnline(name)).toBe(false);
    expect(await store.lastSeen(name)).toBeNull();
  }
  for (const name of names) store.join(name, name);
  expect(store.list()).toEqual(names);
  for (const name of names) store.leave(name, '__proto__');
  vi.runAllTimers();
  expect(changes.at(-1)).toBe('-__proto__');
  expect(store.list()).toEqual(names.slice(1));
});

test('stop() clears the timer and makes everybody offline at once', async () => {
  const store = started();
  store.join('ada', 'a1');
  store.join('grace', 'g1');
  store.leave('ada', 'a1');
  await store.stop();
  expect(vi.getTimerCount()).toBe(0);
  expect([store.isOnline('ada'), store.list()]).toEqual([false, []]);
  store.leave('grace', 'g1');
  expect(vi.getTimerCount()).toBe(0);
});

test('a store cannot be used by two servers', () => {
  const store = started();
  expect(() => createLifelineServer({ presence: store })).toThrow(
    /^This memoryPresence\(\) already belongs to a server: make one for each server\.$/,
  );
  store.join('ada', 'a1');
  expect(changes).toEqual(['+ada']);
});

test.each([-1, Number.NaN, Infinity, 2 ** 31, '5', null])(
  'a grace of %s throws a TypeError',
  (grace) =>
    expect(() => memoryPresence({ grace: grace as number })).toThrow(/^grace must be a number/),
);
