import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RedisLink } from '../../../src/server/redis/link.ts';
import { Reconnector } from '../../../src/server/redis/reconnector.ts';
import { RedisReporter } from '../../../src/server/redis/reporter.ts';
import { createFakeClient } from '../../support/server/fake-redis.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['is idle', 500],
  ['waits for an answer', 0],
])(
  'an error of the client ends the link while it %s, even if the client stays connected',
  async (_, when) => {
    const { client, connections } = createFakeClient();
    const reported: string[] = [];
    const reporter = new RedisReporter(({ message }) => reported.push(message), 'All else waits.');
    const reconnector = new Reconnector(
      client,
      async (link) => {
        while (link.isWanted) {
          await link.send('PING');
          await link.wait(1_000);
        }
      },
      reporter,
    );
    reconnector.start();
    await vi.advanceTimersByTimeAsync(when);
    connections[0]?.fail(new Error('Those are no answers.'));
    await vi.advanceTimersByTimeAsync(410);
    expect(connections).toMatchObject([
      { isOpen: false, commands: [['PING']] },
      { isOpen: true, commands: [['PING']] },
    ]);
    expect(reported).toEqual(['Redis cannot be used: Those are no answers. All else waits.']);
    const stopped = reconnector.stop();
    await vi.runAllTimersAsync();
    await stopped;
  },
);

test('a lost connection is reported with its cause, not with the error of a pending command', async () => {
  const { client, connections } = createFakeClient({
    answer: () => Promise.reject(new Error('The client is closed')),
  });
  const reported: string[] = [];
  const reporter = new RedisReporter(({ message }) => reported.push(message), 'All else waits.');
  const work = async (link: RedisLink) => void (await link.send('PING'));
  const reconnector = new Reconnector(client, work, reporter);
  reconnector.start();
  await vi.advanceTimersByTimeAsync(0);
  connections[0]?.fail(new Error('reset'));
  await vi.advanceTimersByTimeAsync(10);
  expect(reported).toEqual(['Redis cannot be used: reset. All else waits.']);
  await reconnector.stop();
});

test('a connection whose destroy() throws is followed by another one', async () => {
  const { client, connections } = createFakeClient({
    destroy() {
      throw new Error('The client is closed');
    },
  });
  const reported: string[] = [];
  const reporter = new RedisReporter(({ message }) => reported.push(message), 'All else waits.');
  const reconnector = new Reconnector(client, () => Promise.reject(new Error('lost')), reporter);
  reconnector.start();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(connections.length).toBeGreaterThan(1);
  expect(reported).toEqual(['Redis cannot be used: lost. All else waits.']);
  await reconnector.stop();
});

test('what stays refused is tried after 1, 2, 4, … at most 30 s, all else at once (fault 87)', async () => {
  const refusal = new Error('WRONGPASS invalid username-password pair or user is disabled.');
  let error = refusal;
  const { client, connections } = createFakeClient({ connect: () => Promise.reject(error) });
  const reported: string[] = [];
  const reporter = new RedisReporter(({ message }) => reported.push(message), 'All else waits.');
  const reconnector = new Reconnector(client, async () => {}, reporter);
  /** The pauses before the next attempts, in milliseconds. */
  async function pauses(count: number): Promise<number[]> {
    const waited: number[] = [];
    for (let n = 0; n < count; n++) {
      const from = performance.now();
      const before = connections.length;
      while (connections.length === before) await vi.advanceTimersByTimeAsync(10);
      waited.push(performance.now() - from);
    }
    return waited;
  }
  reconnector.start();
  await vi.advanceTimersByTimeAsync(0);
  for (const [n, pause] of (await pauses(8)).entries()) {
    const longest = Math.min(1_000 * 2 ** n, 30_000);
    expect(pause).toBeGreaterThanOrEqual(0.75 * longest);
    expect(pause).toBeLessThanOrEqual(longest + 20);
  }
  expect(reported).toHaveLength(1);
  error = new Error('connect ECONNREFUSED');
  await pauses(1);
  for (const pause of await pauses(3)) expect(pause).toBeLessThanOrEqual(420);
  expect(reported).toHaveLength(1);

  // The next outage begins with short pauses again.
  reporter.recovered();
  error = refusal;
  await pauses(1);
  expect(reported).toHaveLength(2);
  for (const pause of await pauses(2)) expect(pause).toBeLessThanOrEqual(2_020);
  await reconnector.stop();
});

test('stop() between two attempts ends at once, and leaves no timer', async () => {
  const { client, connections } = createFakeClient({
    connect: () => Promise.reject(new Error('refused')),
  });
  const reporter = new RedisReporter(() => {}, 'All else waits.');
  const reconnector = new Reconnector(client, async () => {}, reporter);
  reconnector.start();
  await vi.advanceTimersByTimeAsync(10);
  await reconnector.stop();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(connections).toHaveLength(1);
});
