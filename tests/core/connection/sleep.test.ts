import { describe, expect, test } from 'vitest';
import type { OpenInfo } from '../../../src/core/messages/events.ts';
import { simulate, simulateOpen, type World } from '../../support/simulation/world.ts';

const HOUR = 3_600_000;

describe('waking from sleep (fault 29)', () => {
  test('is noticed at an online signal, which sends a ping and finds a dead link within 3 s', () => {
    const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
    clock.advance(1_000);
    clock.sleep(HOUR);
    network.goesSilent();
    signals.emit('online');
    expect(network.server.received).toEqual(['ping', 'ping']);
    clock.advance(3_000);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'timeout', phase: 'heartbeat' },
    });
  });

  test('is noticed by send(), which sends a ping first', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.advance(1_000);
    clock.sleep(HOUR);
    connection.send('a');
    expect(network.server.received).toEqual(['ping', 'ping', 'a']);
    network.goesSilent();
    clock.advance(3_000);
    expect(network.sockets).toHaveLength(2);
  });

  test.each<[string, (world: World) => unknown]>([
    ['online', ({ signals }) => signals.emit('online')],
    ['offline', ({ signals }) => signals.emit('offline')],
    ['visible', ({ signals }) => signals.emit('visible')],
    ['send()', ({ connection }) => connection.send('a')],
  ])(
    'is noticed at %s, after which a dead link is replaced within 3.5 s by default',
    (_, wakes) => {
      const world = simulateOpen({ heartbeat: true });
      world.clock.advance(10_000);
      world.clock.sleep(HOUR);
      world.network.goesSilent();
      wakes(world);
      world.clock.advance(3_500);
      expect(world.connection.getSnapshot()).toMatchObject({
        status: 'reconnecting',
        readyState: 0,
      });
      expect(world.network.liveSockets).toBe(1);
    },
  );

  test('is noticed without any signal when the next ping is due', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.sleep(HOUR);
    network.goesSilent();
    clock.advance(25_000 + 3_000);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
  });

  test('lets send() check a heartbeat timeout that has already passed', () => {
    const { connection, network, clock } = simulateOpen({
      heartbeat: { interval: 1_000, timeout: 400 },
    });
    network.goesSilent();
    clock.advance(1_000);
    clock.blockPage(450);
    expect(connection.send('a')).toBe('queued');
    expect(network.sockets).toHaveLength(2);
    expect(network.sockets[0]?.sent).toEqual(['ping']);
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });

  test('shortens the wait for the next attempt', () => {
    const { connection, network, clock } = simulateOpen({ reconnect: { minDelay: 60_000 } });
    network.server.breaks();
    clock.sleep(HOUR);
    connection.send('a');
    clock.advance(500);
    expect(network.sockets).toHaveLength(2);
  });

  test('changes nothing without a heartbeat', () => {
    const { connection, network, clock, signals } = simulateOpen();
    clock.sleep(HOUR);
    signals.emit('visible');
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.server.received).toEqual([]);
  });

  test('is not assumed after a pause of 5 s or less', () => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.sleep(5_000);
    connection.send('a');
    expect(network.server.received).toEqual(['a']);
  });
});

test.each([HOUR, -HOUR])(
  'a jump of the wall clock by %d ms causes at most one ping (fault 30)',
  (jump) => {
    const { connection, network, clock } = simulateOpen({ heartbeat: true });
    clock.advance(1_000);
    clock.jump(jump);
    connection.send('a');
    connection.send('b');
    clock.advance(20_000);
    // One follows the opening, and another one the jump.
    expect(network.server.received.filter((frame) => frame === 'ping').length).toBeLessThan(3);
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  },
);

test.each([HOUR, -HOUR])(
  'retryAt is right after the wall clock has jumped by %d ms while connecting',
  (jump) => {
    const { connection, network, clock } = simulate();
    connection.open();
    clock.jump(jump);
    network.server.refuses();
    clock.advance(1_750);
    network.server.refuses();
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 3_250);
  },
);

test.each([HOUR, -HOUR])(
  'retryAt is right if a link is lost right after the wall clock has jumped by %d ms',
  (jump) => {
    const { connection, network, clock } = simulateOpen();
    clock.jump(jump);
    network.server.breaks();
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 1_750);
  },
);

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

  test('is counted from the last frame of the old link', () => {
    const { network, clock, reopens } = world();
    clock.advance(400);
    network.server.sends('last');
    clock.advance(600);
    network.server.breaks();
    clock.advance(100);
    expect(reopens()).toEqual({ reconnected: true, downtime: 700 });
  });

  test('is counted from the opening of the old link if it received nothing', () => {
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

  test('includes sleep while connecting', () => {
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
