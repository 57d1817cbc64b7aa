import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryHistory, memorySessions, type SessionRecord } from '../../../src/server.ts';

const record = (taken: number): SessionRecord => ({
  epoch: 'epoch',
  taken,
  failed: [],
  replies: null,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started(options: Parameters<typeof memorySessions>[0] = {}) {
  const store = memorySessions(options);
  const forgotten = vi.fn<(what: unknown) => void>();
  store.start({
    forgotten,
    wanted() {},
    lost() {},
    replied() {},
    aborted() {},
    error() {},
  });
  return { store, forgotten };
}

describe('memorySessions()', () => {
  test('remembers an outbox for a day after its last link, and its replies for two minutes', () => {
    const { store } = started();
    expect(store.claim('iada', 'x', 'epoch')).toBeNull();
    const kept: SessionRecord = { ...record(5), replies: new Map([[1, { data: 'reply' }]]) };
    store.release('iada', 'x', kept);
    vi.advanceTimersByTime(119_000);
    expect(store.claim('iada', 'x', 'epoch')).toBe(kept);
    store.release('iada', 'x', kept);
    vi.advanceTimersByTime(86_280_000);
    expect(store.claim('iada', 'x', 'epoch')).toEqual(record(5));
    store.release('iada', 'x', kept);
    vi.advanceTimersByTime(86_520_000);
    expect(store.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('forgets the outbox of an identity whose link ended first, with an event', () => {
    const { store, forgotten } = started({ maxPerIdentity: 3 });
    for (const outbox of ['a', 'b', 'c']) {
      void store.claim('iada', outbox, 'epoch');
      store.release('iada', outbox, record(1));
    }
    void store.claim('iada', 'a', 'epoch');
    store.release('iada', 'a', record(2));
    void store.claim('igrace', 'g', 'epoch');
    expect(forgotten).not.toHaveBeenCalled();
    void store.claim('iada', 'd', 'epoch');
    expect(forgotten.mock.calls).toEqual([[{ what: 'session', of: 'ada' }]]);
    expect(store.claim('iada', 'a', 'epoch')).toEqual(record(2));
    expect(store.claim('iada', 'b', 'epoch')).toBeNull();
  });

  test('never forgets an outbox with a link', () => {
    const { store, forgotten } = started({ maxPerIdentity: 2, max: 3 });
    for (const outbox of ['a', 'b', 'c', 'd', 'e']) void store.claim('iada', outbox, 'epoch');
    expect([store.size, forgotten.mock.calls.length]).toEqual([5, 0]);
    store.forget('iada', 'e');
    expect(store.size).toBe(4);
  });

  test('remembers as many as max, without the token in its events', () => {
    const { store, forgotten } = started({ max: 100 });
    for (let n = 0; n < 1_000; n++) {
      void store.claim(`t${n}`, `outbox ${n}`, 'epoch');
      store.release(`t${n}`, `outbox ${n}`, record(1));
    }
    expect(store.size).toBe(100);
    expect(forgotten).toHaveBeenCalledTimes(900);
    expect(forgotten).toHaveBeenLastCalledWith({ what: 'session', of: null });
  });

  test('leaves no timer when it stops', async () => {
    const { store } = started();
    store.release('iada', 'x', record(1));
    await store.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each([
  ['memorySessions()', memorySessions],
  ['memoryHistory()', memoryHistory],
] as const)('%s', (name, create) => {
  test('belongs to one server', () => {
    const store = create() as { start(listener: object): void };
    store.start({});
    expect(() => store.start({})).toThrow(/already belongs to a server/);
  });

  test.each([
    [{ ttl: 0 }, /ttl must be a number of milliseconds above zero/],
    [{ ttl: '5' }, /ttl must be/],
    [{ ttl: Infinity }, /ttl must be/],
    [{ perTopc: 5 }, new RegExp(`perTopc is not an option of ${name.slice(0, -2)}`)],
    [{ [name === 'memorySessions()' ? 'max' : 'perTopic']: 1.5 }, /must be a whole number/],
  ])('%j is a TypeError', (options, message) => {
    expect(() => create(options as never)).toThrow(TypeError);
    expect(() => create(options as never)).toThrow(message);
  });

  test('undefined is as left out', () => {
    expect(() => create({ ttl: undefined })).not.toThrow();
  });
});
