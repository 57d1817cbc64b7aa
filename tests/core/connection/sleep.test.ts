import { describe, expect, test } from 'vitest';
import type { OpenInfo } from '../../../src/core/messages/events.ts';
import { simulate, simulateOpen, type World } from '../../support/simulation/world.ts';

const HOUR = 3_600_000;

describe('fault 29: sleep and wake', () => {
  test('the next signal of life from the page asks at once, and a dead link is found in 3 s', () => {
    const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
    clock.sleep(HOUR);
    network.goesSilent();
    signals.say('online');
    expect(network.server.received).toEqual(['ping']);
    clock.advance(3_000);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'timeout', phase: 'heartbeat' },
    });
  });

  test('send() notices the sleep, too', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.sleep(HOUR);
    connection.send('a');
    expect(network.server.received[0]).toBe('ping');
    network.goesSilent();
    clock.advance(3_000);
    expect(network.sockets).toHaveLength(2);
  });

  test.each<[string, (world: World) => unknown]>([
    ['online', ({ signals }) => signals.say('online')],
    ['offline', ({ signals }) => signals.say('offline')],
    ['visible', ({ signals }) => signals.say('visible')],
    ['send()', ({ connection }) => connection.send('a')],
  ])('after %s a dead link is replaced within 3.5 s by default', (_, wakes) => {
    const world = simulateOpen({ heartbeat: true });
    world.clock.advance(10_000);
    world.clock.sleep(HOUR);
    world.network.goesSilent();
    wakes(world);
    world.clock.advance(3_500);
    expect(world.connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
    expect(world.network.liveSockets).toBe(1);
  });

  test('a wake of which nothing tells is noticed when the next probe is due', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.sleep(HOUR);
    network.goesSilent();
    clock.advance(25_000 + 3_000);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
  });

  test('an expired deadline is checked before a send', () => {
    const { connection, network, clock } = simulateOpen({
      heartbeat: { interval: 1_000, timeout: 400 },
    });
    network.goesSilent();
    clock.advance(1_000);
    clock.holdTimersUp(450);
    expect(connection.send('a')).toBe('queued');
    expect(network.sockets).toHaveLength(2);
    expect(network.sockets[0]?.sent).toEqual(['ping']);
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });

  test('a wait becomes short', () => {
    const { connection, network, clock } = simulateOpen({ reconnect: { minDelay: 60_000 } });
    network.server.breaks();
    clock.sleep(HOUR);
    connection.send('a');
    clock.advance(500);
    expect(network.sockets).toHaveLength(2);
  });

  test('without a heartbeat nothing happens', () => {
    const { connection, network, clock, signals } = simulateOpen();
    clock.sleep(HOUR);
    signals.say('visible');
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.server.received).toEqual([]);
  });

  test('under 5 s it is no sleep', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.sleep(5_000);
    connection.send('a');
    expect(network.server.received).toEqual(['a']);
  });
});

test.each([HOUR, -HOUR])('fault 30: the wall clock jumps by %d ms: one probe at most', (jump) => {
  const { connection, network, clock } = simulateOpen({ heartbeat: true });
  clock.advance(1_000);
  clock.jump(jump);
  connection.send('a');
  connection.send('b');
  clock.advance(20_000);
  expect(network.server.received.filter((frame) => frame === 'ping').length).toBeLessThan(2);
  clock.advance(60_000);
  expect(connection.getSnapshot().status).toBe('open');
  expect(network.sockets).toHaveLength(1);
});

test.each([HOUR, -HOUR])('retryAt is on the wall clock, after a jump of %d ms as well', (jump) => {
  const { connection, network, clock } = simulate();
  connection.open();
  clock.jump(jump);
  network.server.refuses();
  clock.advance(1_750);
  network.server.refuses();
  expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 3_250);
});

test.each([HOUR, -HOUR])('and so it is if a link is lost right after a jump of %d ms', (jump) => {
  const { connection, network, clock } = simulateOpen();
  clock.jump(jump);
  network.server.breaks();
  expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 1_750);
});

describe('downtime', () => {
  const world = () => {
    const infos: OpenInfo[] = [];
    const simulated = simulateOpen();
    simulated.connection.on('open', (info) => infos.push(info));
    const reopens = () => {
      simulated.connection.reconnect();
      simulated.network.server.accepts();
      return infos.at(-1);
    };
    return { ...simulated, reopens };
  };

  test('is 0 on the first link', () => {
    const infos: OpenInfo[] = [];
    const { connection, network, clock } = simulate({ onOpen: (info) => infos.push(info) });
    connection.open();
    clock.advance(500);
    network.server.accepts();
    expect(infos).toEqual([{ reconnected: false, downtime: 0 }]);
  });

  test('runs from the last frame of the old link', () => {
    const { network, clock, reopens } = world();
    clock.advance(400);
    network.server.sends('last');
    clock.advance(600);
    network.server.breaks();
    clock.advance(100);
    expect(reopens()).toEqual({ reconnected: true, downtime: 700 });
  });

  test('runs from the opening of a link that has said nothing', () => {
    const { clock, reopens } = world();
    clock.advance(400);
    expect(reopens()).toEqual({ reconnected: true, downtime: 400 });
  });

  test('includes sleep', () => {
    const { clock, reopens } = world();
    clock.advance(400);
    clock.sleep(HOUR);
    expect(reopens()?.downtime).toBe(HOUR + 400);
  });

  test('includes sleep while dialling', () => {
    const { network, clock, connection } = world();
    let downtime = 0;
    connection.on('open', (info) => (downtime = info.downtime));
    connection.reconnect();
    clock.sleep(HOUR);
    network.server.accepts();
    expect(downtime).toBe(HOUR);
  });

  test('does not include sleep before the last frame', () => {
    const { network, clock, reopens } = world();
    clock.sleep(HOUR);
    network.server.sends('awake');
    clock.advance(250);
    expect(reopens()?.downtime).toBe(250);
  });
});
