import { expect, test } from 'vitest';
import { type Backlog, isBehind } from '../../../src/server/clients/backlog.ts';

const MIB = 1_048_576;

/** A client for which `waiting` bytes wait, and that takes `pace` bytes a second. */
function createClient(waiting: number, pace: number) {
  const handle = { bytesWritten: waiting, writeQueueSize: waiting };
  return {
    backlog: null as Backlog | null,
    lastFrameAt: 0,
    handle,
    socket: { bufferedAmount: waiting, _socket: { _handle: handle } },
    secondPasses() {
      // As long as one write goes on, only its rest falls, and not `bufferedAmount`.
      handle.writeQueueSize = Math.max(0, handle.writeQueueSize - pace);
      if (handle.writeQueueSize === 0) this.socket.bufferedAmount = 0;
    },
  };
}

/** Returns the second in which the client counts as behind, or null after 1,000 seconds. */
function endOf(client: ReturnType<typeof createClient>): number | null {
  for (let second = 1; second <= 1_000; second++) {
    client.secondPasses();
    if (isBehind(client, second * 1_000)) return second;
  }
  return null;
}

test('a client that takes 64 KiB in 5 s may read as long as it needs (fault 86)', () => {
  const client = createClient(2 * MIB, 65_536 / 5);
  expect(endOf(client)).toBeNull();
  expect(client.socket.bufferedAmount).toBe(0);
  expect(client.backlog).toBeNull();
});

test('a client that takes 64 KiB at once every 5 s may read as long as it needs (fault 86)', () => {
  const client = createClient(2 * MIB, 0);
  let second = 0;
  for (; client.socket.bufferedAmount > 0 && second < 1_000; second++) {
    if (second % 5 === 4) client.handle.writeQueueSize -= 65_483;
    if (client.handle.writeQueueSize < 65_483) client.socket.bufferedAmount = 0;
    expect(isBehind(client, second * 1_000)).toBe(false);
  }
  expect(second).toBeGreaterThan(100);
});

test('a client whose portions of 1.4 MB take ever longer has twice the time of the last one (fault 86)', () => {
  const client = createClient(16 * MIB, 0);
  const { handle } = client;
  const secondsOf = (pause: number) => {
    for (let second = 1; second < pause; second++) {
      now += 1_000;
      if (isBehind(client, now)) return second;
    }
    now += 1_000;
    handle.writeQueueSize -= 1_400_000;
    return isBehind(client, now) ? pause : null;
  };
  let now = 1_000;
  expect(isBehind(client, now)).toBe(false);
  for (const pause of [5, 10, 20, 40, 60, 60]) expect(secondsOf(pause)).toBeNull();
  expect(secondsOf(1)).toBeNull();
  expect(secondsOf(100)).toBe(5);
});

test.for([0, 100, 8_000])(
  'a client that takes %i bytes a second has 5 s with over 1 MiB waiting (fault 86)',
  (pace) => {
    expect(endOf(createClient(2 * MIB, pace))).toBe(6);
    expect(endOf(createClient(MIB, pace))).toBeNull();
  },
);

test('a client that reads has 5 s with over 32 MiB waiting, so that memory is bounded (fault 86)', () => {
  expect(endOf(createClient(33 * MIB, 65_536))).toBe(6);
  expect(endOf(createClient(33 * MIB, 8 * MIB))).toBeNull();
  expect(endOf(createClient(32 * MIB, 65_536))).toBeNull();
});

test('reading is a sign of life while over 64 KiB wait, also below 1 MiB (fault 86)', () => {
  const client = createClient(MIB, 65_536);
  for (let second = 1; second <= 14; second++) {
    client.secondPasses();
    isBehind(client, second * 1_000);
  }
  expect(client.lastFrameAt).toBe(14_000);
});

test('where Node does not tell what was taken, a client has 5 s with over 1 MiB waiting', () => {
  const client = { backlog: null, lastFrameAt: 0, socket: { bufferedAmount: 2 * MIB } };
  const behind = [1, 2, 3, 4, 5, 6].map((second) => isBehind(client, second * 1_000));
  expect(behind).toEqual([false, false, false, false, false, true]);
});
