import { describe, expect, test } from 'vitest';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

describe('close()', () => {
  test('closes the link, tells so once, and stays closed', () => {
    const { connection, network, clock, log } = simulateOpen();
    connection.close(4000, 'bye');
    expect(connection.getSnapshot()).toMatchObject({ status: 'closing', readyState: 2 });
    expect(network.socket.closedWith).toEqual({ code: 4000, reason: 'bye' });
    clock.advance(120_000);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      readyState: 3,
      attempt: 0,
      cause: { kind: 'requested' },
    });
    expect(log).toEqual(['status closing', 'close requested finally', 'status closed']);
    expect(network.sockets).toHaveLength(1);
  });

  test('says 1000 unless told otherwise', () => {
    const { connection, network } = simulateOpen();
    connection.close();
    expect(network.socket.closedWith?.code).toBe(1000);
  });

  test('leaves no timer, listener or socket behind', () => {
    const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
    connection.close();
    clock.advance(3_000);
    expect(clock.pendingTimers).toBe(0);
    expect(signals.listeners).toBe(0);
    expect(network.listeners).toBe(0);
    expect(network.liveSockets).toBe(0);
    expect(connection.socket).toBeNull();
  });

  test('a second one changes nothing', () => {
    const { connection, network, clock, log } = simulateOpen();
    connection.close(4000);
    connection.close(4001);
    clock.advance(3_000);
    connection.close(4002);
    expect(network.socket.closedWith?.code).toBe(4000);
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close requested finally']);
  });

  test('empties the outbox with drop', () => {
    const { connection, log } = simulate();
    connection.open();
    connection.send('a');
    connection.send('b');
    log.length = 0;
    connection.close();
    expect(log).toEqual(['close requested finally', 'drop a,b closed', 'status closed']);
  });

  test('delivers nothing that comes after it', () => {
    const { connection, network, log } = simulateOpen();
    connection.close();
    network.server.sends('late');
    expect(log).toEqual(['status closing']);
  });

  test('on an idle connection forbids retain() to open it', () => {
    const { connection, network } = simulate();
    connection.close();
    connection.retain();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'requested' },
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('ends a wait at once', () => {
    const { connection, network, clock, log } = simulateOpen();
    network.server.breaks();
    connection.close();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(clock.pendingTimers).toBe(0);
    expect(log.at(-2)).toBe('close requested finally');
  });

  test('can be answered by open(), which does not wait for the handshake', () => {
    const { connection, network, log } = simulateOpen();
    connection.close();
    connection.open();
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', cause: null });
    expect(network.liveSockets).toBe(1);
    network.server.accepts();
    expect(log).toEqual([
      'status closing',
      'close requested',
      'status connecting',
      'open again',
      'status open',
    ]);
  });

  test('outlives a new token, but not a new scope', () => {
    const { connection, clock } = simulateOpen({ scope: 'ada' });
    connection.retain();
    connection.close();
    clock.advance(3_000);
    connection.update({ url: 'ws://server.test/live?token=2' });
    expect(connection.getSnapshot().status).toBe('closed');
    connection.update({ scope: 'bob', url: URL_B });
    expect(connection.getSnapshot().status).toBe('connecting');
  });

  test('after the policy gave up still outlives a new token', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    connection.retain();
    network.server.closesWith(1002);
    connection.close();
    connection.update({ url: 'ws://server.test/live?token=2' });
    expect(connection.getSnapshot().status).toBe('closed');
  });
});

