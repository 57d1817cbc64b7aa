/** When a store runs its scripts, with a fake Redis that only answers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { redisPresence } from '../../../src/server.ts';
import { BATCH } from '../../../src/server/redis/batch.ts';
import { SCRIPTS } from '../../../src/server/redis/scripts.ts';
import { createFakeClient } from '../../support/server/fake-redis.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts a store, and lists the scripts that it has run so far. */
function startStore(answer?: (command: readonly unknown[]) => unknown) {
  const { client, connections } = createFakeClient({
    // A list ends with the cursor 0.
    answer: (command) => answer?.(command) ?? (command[1] === SCRIPTS.publishPart ? '0' : 0),
  });
  const store = redisPresence(client);
  store.start({ online() {}, offline() {}, renewed() {}, error() {} });
  const scripts = () =>
    (connections[0]?.commands ?? []).flatMap(([, source]) => {
      const [name] = Object.entries(SCRIPTS).find(([, script]) => script === source) ?? [];
      return name ? [name] : [];
    });
  return { store, scripts };
}

/** Stops a store while time passes. */
async function stop(store: ReturnType<typeof redisPresence>): Promise<void> {
  const stopped = store.stop();
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
}

test('a store reports a connection that comes or goes at once', async () => {
  const { store, scripts } = startStore();
  await vi.advanceTimersByTimeAsync(100);
  expect(scripts()).toEqual(['claim', 'publishPart', 'sweep']);
  store.join('ann', 'a1');
  await vi.advanceTimersByTimeAsync(5);
  expect(scripts().slice(3)).toEqual(['report', 'sweep']);
  store.leave('ann', 'a1');
  await vi.advanceTimersByTimeAsync(5);
  expect(scripts().slice(5)).toEqual(['report', 'sweep']);
  await stop(store);
});

test('a store reports a connection that comes during a sweep before the next one', async () => {
  let sweep = () => {};
  const { store, scripts } = startStore(([, source]) => {
    if (source === SCRIPTS.sweep) sweep();
    return undefined;
  });
  sweep = () => {
    sweep = () => {};
    store.join('ann', 'a1');
  };
  await vi.advanceTimersByTimeAsync(100);
  expect(scripts()).toEqual(['claim', 'publishPart', 'sweep', 'report', 'sweep']);
  await stop(store);
});

test('a store sweeps again at once if more are due than one script takes', async () => {
  let sweeps = 0;
  const { store, scripts } = startStore(([, source]) =>
    source === SCRIPTS.sweep && ++sweeps <= 3 ? BATCH : undefined,
  );
  await vi.advanceTimersByTimeAsync(100);
  expect(scripts().slice(2)).toEqual(['sweep', 'sweep', 'sweep', 'sweep']);
  await stop(store);
});

test('stop() reports all connections as gone first', async () => {
  const { store, scripts } = startStore();
  store.join('ann', 'a1');
  await vi.advanceTimersByTimeAsync(100);
  const before = scripts().length;
  await stop(store);
  expect(scripts().slice(before)).toEqual(['report']);
  expect(vi.getTimerCount()).toBe(0);
});
