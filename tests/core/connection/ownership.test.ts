import { describe, expect, test } from 'vitest';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

/** An open connection with one holder. */
function held(options = {}) {
  const world = simulate(options);
  const release = world.connection.retain();
  world.network.server.accepts();
  return { ...world, release, status: () => world.connection.getSnapshot().status };
}

describe('the last release', () => {
  test('makes the connection idle after linger, and leaves no timer, listener or socket', () => {
    const { network, clock, signals, release, status, log } = held({ heartbeat: true });
    release();
    clock.advance(999);
    expect(status()).toBe('open');
    clock.advance(1);
    expect(status()).toBe('idle');
    expect(log.slice(-2)).toEqual(['close requested final', 'status idle']);
    expect([clock.pendingTimers, signals.listeners, network.listeners]).toEqual([0, 0, 0]);
    expect(network.liveSockets).toBe(0);
  });

  test('does not end the connection if another retain() comes within linger', () => {
    const { connection, network, clock, release, status } = held();
    release();
    clock.advance(999);
    connection.retain();
    clock.advance(10_000);
    expect(status()).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  test('ends the connection after the given linger', () => {
    const { clock, release, status } = held({ linger: 2_000 });
    release();
    clock.advance(1_999);
    expect(status()).toBe('open');
    clock.advance(1);
    expect(status()).toBe('idle');
  });

  test('ends the connection without a timer if linger is 0, when the tick is over (fault 55)', async () => {
    const { clock, release, status } = held({ linger: 0 });
    const before = clock.pendingTimers;
    release();
    expect(status()).toBe('open');
    expect(clock.pendingTimers).toBe(before);
    await Promise.resolve();
    expect(status()).toBe('idle');
    expect(clock.pendingTimers).toBe(0);
  });

  test('does not end the connection if another retain() comes within the tick, with a linger of 0 (fault 55)', async () => {
    const { connection, network, release, status } = held({ linger: 0 });
    for (let count = 0; count < 100; count++) {
      release();
      connection.retain()();
    }
    const last = connection.retain();
    await Promise.resolve();
    expect(status()).toBe('open');
    expect(network.sockets).toHaveLength(1);
    last();
    await Promise.resolve();
    expect(status()).toBe('idle');
  });

  test('keeps the connection if linger is no longer 0 when the tick is over (faults 55, 61)', async () => {
    const { connection, clock, release, status } = held({ linger: 0 });
    release();
    connection.update({ linger: 500 });
    await Promise.resolve();
    clock.advance(499);
    expect(status()).toBe('open');
    clock.advance(1);
    expect(status()).toBe('idle');
  });

  test.each(['connecting', 'waiting'] as const)('ends a connection that is %s', (phase) => {
    const { connection, network, clock, signals } = simulate();
    const release = connection.retain();
    if (phase === 'waiting') network.server.refuses();
    release();
    clock.advance(1_000);
    expect(connection.getSnapshot()).toMatchObject({ status: 'idle', attempt: 0, cause: null });
    expect([clock.pendingTimers, signals.listeners, network.listeners]).toEqual([0, 0, 0]);
    expect(network.liveSockets).toBe(0);
  });

  test('is that of the last holder, however often the others call release()', () => {
    const { connection, clock, release, status } = held();
    const other = connection.retain();
    release();
    release();
    clock.advance(60_000);
    expect(status()).toBe('open');
    other();
    clock.advance(1_000);
    expect(status()).toBe('idle');
  });

  test('comes after one socket, even with 100 holders in a tick', () => {
    const { connection, network, clock } = simulate();
    for (let count = 0; count < 100; count++) connection.retain()();
    expect(network.sockets).toHaveLength(1);
    clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);
    expect(network.liveSockets).toBe(0);
  });

  test('can be followed by retain(), which opens the connection again', () => {
    const { connection, network, clock, release, status, log } = held();
    release();
    clock.advance(1_000);
    connection.retain();
    network.server.accepts();
    expect(status()).toBe('open');
    expect(log).toContain('open again');
  });
});

describe('close() by the application', () => {
  test('is not undone by release() and retain()', () => {
    const { connection, network, clock, release, status } = held();
    connection.close();
    clock.advance(3_000);
    release();
    clock.advance(60_000);
    connection.retain();
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  test('is undone by open(), after which the present holder counts again', () => {
    const { connection, network, clock, release, status } = held();
    connection.close();
    connection.open();
    network.server.accepts();
    expect(status()).toBe('open');
    release();
    clock.advance(1_000);
    expect(status()).toBe('idle');
  });
});

describe('open() without a holder', () => {
  test('keeps the connection open until close()', () => {
    const { connection, network, clock } = simulate();
    connection.open();
    network.server.accepts();
    connection.retain()();
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('open');
    connection.close();
    clock.advance(3_000);
    expect(connection.getSnapshot().status).toBe('closed');
  });

  test('keeps a connection open that was about to end after linger', () => {
    const { connection, clock, release, status } = held();
    release();
    connection.open();
    clock.advance(60_000);
    expect(status()).toBe('open');
  });

  test('ends with close(): after it, the connection lasts as long as a later holder', () => {
    const { connection, clock } = simulate();
    connection.open();
    connection.close();
    connection.reconnect();
    connection.close();
    const release = connection.retain();
    connection.open();
    release();
    clock.advance(1_000);
    expect(connection.getSnapshot().status).toBe('idle');
  });
});

describe('without a holder, during linger', () => {
  test('a lost link is not followed by an attempt, and no token is asked for (fault 55)', async () => {
    let asked = 0;
    const { connection, network, clock, log } = simulate({
      linger: 60_000,
      url() {
        asked++;
        return URL_A;
      },
    });
    const release = connection.retain();
    await settle();
    network.server.accepts();
    release();
    network.server.breaks();
    expect(connection.getSnapshot().status).toBe('idle');
    clock.advance(120_000);
    await settle();
    expect([asked, network.sockets.length]).toEqual([1, 1]);
    expect(log.slice(-2)).toEqual(['close 1006 final', 'status idle']);
  });

  test('a failed attempt is not followed by another one (fault 55)', () => {
    const { connection, network, clock } = simulate({ linger: 60_000 });
    connection.retain()();
    network.server.refuses();
    clock.advance(120_000);
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot().status).toBe('idle');
  });

  test('a wait for the next attempt is not followed by one (faults 55, 56)', () => {
    const { network, clock, release, status } = held({ linger: 60_000 });
    network.server.breaks();
    release();
    expect(status()).toBe('reconnecting');
    clock.advance(120_000);
    expect([status(), network.sockets.length]).toEqual(['idle', 1]);
  });

  test('another url in the same scope opens no link (fault 55)', () => {
    const { connection, network, release } = held({ scope: 'ada', linger: 60_000 });
    release();
    connection.update({ url: URL_B });
    expect(network.sockets).toHaveLength(1);
    connection.retain();
    expect(network.sockets.at(-1)?.url).toBe(URL_B);
  });

  test('messages wait for the next holder (fault 55)', () => {
    const { connection, network, release } = held();
    release();
    network.server.breaks();
    expect(connection.send('a')).toBe('queued');
    connection.retain();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });
});

describe('a connection that gave up', () => {
  const gaveUp = (options = {}) => {
    const world = held(options);
    world.network.server.closesWith(1003);
    expect(world.status()).toBe('closed');
    return world;
  };

  test('is opened by the next holder after the last one has gone (fault 74)', () => {
    const { connection, network, release, status } = gaveUp();
    const releaseOther = connection.retain();
    release();
    expect([status(), network.sockets.length]).toEqual(['closed', 1]);
    releaseOther();
    connection.retain();
    expect([status(), network.sockets.length]).toEqual(['connecting', 2]);
  });

  test('is idle without a holder, and keeps what is sent before the next one (fault 74)', () => {
    const { connection, network, release, status } = gaveUp();
    expect(connection.send('lost')).toBe('dropped');
    release();
    expect([status(), connection.getSnapshot().cause]).toEqual(['idle', null]);
    expect(connection.send('kept')).toBe('queued');
    connection.retain();
    network.server.accepts();
    expect(network.server.received).toEqual(['kept']);
  });

  test('is opened by its first holder after open() without one (fault 74)', () => {
    const { connection, network } = simulate({ reconnect: false });
    connection.open();
    network.server.refuses();
    expect(connection.getSnapshot().status).toBe('closed');
    connection.retain();
    expect(connection.getSnapshot().status).toBe('connecting');
  });

  test('can be told from one that the application closed by its cause (fault 74)', () => {
    const { connection } = gaveUp();
    expect(connection.getSnapshot().cause).toMatchObject({ kind: 'close', code: 1003 });
    connection.close();
    expect(connection.getSnapshot().cause).toEqual({ kind: 'requested' });
  });

  test('stays closed for a new holder if the application closed it afterwards (fault 74)', () => {
    const { connection, network, release, status } = gaveUp();
    connection.close();
    release();
    connection.retain();
    expect([status(), network.sockets.length]).toEqual(['closed', 1]);
  });
});
