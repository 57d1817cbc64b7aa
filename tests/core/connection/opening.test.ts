import { deserialize, serialize } from 'node:v8';
import { describe, expect, test, vi } from 'vitest';
import { simulate, simulateOpen, URL_A } from '../../support/simulation/world.ts';
import { inPage } from '../../support/in-page.ts';

test('a new connection is idle and opens no socket', () => {
  const { connection, network, clock, signals } = simulate();
  expect(connection.getSnapshot()).toEqual({
    status: 'idle',
    readyState: 3,
    attempt: 0,
    retryAt: null,
    cause: null,
    latency: null,
  });
  expect(connection.socket).toBeNull();
  expect([network.sockets.length, clock.pendingTimers, signals.listeners]).toEqual([0, 0, 0]);
});

test('retain() opens the connection, and the snapshot follows the socket', () => {
  const { connection, network, log } = simulate();
  connection.retain();
  expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', readyState: 0 });
  network.server.accepts();
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', readyState: 1, attempt: 0 });
  expect(log).toEqual(['status connecting', 'open', 'status open']);
});

test('open() works without a holder', () => {
  const { connection, network } = simulate();
  connection.open();
  network.server.accepts();
  expect(connection.getSnapshot().status).toBe('open');
});

test('open() does nothing while the connection is connecting, open or waiting', () => {
  const { connection, network } = simulate();
  connection.open();
  connection.open();
  network.server.accepts();
  connection.open();
  network.server.breaks();
  connection.open();
  expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 3 });
  expect(network.sockets).toHaveLength(1);
});

test('the methods of a connection work without this', () => {
  const { connection, network } = simulate();
  const { open, send, close, reconnect, getSnapshot, subscribe, on, retain, update } = connection;
  open();
  network.server.accepts();
  expect(send('hello')).toBe('sent');
  on('message', () => {})();
  subscribe(() => {})();
  retain()();
  update({});
  reconnect();
  close();
  expect(getSnapshot().status).toBe('closed');
});

test('socket is the current WebSocket, or null', () => {
  const { connection, network } = simulate({ protocols: ['chat'] });
  connection.open();
  expect(connection.socket).toBe(network.socket);
  network.server.accepts();
  expect(connection.socket?.protocol).toBe('chat');
  network.server.breaks();
  expect(connection.socket).toBeNull();
});

test('binary frames arrive as ArrayBuffer unless binaryType is blob', () => {
  expect(simulateOpen().network.socket.binaryType).toBe('arraybuffer');
  expect(simulateOpen({ binaryType: 'blob' }).network.socket.binaryType).toBe('blob');
});

test('protocols are passed to the WebSocket unchanged', () => {
  expect(simulateOpen().network.socket.protocols).toBeUndefined();
  expect(simulateOpen({ protocols: 'a' }).network.socket.protocols).toBe('a');
  expect(simulateOpen({ protocols: ['a', 'b'] }).network.socket.protocols).toEqual(['a', 'b']);
});

const dialled = (url: string | URL) => simulateOpen({ url }).network.socket.url;

test('an http url becomes ws', () => {
  expect(dialled('http://server.test/live?a=1')).toBe('ws://server.test/live?a=1');
  expect(dialled(new URL('https://server.test/live'))).toBe('wss://server.test/live');
});

test.runIf(inPage)('a relative url is resolved against the document', () => {
  expect(dialled('/live')).toBe(new URL('/live', document.baseURI).href.replace('http', 'ws'));
});

test('a connection without a url stays idle after retain(), open() and reconnect()', () => {
  for (const url of [null, undefined]) {
    const { connection, network } = simulate({ url });
    connection.retain();
    connection.open();
    connection.reconnect();
    expect(connection.getSnapshot().status).toBe('idle');
    expect(connection.send('hello')).toBe('dropped');
    expect(network.sockets).toHaveLength(0);
  }
});

test('a close handler that sets the url to null during reconnect() leaves no socket', () => {
  const { connection, network } = simulateOpen();
  connection.on('close', () => connection.update({ url: null }));
  connection.reconnect();
  expect(network.sockets).toHaveLength(1);
  expect(connection.getSnapshot().status).toBe('idle');
});

