import { describe, expect, test } from 'vitest';
import {
  simulate,
  simulateOpen,
  URL_A,
  URL_B,
  type World,
} from '../../support/simulation/world.ts';

const MIB = 1_048_576;

describe('what shouldReconnect wishes is not overruled by its answer', () => {
  test('close() ends the connection, although it says to try again', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.close(), true) },
    });
    const { connection, network, clock } = world;
    network.server.breaks();
    clock.advance(60_000);
    expect(connection.getSnapshot().status).toBe('closed');
    expect(network.liveSockets).toBe(0);
  });

  test('a url that is taken away, as at the end of a login, leaves nothing of the old user', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.update({ url: null }), false) },
    });
    const { connection, network } = world;
    network.server.sends('for ada');
    network.server.closesWith(4401);
    expect(connection.getSnapshot().status).toBe('idle');
    expect([connection.scope, connection.lastMessage]).toEqual([null, null]);
  });

  test('another url is dialled', () => {
    const world: World = simulateOpen({
      reconnect: { shouldReconnect: () => (world.connection.update({ url: URL_B }), true) },
    });
    const { network, clock } = world;
    network.server.breaks();
    clock.advance(60_000);
    expect(network.socket.url).toBe(URL_B);
  });
});

describe('what a handler sends after its wish belongs to the wish', () => {
  test.each(['onOpen', 'onClose'] as const)('in %s, after update() to another scope', (handler) => {
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

  test('in onClose, after open() of a connection that had just given up', () => {
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

  test('the last message of the old scope is gone at once', () => {
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

  test('a codec that closes while it encodes leaves nothing behind for the next link', () => {
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

test('of two wishes for a new link in one handler, one attempt is made', () => {
  const { connection, network } = simulateOpen({
    reconnect: { shouldReconnect: () => 0 },
    onClose: () => connection.reconnect(),
  });
  network.server.breaks();
  expect(network.sockets).toHaveLength(2);
});

test('a link that is replaced is told of first, then what waited for it is dropped', () => {
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

test('a buffer that shrank before the deadline is a sign of life where no ping is sent', () => {
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

test('who comes to hold the connection as it wakes keeps it, although the last one goes', () => {
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

test('further holders of a connection that waits publish nothing', () => {
  const { connection, network, log } = simulate();
  connection.retain();
  network.server.refuses();
  log.length = 0;
  let changes = 0;
  connection.subscribe(() => changes++);
  for (let holder = 0; holder < 50; holder++) connection.retain();
  expect(changes).toBe(0);
});

test('signals that say something at once are asked once', () => {
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
