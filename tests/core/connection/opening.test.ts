import { describe, expect, test, vi } from 'vitest';
import { simulate, simulateOpen, URL_A } from '../../support/simulation/world.ts';

test('a new connection does nothing and is idle', () => {
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

test('retain() opens it, and the snapshot follows the socket', () => {
  const { connection, network, log } = simulate();
  connection.retain();
  expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', readyState: 0 });
  network.server.accepts();
  expect(connection.getSnapshot()).toMatchObject({ status: 'open', readyState: 1, attempt: 0 });
  expect(log).toEqual(['status connecting', 'open', 'status open']);
});

test('open() needs no holder', () => {
  const { connection, network } = simulate();
  connection.open();
  network.server.accepts();
  expect(connection.getSnapshot().status).toBe('open');
});

test('open() does nothing while it connects, is open or waits', () => {
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

test('the functions need no this', () => {
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

test('socket is the present WebSocket, or null', () => {
  const { connection, network } = simulate({ protocols: ['chat'] });
  connection.open();
  expect(connection.socket).toBe(network.socket);
  network.server.accepts();
  expect(connection.socket?.protocol).toBe('chat');
  network.server.breaks();
  expect(connection.socket).toBeNull();
});

test('binary frames are asked for as ArrayBuffer unless binaryType says blob', () => {
  expect(simulateOpen().network.socket.binaryType).toBe('arraybuffer');
  expect(simulateOpen({ binaryType: 'blob' }).network.socket.binaryType).toBe('blob');
});

test('protocols are offered as they were given', () => {
  expect(simulateOpen().network.socket.protocols).toBeUndefined();
  expect(simulateOpen({ protocols: 'a' }).network.socket.protocols).toBe('a');
  expect(simulateOpen({ protocols: ['a', 'b'] }).network.socket.protocols).toEqual(['a', 'b']);
});

test('an http or relative url is resolved as the standard says', () => {
  const dialled = (url: string | URL) => simulateOpen({ url }).network.socket.url;
  expect(dialled('http://server.test/live?a=1')).toBe('ws://server.test/live?a=1');
  expect(dialled(new URL('https://server.test/live'))).toBe('wss://server.test/live');
  expect(dialled('/live')).toBe(new URL('/live', document.baseURI).href.replace('http', 'ws'));
});

test('without a url it stays idle whatever is asked of it', () => {
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

test('a handler that takes the url away while an attempt is being made leaves no socket behind', () => {
  const { connection, network } = simulateOpen();
  connection.on('close', () => connection.update({ url: null }));
  connection.reconnect();
  expect(network.sockets).toHaveLength(1);
  expect(connection.getSnapshot().status).toBe('idle');
});

describe('an attempt fails', () => {
  test('and is told, counted, and tried again after the delay', () => {
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

  test('when the handshake is not answered within connectTimeout', () => {
    const { connection, network, clock } = simulate({ connectTimeout: 500 });
    connection.open();
    clock.advance(500);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'connect' });
    expect(network.liveSockets).toBe(0);
    expect(network.listeners).toBe(0);
  });

  test('and maxAttempts further ones may fail, the last of them for good', () => {
    const { connection, network, clock, log } = simulate({ reconnect: { maxAttempts: 2 } });
    network.refusesAll();
    connection.open();
    clock.advance(60_000);
    expect(network.sockets).toHaveLength(3);
    expect(log.filter((line) => line.startsWith('close'))).toEqual([
      'close 1006',
      'close 1006',
      'close 1006 finally',
    ]);
    expect(connection.getSnapshot()).toMatchObject({ status: 'closed', cause: { code: 1006 } });
  });

  test('at once where reconnect is false', () => {
    const { connection, network, log } = simulate({ reconnect: false });
    connection.open();
    network.server.refuses();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(log).toContain('close 1006 finally');
  });
});

describe('what cannot be dialled ends in closed', () => {
  test('fault 5: the constructor throws SyntaxError', () => {
    const { connection, network, clock, log } = simulate({ url: `${URL_A}?token=secret#x` });
    network.constructorThrows(new DOMException('no', 'SyntaxError'));
    connection.open();
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('closed');
    expect(cause).toMatchObject({ kind: 'error', name: 'SyntaxError' });
    expect(log).toContain('close SyntaxError finally');
    expect(clock.pendingTimers).toBe(0);
  });

  test('fault 6: mixed content throws SecurityError', () => {
    const { connection, network } = simulate();
    network.constructorThrows(new DOMException('no', 'SecurityError'));
    connection.open();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'error', name: 'SecurityError' },
    });
  });

  test('fault 7: a Content-Security-Policy blocks without a word', () => {
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

  test('fault 10: there is no WebSocket in the environment', () => {
    vi.stubGlobal('WebSocket', undefined);
    const { connection } = simulate({ WebSocket: undefined });
    connection.open();
    const { status, cause } = connection.getSnapshot();
    expect(status).toBe('closed');
    expect(cause?.kind === 'error' && cause.message).toMatch(/no WebSocket/);
  });

  test('and the cause keeps the secrets of the url to itself', () => {
    const { connection, network } = simulate({ url: 'ws://ada:pass@server.test/live?token=t#f' });
    network.constructorThrows(new DOMException('no', 'SyntaxError'));
    connection.open();
    const { cause } = connection.getSnapshot();
    const message = cause?.kind === 'error' ? cause.message : '';
    expect(message).toContain('ws://server.test/live');
    expect(message).not.toMatch(/ada|pass|token|#f/);
  });

  test('but is tried again on open()', () => {
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
  test('replaces an open link at once, and says why', () => {
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

  test('cuts a wait short and keeps the count', () => {
    const { connection, network } = simulateOpen();
    network.server.breaks();
    connection.reconnect();
    expect(connection.getSnapshot()).toMatchObject({ readyState: 0, attempt: 1, retryAt: null });
  });

  test('starts an attempt over that has not been answered', () => {
    const { connection, network, log } = simulate();
    connection.open();
    connection.reconnect();
    expect(network.sockets).toHaveLength(2);
    expect(network.liveSockets).toBe(1);
    expect(connection.getSnapshot().status).toBe('connecting');
    expect(log).toEqual(['status connecting']);
  });

  test('opens what is idle or closed', () => {
    const { connection, network } = simulate();
    connection.reconnect();
    network.server.accepts();
    connection.close();
    connection.reconnect();
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', cause: null });
  });
});

test('fault 22: what an older socket still says is ignored', () => {
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

test('fault 23: signals, the deadline and reconnect() in one tick leave one live socket', () => {
  const { connection, network, clock, signals } = simulateOpen({ heartbeat: true });
  network.goesSilent();
  clock.advance(34_999);
  signals.say('online');
  signals.say('visible');
  clock.advance(1);
  connection.reconnect();
  signals.say('offline');
  connection.reconnect();
  signals.say('visible');
  expect(network.liveSockets).toBe(1);
  expect(network.listeners).toBe(3);
});

describe('id', () => {
  test('is a UUID that stays for the life of the connection', () => {
    const { connection, network } = simulate();
    const { id } = connection;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    connection.open();
    network.server.accepts();
    connection.reconnect();
    expect(connection.id).toBe(id);
    expect(simulate().connection.id).not.toBe(id);
  });

  test('can be made without crypto.randomUUID', () => {
    vi.stubGlobal('crypto', undefined);
    expect(simulate().connection.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("is '' where there is no document and nothing was connected", () => {
    vi.stubGlobal('document', undefined);
    const { connection } = simulate();
    expect(connection.id).toBe('');
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

  test('a thousand frames are no notification', () => {
    const { connection, network } = simulateOpen({ heartbeat: true });
    const listener = vi.fn<() => void>();
    connection.subscribe(listener);
    for (let count = 0; count < 1_000; count++) network.server.sends('x');
    expect(listener).not.toHaveBeenCalled();
  });

  test('are plain data that another thread can be sent', () => {
    const { connection, network } = simulateOpen();
    network.server.closesWith(1012, 'restart');
    expect(structuredClone(connection.getSnapshot())).toEqual(connection.getSnapshot());
  });

  test('are told to nobody after the subscription has ended', () => {
    const { connection } = simulate();
    const listener = vi.fn<() => void>();
    connection.subscribe(listener)();
    connection.open();
    expect(listener).not.toHaveBeenCalled();
  });
});
