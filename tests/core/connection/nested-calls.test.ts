import { describe, expect, test } from 'vitest';
import {
  simulate,
  simulateOpen,
  URL_A,
  URL_B,
  type World,
} from '../../support/simulation/world.ts';

const MIB = 1_048_576;

describe('a call inside shouldReconnect wins over its return value', () => {
  test('close() ends the connection, although shouldReconnect returns true', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.close(), true) },
    });
    const { connection, network, clock } = world;
    network.server.breaks();
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('closed');
    expect(network.liveSockets).toBe(0);
  });

  test('a url set to null leaves no scope and no last message of the old user', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.update({ url: null }), false) },
    });
    const { connection, network } = world;
    network.server.sends('for ada');
    network.server.closesWith(4401);
    expect(connection.getSnapshot().status).toBe('idle');
    expect([connection.scope, connection.lastMessage]).toEqual([null, null]);
  });

  test('a new url is connected to', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.update({ url: URL_B }), true) },
    });
    const { network, clock } = world;
    network.server.breaks();
    clock.advance(60_000);
    expect(network.socket.url).toBe(URL_B);
  });
});

describe('after a handler changes the target, what it sends goes to the new target', () => {
  test.each(['onOpen', 'onClose'] as const)('in %s after update() to another scope', (handler) => {
    const { connection, network, clock, log } = simulate({
      [handler]: () => {
        if (connection.scope !== URL_A) return;
        connection.update({ url: URL_B });
        expect(connection.send('for B')).toBe('queued');
      },
    });
    connection.open();
    network.server.accepts();
    if (handler === 'onClose') network.server.breaks();
    clock.advance(1_000);
    network.server.accepts();
    expect(network.server.received).toEqual(['for B']);
    expect(log.filter((line) => line.startsWith('drop'))).toEqual([]);
  });

  test('in onClose after open() of a connection that has just given up', () => {
    const { connection, network } = simulateOpen({
      reconnect: false,
      onClose: () => {
        connection.open();
        expect(connection.send('hello')).toBe('queued');
      },
    });
    network.server.breaks();
    network.server.accepts();
    expect(network.server.received).toEqual(['hello']);
  });

  test('in a close handler after update(), the last message of the old scope is already gone', () => {
    const { connection, network } = simulateOpen();
    const seen: unknown[] = [];
    connection.on('close', () => {
      connection.update({ url: URL_B });
      seen.push(connection.scope, connection.lastMessage);
    });
    network.server.sends('of A');
    network.server.breaks();
    expect(seen.slice(0, 2)).toEqual([URL_B, null]);
  });

  test('a message whose encoding closes the connection is not sent on the next link', () => {
    const world: World<string, string> = simulateOpen<string, string>({
      codec: { encode: (message) => (world.connection.close(), message), decode: String },
    });
    const { connection, network } = world;
    expect(connection.send('late')).toBe('dropped');
    connection.reconnect();
    network.server.accepts();
    expect(network.server.received).toEqual([]);
  });
});

test('reconnect() in onClose together with a retry delay of 0 makes one attempt', () => {
  const { connection, network } = simulateOpen({
    reconnect: { shouldReconnect: () => 0 },
    onClose: () => connection.reconnect(),
  });
  network.server.breaks();
  expect(network.sockets).toHaveLength(2);
});

test('the close event of a replaced link comes before the drop event of its waiting messages', () => {
  const { connection, network, log } = simulateOpen();
  network.server.drainsTo(2 * MIB);
  connection.send('waits');
  const old = connection.socket;
  let socketAtDrop: unknown = old;
  connection.on('drop', () => {
    socketAtDrop = connection.socket;
  });
  connection.update({ url: URL_B });
  expect(log.slice(0, 2)).toEqual(['close requested', 'drop waits scope']);
  expect(socketAtDrop).not.toBe(old);
});

test('with ping: null, a send buffer that shrinks counts as a sign of life', () => {
  const { connection, network, clock } = simulateOpen({
    heartbeat: { interval: 10_000, timeout: 500, ping: null },
  });
  network.server.drainsTo(3 * MIB);
  connection.send('x', { queue: false });
  clock.advance(9_000);
  network.server.drainsTo(2 * MIB);
  clock.advance(2_000);
  expect(connection.getSnapshot().status).toBe('open');
});

test('a holder that arrives while the last one releases keeps the connection, also at a wake from sleep', () => {
  const { connection, network, clock } = simulate();
  const release = connection.retain();
  network.server.refuses();
  clock.sleep(60_000);
  let isHeldAgain = false;
  connection.subscribe(() => {
    if (isHeldAgain) return;
    isHeldAgain = true;
    connection.retain();
  });
  release();
  expect(isHeldAgain).toBe(true);
  clock.advance(5_000);
  expect(connection.getSnapshot().status).toBe('reconnecting');
});

test('more holders and open() of a waiting connection do not notify subscribers, although the clocks drift', () => {
  const { connection, network, clock, log } = simulate();
  connection.retain();
  network.server.refuses();
  log.length = 0;
  let changes = 0;
  connection.subscribe(() => changes++);
  for (const call of [connection.retain, connection.open]) {
    clock.jump(1);
    call();
  }
  expect(changes).toBe(0);
});

test('signals that call their listener at once are subscribed to once', () => {
  let asked = 0;
  const { connection } = simulate({
    signals: (listener) => {
      asked++;
      listener('online');
      return () => {};
    },
  });
  connection.open();
  expect(asked).toBe(1);
});
