import { describe, expect, test } from 'vitest';
import type { HeartbeatOptions } from '../../../src/core/options/options.ts';
import { takeReports } from '../../support/reports.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';
import { simulateOpen } from '../../support/simulation/world.ts';

const heartbeat: HeartbeatOptions = { interval: 1_000, timeout: 400 };
const pings = (frames: readonly unknown[]) => frames.filter((frame) => frame === 'ping').length;

test('the heartbeat is off by default: a silent link stays open, and no timer runs', () => {
  const { connection, network, clock } = simulateOpen();
  network.goesSilent();
  expect(clock.pendingTimers).toBe(0);
  clock.advance(3_600_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.server.received).toEqual([]);
});

test('heartbeat: true sends a ping soon after opening and then every 25 s, and waits 10 s for the answer', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: true });
  clock.advance(100);
  expect(network.server.received).toEqual(['ping']);
  clock.advance(24_999);
  expect(network.server.received).toEqual(['ping']);
  clock.advance(1);
  expect(network.server.received).toEqual(['ping', 'ping']);
  network.goesSilent();
  clock.advance(9_999);
  expect(connection.getSnapshot().status).toBe('open');
  clock.advance(1);
  expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
});

test('a pong sets the latency and is not delivered as a message', () => {
  const { connection, network, clock, log } = simulateOpen({ heartbeat });
  network.latency = 70;
  expect(connection.getSnapshot().latency).toBeNull();
  clock.advance(1_100);
  expect(connection.getSnapshot().latency).toBe(70);
  expect(log.join()).not.toContain('message');
  expect(connection.lastMessage).toBeNull();
});

test('a half-open link is noticed within interval + timeout, and the next socket opens at once (fault 21)', () => {
  const { connection, network, clock, log } = simulateOpen({ heartbeat });
  clock.advance(110);
  network.goesSilent();
  clock.advance(1_389);
  expect(network.sockets).toHaveLength(1);
  clock.advance(1);
  expect(network.sockets).toHaveLength(2);
  expect(network.liveSockets).toBe(1);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'reconnecting',
    readyState: 0,
    attempt: 1,
  });
  expect(log.slice(-2)).toEqual(['close heartbeat timeout', 'status reconnecting']);
});

test.each([0, 12_000, 24_999, 25_000, 25_009, 25_010, 49_999])(
  'a link that goes half-open %d ms after opening is noticed within 35 s by default (fault 21)',
  (wait) => {
    const { network, clock, log } = simulateOpen({ heartbeat: true });
    clock.advance(wait);
    network.goesSilent();
    clock.advance(35_000);
    expect(log.slice(0, 2)).toEqual(['close heartbeat timeout', 'status reconnecting']);
  },
);

test('a half-open link counts as a failed attempt: with reconnect: false it is the end (fault 21)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat, reconnect: false });
  network.goesSilent();
  clock.advance(1_400);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'closed',
    cause: { kind: 'timeout', phase: 'heartbeat' },
  });
});

