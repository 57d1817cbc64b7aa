import { describe, expect, test } from 'vitest';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

describe('close()', () => {
  test('closes the link, emits one close event, and stays closed', () => {
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
    expect(log).toEqual(['status closing', 'close requested final', 'status closed']);
    expect(network.sockets).toHaveLength(1);
  });

  test('sends the code 1000 unless another one is given', () => {
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

  test('changes nothing when it is called again', () => {
    const { connection, network, clock, log } = simulateOpen();
    connection.close(4000);
    connection.close(4001);
    clock.advance(3_000);
    connection.close(4002);
    expect(network.socket.closedWith?.code).toBe(4000);
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close requested final']);
  });

  test('empties the outbox with a drop event', () => {
    const { connection, log } = simulate();
    connection.open();
    connection.send('a');
    connection.send('b');
    log.length = 0;
    connection.close();
    expect(log).toEqual(['close requested final', 'drop a,b closed', 'status closed']);
  });

  test('delivers no message that arrives after it', () => {
    const { connection, network, log } = simulateOpen();
    connection.close();
    network.server.sends('late');
    expect(log).toEqual(['status closing']);
  });

  test('on an idle connection keeps retain() from opening it', () => {
    const { connection, network } = simulate();
    connection.close();
    connection.retain();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'requested' },
    });
    expect(network.sockets).toHaveLength(0);
  });

  test('ends the wait for the next attempt at once', () => {
    const { connection, network, clock, log } = simulateOpen();
    network.server.breaks();
    connection.close();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(clock.pendingTimers).toBe(0);
    expect(log.at(-2)).toBe('close requested final');
  });

  test('can be followed by open(), which does not wait for the closing handshake', () => {
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

  test('stays in force when the url gets a new token, and ends when the scope changes', () => {
    const { connection, clock } = simulateOpen({ scope: 'ada' });
    connection.retain();
    connection.close();
    clock.advance(3_000);
    connection.update({ url: 'ws://server.test/live?token=2' });
    expect(connection.getSnapshot().status).toBe('closed');
    connection.update({ scope: 'bob', url: URL_B });
    expect(connection.getSnapshot().status).toBe('connecting');
  });

  test('stays in force when the url gets a new token, also where reconnecting had been given up before', () => {
    const { connection, network } = simulateOpen({ scope: 'ada' });
    connection.retain();
    network.server.closesWith(1002);
    connection.close();
    connection.update({ url: 'ws://server.test/live?token=2' });
    expect(connection.getSnapshot().status).toBe('closed');
  });
});

describe('close() throws on arguments that a socket refuses, and the link stays open (fault 17)', () => {
  test.each([0, 999, 1001, 1005, 1006, 2999, 5000, 3000.5, Number.NaN])(
    'the code %d is refused',
    (code) => {
      const { connection } = simulateOpen();
      expect(() => connection.close(code)).toThrow(/1000 or 3000 to 4999/);
      expect(connection.getSnapshot().status).toBe('open');
    },
  );

  test.each([1000, 3000, 4999])('the code %d is accepted', (code) => {
    const { connection } = simulateOpen();
    connection.close(code);
    expect(connection.getSnapshot().status).toBe('closing');
  });

  test('a reason of over 123 bytes is refused, even if it has fewer characters', () => {
    const { connection } = simulateOpen();
    expect(() => connection.close(1000, 'ü'.repeat(62))).toThrow(/123 bytes/);
    expect(connection.getSnapshot().status).toBe('open');
    connection.close(1000, `${'ü'.repeat(61)}.`);
    expect(connection.getSnapshot().status).toBe('closing');
  });
});

test('close() while connecting hides the error event and the code 1006 of the socket (fault 19)', () => {
  const { connection, clock, network, log } = simulate();
  connection.open();
  connection.close();
  clock.advance(60_000);
  expect(network.socket.readyState).toBe(3);
  expect(connection.getSnapshot()).toMatchObject({
    status: 'closed',
    cause: { kind: 'requested' },
  });
  expect(log).toEqual(['status connecting', 'close requested final', 'status closed']);
});

test('close() on a half-open link ends after closeTimeout (fault 20)', () => {
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

describe('when the server closes the link', () => {
  test.each([1000, 1001, 1005, 1006, 1011, 1012, 1014, 4000])(
    'the code %d leads to another attempt (faults 12, 13)',
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

  test('the wait after the code 1013 is four times as long (fault 14)', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(1013);
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 4 * 1_750);
  });

  test.each([1002, 1003, 1007, 1009, 1010])(
    'the code %d ends the connection (fault 15)',
    (code) => {
      const { connection, network, clock, log } = simulateOpen();
      network.server.closesWith(code);
      expect(connection.getSnapshot()).toMatchObject({ status: 'closed', cause: { code } });
      expect(log).toEqual([`close ${code} final`, 'status closed']);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  test.each([1008, 4401, 4403])(
    'the code %d gets one more attempt, and the second time it ends the connection (fault 16)',
    (code) => {
      const { connection, network, clock } = simulateOpen();
      network.server.closesWith(code);
      expect(connection.getSnapshot().status).toBe('reconnecting');
      clock.advance(1_750);
      network.server.accepts();
      clock.advance(4_999);
      network.server.closesWith(code);
      expect(connection.getSnapshot().status).toBe('closed');
    },
  );

  test('a refusal after a stable link counts as the first one again (fault 16)', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(4403);
    clock.advance(1_750);
    network.server.accepts();
    clock.advance(5_000);
    network.server.closesWith(4403);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 1 });
  });

  test('a refusal after another failure in between still counts as the second one (fault 16)', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.closesWith(4401);
    clock.advance(1_750);
    network.server.refuses();
    clock.advance(3_250);
    network.server.accepts();
    network.server.closesWith(4401);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('shouldReconnect decides instead of the defaults for close codes (fault 12)', () => {
    const { connection, network } = simulateOpen({ reconnect: { shouldReconnect: () => false } });
    network.server.closesWith(1000);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('right after each opening, the client connects at most 15 times a minute (fault 11)', () => {
    const { connection, network, clock } = simulate();
    network.acceptsAll();
    connection.on('open', () => clock.later(0, () => network.server.closesWith(1001)));
    connection.open();
    clock.advance(60_000);
    expect(network.sockets.length).toBeLessThanOrEqual(15);
  });

  test('the close reason is kept as text, even if it looks like JSON (fault 18)', () => {
    const { connection, network } = simulateOpen();
    network.server.closesWith(4000, '{"__proto__":{"admin":true}}');
    expect(connection.getSnapshot().cause).toMatchObject({
      reason: '{"__proto__":{"admin":true}}',
    });
  });
});
