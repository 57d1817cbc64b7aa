import { describe, expect, test } from 'vitest';
import type { HeartbeatOptions } from '../../../src/core/options/options.ts';
import { takeReports } from '../../support/reports.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';
import { simulateOpen } from '../../support/simulation/world.ts';

const heartbeat: HeartbeatOptions = { interval: 1_000, timeout: 400 };
const pings = (frames: readonly unknown[]) => frames.filter((frame) => frame === 'ping').length;

test('is off by default: a silent link stays, and no timer runs', () => {
  const { connection, network, clock } = simulateOpen();
  network.goesSilent();
  expect(clock.pendingTimers).toBe(0);
  clock.advance(3_600_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.server.received).toEqual([]);
});

test('true means a ping every 25 s, answered within 10 s', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: true });
  clock.advance(24_999);
  expect(network.server.received).toEqual([]);
  clock.advance(1);
  expect(network.server.received).toEqual(['ping']);
  network.goesSilent();
  clock.advance(9_999);
  expect(connection.getSnapshot().status).toBe('open');
  clock.advance(1);
  expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
});

test('the pong tells the latency and is not delivered', () => {
  const { connection, network, clock, log } = simulateOpen({ heartbeat });
  network.latency = 70;
  expect(connection.getSnapshot().latency).toBeNull();
  clock.advance(1_100);
  expect(connection.getSnapshot().latency).toBe(70);
  expect(log.join()).not.toContain('message');
  expect(connection.lastMessage).toBeNull();
});

test('fault 21: half-open is noticed within interval + timeout, and the next socket opens at once', () => {
  const { connection, network, clock, log } = simulateOpen({ heartbeat });
  network.goesSilent();
  clock.advance(1_399);
  expect(network.sockets).toHaveLength(1);
  clock.advance(1);
  expect(network.sockets).toHaveLength(2);
  expect(network.liveSockets).toBe(1);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'reconnecting',
    readyState: 0,
    attempt: 1,
  });
  expect(log).toEqual(['close heartbeat timeout', 'status reconnecting']);
});

test.each([0, 12_000, 24_999, 25_000, 25_009, 25_010, 49_999])(
  'fault 21: by default it is noticed within 35 s, also if it begins %d ms after the opening',
  (wait) => {
    const { network, clock, log } = simulateOpen({ heartbeat: true });
    clock.advance(wait);
    network.goesSilent();
    clock.advance(35_000);
    expect(log.slice(0, 2)).toEqual(['close heartbeat timeout', 'status reconnecting']);
  },
);

test('fault 21: it is a failed attempt for the policy', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat, reconnect: false });
  network.goesSilent();
  clock.advance(1_400);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'closed',
    cause: { kind: 'timeout', phase: 'heartbeat' },
  });
});

test('fault 24: data proves life when the pong is lost', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.dropsPongs();
  for (let tick = 0; tick < 100; tick++) {
    clock.advance(300);
    network.server.sends('data');
  }
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('fault 25: under an inbound flood pings still go out on schedule', () => {
  const { network, clock } = simulateOpen({ heartbeat });
  for (let tick = 0; tick < 1_000; tick++) {
    clock.advance(10);
    network.server.sends('data');
  }
  expect(pings(network.server.received)).toBe(10);
});

test('fault 26: a probe is forgotten with its link, and its late pong means nothing', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.dropsPongs();
  clock.advance(1_000);
  const old = network.server;
  connection.reconnect();
  network.server.accepts();
  old.sends('pong');
  network.server.sends('pong');
  expect(connection.getSnapshot().latency).toBeNull();
  clock.advance(500);
  expect(connection.getSnapshot().status).toBe('open');
});

test('a pong that nobody asked for tells no latency', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.server.sends('pong');
  expect(connection.getSnapshot().latency).toBeNull();
  clock.advance(1_100);
  expect(connection.getSnapshot().latency).toBe(10);
  clock.advance(500);
  network.server.sends('pong');
  expect(connection.getSnapshot().latency).toBe(10);
});