describe('fault 17: close() refuses what a socket would refuse, and the link stays', () => {
  test.each([0, 999, 1001, 1005, 1006, 2999, 5000, 3000.5, Number.NaN])('the code %d', (code) => {
    const { connection } = simulateOpen();
    expect(() => connection.close(code)).toThrow(/1000 or 3000 to 4999/);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test.each([1000, 3000, 4999])('not the code %d', (code) => {
    const { connection } = simulateOpen();
    connection.close(code);
    expect(connection.getSnapshot().status).toBe('closing');
  });

  test('a reason of over 123 bytes, however few characters', () => {
    const { connection } = simulateOpen();
    expect(() => connection.close(1000, 'ü'.repeat(62))).toThrow(/123 bytes/);
    expect(connection.getSnapshot().status).toBe('open');
    connection.close(1000, `${'ü'.repeat(61)}.`);
    expect(connection.getSnapshot().status).toBe('closing');
  });
});

test('fault 19: close() while connecting swallows the error and 1006 of the socket', () => {
  const { connection, clock, network, log } = simulate();
  connection.open();
  connection.close();
  clock.advance(60_000);
  expect(network.socket.readyState).toBe(3);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'closed',
    cause: { kind: 'requested' },
  });
  expect(log).toEqual(['status connecting', 'close requested finally', 'status closed']);
});

test('fault 20: close() on a half-open link ends at closeTimeout', () => {
  const { connection, clock, network, log } = simulateOpen();
  network.goesSilent();
  connection.close();
  clock.advance(2_999);
  expect(connection.getSnapshot().status).toBe('closing');
  clock.advance(1);
  expect(connection.getSnapshot().status).toBe('closed');
  log.length = 0;
  clock.advance(60_000);
  expect(log).toEqual([]);
});

describe('the server closes', () => {
  test.each([1000, 1001, 1005, 1006, 1011, 1012, 1014, 4000])(
    'faults 12 and 13: %d is retried',
    (code) => {
      const { connection, network, clock } = simulateOpen();
      network.server.closesWith(code, 'why');
      expect(connection.getSnapshot()).toMatchObject({
        status: 'reconnecting',
        cause: { kind: 'close', code, reason: 'why', wasClean: true },
      });
      clock.advance(1_750);
      expect(connection.getSnapshot().readyState).toBe(0);
    },
  );

  test('fault 14: after 1013 the wait is four times as long', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(1013);
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 4 * 1_750);
  });

  test.each([1002, 1003, 1007, 1009, 1010])('fault 15: %d is final', (code) => {
    const { connection, network, clock, log } = simulateOpen();
    network.server.closesWith(code);
    expect(connection.getSnapshot()).toMatchObject({ status: 'closed', cause: { code } });
    expect(log).toEqual([`close ${code} finally`, 'status closed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test.each([1008, 4401, 4403])('fault 16: %d gets one more try', (code) => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(code);
    expect(connection.getSnapshot().status).toBe('reconnecting');
    clock.advance(1_750);
    network.server.accepts();
    clock.advance(4_999);
    network.server.closesWith(code);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('fault 16: a stable link in between starts over', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(4401);
    clock.advance(1_750);
    network.server.accepts();
    clock.advance(5_000);
    network.server.closesWith(4401);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 1 });
  });

  test('fault 16: another failure in between does not', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(4401);
    clock.advance(1_750);
    network.server.refuses();
    clock.advance(3_250);
    network.server.accepts();
    network.server.closesWith(4401);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('fault 12: shouldReconnect overrides it all', () => {
    const { connection, network } = simulateOpen({ reconnect: { shouldReconnect: () => false } });
    network.server.closesWith(1000);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('fault 11: right after each opening, and is met at most 15 times a minute', () => {
    const { connection, network, clock } = simulate();
    network.acceptsAll();
    connection.on('open', () => clock.later(0, () => network.server.closesWith(1001)));
    connection.open();
    clock.advance(60_000);
    expect(network.sockets.length).toBeLessThanOrEqual(15);
  });

  test('fault 18: the reason is text, whatever it looks like', () => {
    const { connection, network } = simulateOpen();
    network.server.closesWith(4000, '{"__proto__":{"admin":true}}');
    expect(connection.getSnapshot().cause).toMatchObject({
      reason: '{"__proto__":{"admin":true}}',
    });
  });
});