test('incoming data keeps the link open when pongs are lost (fault 24)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.dropsPongs();
  for (let tick = 0; tick < 100; tick++) {
    clock.advance(300);
    network.server.sends('data');
  }
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('pings go out on schedule while many messages arrive (fault 25)', () => {
  const { network, clock } = simulateOpen({ heartbeat });
  for (let tick = 0; tick < 1_000; tick++) {
    clock.advance(10);
    network.server.sends('data');
  }
  expect(pings(network.server.received)).toBe(10);
});

test('a replaced link takes its unanswered ping along, and the late pong is ignored (fault 26)', () => {
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

test('a pong without a ping does not change the latency', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.server.sends('pong');
  expect(connection.getSnapshot().latency).toBeNull();
  clock.advance(1_100);
  expect(connection.getSnapshot().latency).toBe(10);
  clock.advance(500);
  network.server.sends('pong');
  expect(connection.getSnapshot().latency).toBe(10);
});

test('a heartbeat timer that fires late sends another ping instead of closing the link (fault 27)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  clock.advance(1_000);
  network.dropsPongs();
  clock.blockPage(60_000);
  clock.advance(0);
  expect(connection.getSnapshot().status).toBe('open');
  network.answersPings = true;
  clock.blockPage(60_000);
  clock.advance(0);
  clock.advance(1_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('a dead peer is found even if every timer fires late (fault 27)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  network.goesSilent();
  for (let wake = 0; wake < 3; wake++) {
    clock.blockPage(60_000);
    clock.advance(0);
  }
  expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
});

test('an offline signal sends a ping and does not close the link (fault 31)', () => {
  const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
  signals.emit('offline');
  expect(network.server.received).toEqual(['ping']);
  clock.advance(20_000);
  expect(connection.getSnapshot().status).toBe('open');
  network.goesSilent();
  signals.emit('offline');
  clock.advance(3_000);
  expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
});

test('signals of the page send nothing without a heartbeat', () => {
  const { network, signals } = simulateOpen();
  for (const signal of ['online', 'offline', 'visible'] as const) signals.emit(signal);
  expect(network.server.received).toEqual([]);
});

describe('ping and pong', () => {
  test('are frames of any form that bypass the codec', () => {
    const { connection, network, clock, log } = simulateOpen<string, string>({
      heartbeat: { ...heartbeat, ping: () => '{"op":1}', pong: (frame) => frame === '{"op":2}' },
      codec: { encode: (message) => `<${message}>`, decode: (frame) => `(${frame as string})` },
    });
    clock.advance(100);
    network.server.sends('{"op":2}', 'data');
    expect(network.server.received).toEqual(['{"op":1}']);
    expect(connection.getSnapshot().latency).toBe(0);
    expect(log).toEqual(['message (data)']);
  });

  test('can be binary', () => {
    const ping = new Uint8Array([1]);
    const { network, clock } = simulateOpen({ heartbeat: { ...heartbeat, ping } });
    clock.advance(100);
    expect(network.server.received).toEqual([ping]);
  });

  test('with ping: null, frames keep the link open even if the wall clock stands still', () => {
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

  test('with ping: null, nothing is sent, and a silence of interval + timeout ends the link', () => {
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

  test('a ping that no socket takes is reported, and the link stays open (fault 58)', () => {
    const ping = () => ({ byteLength: 4 }) as never;
    const { connection, network, clock } = simulateOpen({ heartbeat: { interval: 1_000, ping } });
    clock.advance(1_000);
    expect(takeReports()).toEqual([expect.any(TypeError)]);
    expect(network.server.received).toEqual([]);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('a ping function that throws is reported, and the link stays open (fault 42)', () => {
    const error = new Error('no ping');
    const { connection, clock } = simulateOpen({
      heartbeat: {
        ...heartbeat,
        ping: () => {
          throw error;
        },
      },
    });
    clock.advance(2_500);
    expect(takeReports()).toEqual([error, error, error]);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('a frame is delivered as a message when the pong function throws on it (fault 42)', () => {
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

test('the heartbeat can be switched on and off while the link is open', () => {
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

test('a ping sent for a signal of the page is repeated if its timer fires late (fault 27)', () => {
  const { connection, network, signals, clock } = simulateOpen({ heartbeat: true });
  signals.emit('visible');
  network.latency = 10;
  clock.blockPage(4_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test('waking from sleep sends a ping at once, even while an earlier one is unanswered (fault 29)', () => {
  const { network, signals, clock } = simulateOpen({ heartbeat: true });
  network.dropsPongs();
  signals.emit('offline');
  clock.sleep(3_600_000);
  signals.emit('visible');
  expect(pings(network.server.received)).toBe(2);
});

test('setting the wall clock ahead does not end a link without pings (fault 30)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: { ping: null } });
  network.server.sends('data');
  clock.jump(3_600_000);
  clock.advance(30_000);
  expect(connection.getSnapshot().status).toBe('open');
});

test('a new heartbeat interval takes effect at once', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat: { interval: 3_600_000 } });
  connection.update({ heartbeat: { interval: 1_000 } });
  clock.advance(3_000);
  expect(pings(network.server.received)).toBe(3);
});

test('pings go out and a dead peer is noticed while the options change all the time (fault 62)', () => {
  const { connection, network, clock } = simulateOpen({ heartbeat });
  const render = (tick: number) =>
    connection.update({ heartbeat: { interval: 1_000 + (tick % 2), timeout: 400 + (tick % 3) } });
  let tick = 0;
  for (; tick < 100; tick++) {
    render(tick);
    clock.advance(50);
  }
  expect(pings(network.server.received)).toBe(5);
  network.goesSilent();
  for (; connection.getSnapshot().status === 'open' && tick < 200; tick++) {
    render(tick);
    clock.advance(50);
  }
  expect(tick).toBeLessThanOrEqual(100 + 1_500 / 50);
  expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
});

describe('a heartbeat that only keeps the link alive (fault 104)', () => {
  const keepAlive = (options: HeartbeatOptions = {}) =>
    simulateOpen({ heartbeat: { interval: 1_000, timeout: Infinity, ...options } });

  test('sends a ping every interval, answered or not, and no peer counts as dead', () => {
    const { connection, network, clock } = keepAlive();
    network.goesSilent();
    clock.advance(10_000);
    expect(pings(network.server.received)).toBe(10);
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', latency: null });
    expect(network.sockets).toHaveLength(1);
  });

  test('still tells the latency, if the server answers', () => {
    const { connection, network, clock } = keepAlive();
    network.latency = 70;
    clock.advance(1_100);
    expect(connection.getSnapshot().latency).toBe(70);
  });

  test('judges nobody after a sleep, or when the page is shown', () => {
    const { connection, network, clock, signals } = keepAlive();
    network.goesSilent();
    clock.sleep(3_600_000);
    signals.emit('visible');
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  test('only listens, if there is no ping', () => {
    const { connection, network, clock, signals } = keepAlive({ ping: null });
    clock.sleep(3_600_000);
    signals.emit('visible');
    clock.advance(60_000);
    expect(network.server.received).toEqual([]);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('begins at once while a probe waits for its answer, and ends at once', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat });
    clock.advance(50);
    network.goesSilent();
    clock.advance(100);
    connection.update({ heartbeat: { ...heartbeat, timeout: Infinity } });
    clock.advance(10_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(pings(network.server.received)).toBe(11);
    connection.update({ heartbeat });
    clock.advance(1_400);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
  });
});

describe('answers to the pings of the server (fault 104)', () => {
  const answering = (reply: HeartbeatOptions['reply'], ping: HeartbeatOptions['ping'] = null) =>
    simulateOpen({ heartbeat: { interval: 1_000, timeout: 500, ping, reply } });

  test('go out at once, and what they answer is no message', () => {
    const { connection, network, log } = answering((frame) => (frame === '2' ? '3' : null));
    network.server.drainsTo(2_000_000);
    network.server.sends('2', 'hello', '2');
    expect(network.server.received).toEqual(['3', '3']);
    expect(log).toEqual(['message hello']);
    expect(connection.lastMessage).toBe('hello');
  });

  test('a ping of the server is a sign of life', () => {
    const { connection, network, clock } = answering((frame) => (frame === '2' ? '3' : undefined));
    for (let beat = 0; beat < 10; beat++) {
      clock.advance(1_200);
      network.server.sends('2');
    }
    expect(connection.getSnapshot().status).toBe('open');
    clock.advance(2_600);
    expect(connection.getSnapshot().status).not.toBe('open');
  });

  test('a reply that throws is reported, and the frame is a message', () => {
    const error = new Error('no');
    const { network, log } = answering(() => {
      throw error;
    });
    network.server.sends('2');
    expect(takeReports()).toEqual([error]);
    expect(log).toEqual(['message 2']);
  });

  test('a reply that no socket takes is reported', () => {
    const { network, log } = answering(() => ({}) as never);
    network.server.sends('2');
    expect(takeReports()).toEqual([expect.any(TypeError)]);
    expect(log).toEqual([]);
  });

  test('no answer goes out on a link that the application has closed', () => {
    const { connection, network } = answering(() => '3');
    connection.close();
    network.server.sends('2');
    expect(network.server.received).toEqual([]);
  });
});