describe('a failed attempt', () => {
  test('emits close, is counted, and is followed by another one after the delay', () => {
    const { connection, network, clock, log } = simulate();
    connection.open();
    network.server.refuses();
    expect(connection.getSnapshot()).toEqual({
      status: 'reconnecting',
      readyState: 3,
      attempt: 1,
      retryAt: clock.wall() + 1_750,
      cause: { kind: 'close', code: 1006, reason: '', wasClean: false },
      latency: null,
    });
    clock.advance(1_749);
    expect(network.sockets).toHaveLength(1);
    clock.advance(1);
    expect(network.sockets).toHaveLength(2);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      readyState: 0,
      attempt: 1,
      retryAt: null,
    });
    network.server.accepts();
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', attempt: 0, cause: null });
    expect(log).toEqual([
      'status connecting',
      'close 1006',
      'status reconnecting',
      'open',
      'status open',
    ]);
  });

  test('is one whose handshake is not answered within connectTimeout', () => {
    const { connection, network, clock } = simulate({ connectTimeout: 500 });
    connection.open();
    clock.advance(500);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'connect' });
    expect(network.liveSockets).toBe(0);
    expect(network.listeners).toBe(0);
  });

  test('is not one whose answer came while the page was blocked (fault 67)', () => {
    const { connection, network, clock } = simulate();
    connection.open();
    clock.blockPage(60_000);
    clock.advance(0);
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  test('is one that is not answered within half a second after the page was blocked (fault 67)', () => {
    const { connection, network, clock } = simulate();
    connection.open();
    clock.blockPage(60_000);
    clock.advance(500);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'connect' });
    expect(network.liveSockets).toBe(0);
  });

  test('ends the connection after maxAttempts more of them', () => {
    const { connection, network, clock, log } = simulate({ reconnect: { maxAttempts: 2 } });
    network.refusesAll();
    connection.open();
    clock.advance(60_000);
    expect(network.sockets).toHaveLength(3);
    expect(log.filter((line) => line.startsWith('close'))).toEqual([
      'close 1006',
      'close 1006',
      'close 1006 final',
    ]);
    expect(connection.getSnapshot()).toMatchObject({ status: 'closed', cause: { code: 1006 } });
  });

  test('ends the connection at once with reconnect: false', () => {
    const { connection, network, log } = simulate({ reconnect: false });
    connection.open();
    network.server.refuses();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(log).toContain('close 1006 final');
  });
});

describe('an attempt that cannot succeed ends in closed', () => {
  test('when the WebSocket constructor throws a SyntaxError (fault 5)', () => {
    const { connection, network, clock, log } = simulate({ url: `${URL_A}?token=secret#x` });
    network.constructorThrows(new DOMException('no', 'SyntaxError'));
    connection.open();
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('closed');
    expect(cause).toMatchObject({ kind: 'error', name: 'SyntaxError' });
    expect(log).toContain('close SyntaxError final');
    expect(clock.pendingTimers).toBe(0);
  });

  test('when mixed content throws a SecurityError (fault 6)', () => {
    const { connection, network } = simulate();
    network.constructorThrows(new DOMException('no', 'SecurityError'));
    connection.open();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'error', name: 'SecurityError' },
    });
  });

  test('when a Content-Security-Policy blocks the socket without an exception (fault 7)', () => {
    const { connection, network, clock } = simulate();
    network.isBlocked();
    connection.open();
    clock.advance(100);
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('closed');
    expect(cause).toMatchObject({ kind: 'error', name: 'SecurityError' });
    expect(cause?.kind === 'error' && cause.message).toMatch(/is blocked/);
    expect(network.sockets).toHaveLength(1);
  });

  test('when the environment has no WebSocket (fault 10)', () => {
    vi.stubGlobal('WebSocket', undefined);
    const { connection } = simulate({ WebSocket: undefined });
    connection.open();
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('closed');
    expect(cause?.kind === 'error' && cause.message).toMatch(/no WebSocket/);
  });

  test('with a cause that shows neither user, password, query nor hash of the url', () => {
    const { connection, network } = simulate({ url: 'ws://ada:pass@server.test/live?token=t#f' });
    network.constructorThrows(new DOMException('no', 'SyntaxError'));
    connection.open();
    const { cause } = connection.getSnapshot();
    const message = cause?.kind === 'error' ? cause.message : '';
    expect(message).toContain('ws://server.test/live');
    expect(message).not.toMatch(/ada|pass|token|#f/);
  });

  test('until open() tries again', () => {
    const { connection, network } = simulate();
    network.isBlocked();
    connection.open();
    network.answersNone();
    connection.open();
    network.server.accepts();
    expect(connection.getSnapshot()).toMatchObject({ status: 'open', cause: null });
  });
});