test('fault 27: a deadline that fires late lets queued messages in and probes again', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  clock.advance(1_000);
  network.dropsPongs();
  clock.holdTimersUp(60_000);
  clock.advance(0);
  expect(connection.getSnapshot().status).toBe('open');
  network.answersPings = true;
  clock.holdTimersUp(60_000);
  clock.advance(0);
  clock.advance(1_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('fault 27: a peer that stays silent is still found', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.goesSilent();
  for (let wake = 0; wake < 3; wake++) {
    clock.holdTimersUp(60_000);
    clock.advance(0);
  }
  expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
});

test('fault 31: offline asks, it does not kill', () => {
  const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
  signals.say('offline');
  expect(network.server.received).toEqual(['ping']);
  clock.advance(20_000);
  expect(connection.getSnapshot().status).toBe('open');
  network.goesSilent();
  signals.say('offline');
  clock.advance(3_000);
  expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
});

test('a hint without a heartbeat asks nothing', () => {
  const { network, signals } = simulateOpen();
  for (const signal of ['online', 'offline', 'visible'] as const) signals.say(signal);
  expect(network.server.received).toEqual([]);
});

describe('ping and pong', () => {
  test('are raw frames of any form, past the codec', () => {
    const { connection, network, clock, log } = simulateOpen<string, string>({
      heartbeat: { ...heartbeat, ping: () => '{"op":1}', pong: (frame) => frame === '{"op":2}' },
      codec: { encode: (message) => `<${message}>`, decode: (frame) => `(${frame as string})` },
    });
    clock.advance(1_000);
    network.server.sends('{"op":2}', 'data');
    expect(network.server.received).toEqual(['{"op":1}']);
    expect(connection.getSnapshot().latency).toBe(0);
    expect(log).toEqual(['message (data)']);
  });

  test('a ping may be binary', () => {
    const ping = new Uint8Array([1]);
    const { network, clock } = simulateOpen({ heartbeat: { ...heartbeat, ping } });
    clock.advance(1_000);
    expect(network.server.received).toEqual([ping]);
  });

  test('with ping: null frames prove life also while the wall clock stands still', () => {
    const clock = Object.assign(new SimulatedClock(), { wall: () => 0 });
    const { connection, network } = simulateOpen({
      clock,
      heartbeat: { ...heartbeat, ping: null },
    });
    for (let turn = 0; turn < 5; turn++) {
      clock.advance(900);
      network.server.sends('price');
    }
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('with ping: null only silence past interval + timeout is death, and nothing is sent', () => {
    const { connection, network, clock } = simulateOpen({
      heartbeat: { ...heartbeat, ping: null },
    });
    clock.advance(900);
    network.server.sends('data');
    clock.advance(1_399);
    expect(connection.getSnapshot().status).toBe('open');
    clock.advance(1);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
    expect(network.sockets[0]?.sent).toEqual([]);
  });

  test('fault 42: a ping that throws is reported, and proves nothing about the peer', () => {
    const error = new Error('no ping');
    const { connection, clock } = simulateOpen({
      heartbeat: {
        ...heartbeat,
        ping: () => {
          throw error;
        },
      },
    });
    clock.advance(3_500);
    expect(takeReports()).toEqual([error, error, error]);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('fault 42: a frame at which the predicate for pongs throws is a message', () => {
    const error = new Error('no idea');
    const { network, log } = simulateOpen({
      heartbeat: {
        ...heartbeat,
        pong: () => {
          throw error;
        },
      },
    });
    network.server.sends('data');
    expect(log).toEqual(['message data']);
    expect(takeReports()).toEqual([error]);
  });
});

test('it can be switched on and off while the link is open', () => {
  const { connection, network, clock } = simulateOpen();
  connection.update({ heartbeat });
  clock.advance(1_000);
  expect(network.server.received).toEqual(['ping']);
  connection.update({ heartbeat: false });
  network.goesSilent();
  clock.advance(60_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(clock.pendingTimers).toBe(0);
});

test('fault 27: a probe that a hint asked for, judged late, is sent once more before it counts', () => {
  const { connection, network, signals, clock } = simulateOpen({ heartbeat: true });
  signals.say('visible');
  network.latency = 10;
  clock.holdTimersUp(4_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('fault 29: a wake asks at once, even while an earlier hint is unanswered', () => {
  const { network, signals, clock } = simulateOpen({ heartbeat: true });
  network.dropsPongs();
  signals.say('offline');
  clock.sleep(3_600_000);
  signals.say('visible');
  expect(pings(network.server.received)).toBe(2);
});

test('fault 30: a wall clock set ahead does not silence a peer that is only listened to', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: { ping: null } });
  network.server.sends('data');
  clock.jump(3_600_000);
  clock.advance(30_000);
  expect(connection.getSnapshot().status).toBe('open');
});

test('a new interval counts at once', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: { interval: 3_600_000 } });
  connection.update({ heartbeat: { interval: 1_000 } });
  clock.advance(3_000);
  expect(pings(network.server.received)).toBe(3);
});
