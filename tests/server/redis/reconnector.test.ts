import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RedisClient } from '../../../src/server/redis/client.ts';
import { Reconnector } from '../../../src/server/redis/reconnector.ts';
import { RedisReporter } from '../../../src/server/redis/reporter.ts';

/** A client whose connections stay open whatever happens, and answer after a millisecond. */
function createFakeClient() {
  const connections: { fail: (error: Error) => void; isOpen: boolean; commands: number }[] = [];
  const client: RedisClient = {
    on() {},
    off() {},
    duplicate() {
      const connection = { fail: (_error: Error) => {}, isOpen: true, commands: 0 };
      connections.push(connection);
      return {
        on(_type, listener) {
          connection.fail = listener;
        },
        async connect() {},
        async subscribe() {},
        sendCommand() {
          connection.commands++;
          return new Promise((resolve) => setTimeout(resolve, 1));
        },
        destroy() {
          connection.isOpen = false;
        },
      };
    },
  };
  return { client, connections };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['has nothing to do', 500],
  ['waits for an answer', 0],
])('an error ends the link while it %s, though the client stays connected', async (_, when) => {
  const { client, connections } = createFakeClient();
  const told: string[] = [];
  const reporter = new RedisReporter(({ message }) => told.push(message), 'All else waits.');
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
    { isOpen: false, commands: 1 },
    { isOpen: true, commands: 1 },
  ]);
  expect(told).toEqual(['Redis cannot be used: Those are no answers. All else waits.']);
  const stopped = reconnector.stop();
  await vi.runAllTimersAsync();
  await stopped;
});