describe('reconnect()', () => {
  test('replaces an open link at once, with the cause requested', () => {
    const { connection, network, log } = simulateOpen();
    connection.reconnect();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      readyState: 0,
      attempt: 0,
      cause: { kind: 'requested' },
    });
    expect(network.liveSockets).toBe(1);
    network.server.accepts();
    expect(log).toEqual(['close requested', 'status reconnecting', 'open again', 'status open']);
  });

  test('ends a wait at once and keeps the count of attempts', () => {
    const { connection, network } = simulateOpen();
    network.server.breaks();
    connection.reconnect();
    expect(connection.getSnapshot()).toMatchObject({ readyState: 0, attempt: 1, retryAt: null });
  });

  test('replaces an attempt that has not been answered', () => {
    const { connection, network, log } = simulate();
    connection.open();
    connection.reconnect();
    expect(network.sockets).toHaveLength(2);
    expect(network.liveSockets).toBe(1);
    expect(connection.getSnapshot().status).toBe('connecting');
    expect(log).toEqual(['status connecting']);
  });

  test('opens an idle or a closed connection', () => {
    const { connection, network } = simulate();
    connection.reconnect();
    network.server.accepts();
    connection.close();
    connection.reconnect();
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', cause: null });
  });
});

test('events of a replaced socket are ignored (fault 22)', () => {
  const { connection, network, log } = simulateOpen();
  const old = network.server;
  connection.reconnect();
  network.server.accepts();
  const before = connection.getSnapshot();
  log.length = 0;
  old.sends('stale');
  old.closesWith(4000);
  old.breaks();
  expect(connection.getSnapshot()).toBe(before);
  expect(log).toEqual([]);
});

test('signals of the page, the heartbeat timeout and reconnect() in one tick leave one live socket (fault 23)', () => {
  const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
  network.goesSilent();
  clock.advance(34_999);
  signals.emit('online');
  signals.emit('visible');
  clock.advance(1);
  connection.reconnect();
  signals.emit('offline');
  connection.reconnect();
  signals.emit('visible');
  expect(network.liveSockets).toBe(1);
  expect(network.listeners).toBe(3);
});

describe('id', () => {
  test('is a UUID that stays the same for the life of the connection', () => {
    const { connection, network } = simulate();
    connection.open();
    const { id } = connection;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    network.server.accepts();
    connection.reconnect();
    expect(connection.id).toBe(id);
    const other = simulate().connection;
    other.retain();
    expect(other.id).not.toBe(id);
  });

  test('is made without crypto.randomUUID, too', () => {
    vi.stubGlobal('crypto', undefined);
    const { connection } = simulate();
    connection.open();
    expect(connection.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("is '' before the first attempt, and known to its url function (fault 77)", () => {
    const ids: string[] = [];
    const { connection } = simulate({
      url: () => {
        ids.push(connection.id);
        return 'ws://server.test/';
      },
    });
    expect(connection.id).toBe('');
    connection.open();
    expect(ids).toEqual([connection.id]);
    expect(ids).not.toContain('');
  });
});

describe('snapshots', () => {
  test('are the same object until a field changes', () => {
    const { connection, network, clock } = simulateOpen();
    const before = connection.getSnapshot();
    network.server.sends('a', 'b');
    clock.advance(60_000);
    connection.update({ onOpen: () => {} });
    expect(connection.getSnapshot()).toBe(before);
  });

  test('do not notify subscribers of 1,000 frames', () => {
    const { connection, network } = simulateOpen({ heartbeat: true });
    const listener = vi.fn<() => void>();
    connection.subscribe(listener);
    for (let count = 0; count < 1_000; count++) network.server.sends('x');
    expect(listener).not.toHaveBeenCalled();
  });

  test('are plain data that can be posted to another thread', () => {
    const { connection, network } = simulateOpen();
    network.server.closesWith(1012, 'restart');
    const posted: unknown = deserialize(serialize(connection.getSnapshot()));
    expect(posted).toEqual(connection.getSnapshot());
  });

  test('are not passed to a listener after it has unsubscribed', () => {
    const { connection } = simulate();
    const listener = vi.fn<() => void>();
    connection.subscribe(listener)();
    connection.open();
    expect(listener).not.toHaveBeenCalled();
  });
});
