/** Sockets that end otherwise than a browser's does: without `close`, without its fields, or with a reason. */
import { describe, expect, test } from 'vitest';
import type { Cause, WebSocketConstructor } from '../../../src/core.ts';
import { takeReports } from '../../support/reports.ts';
import { simulate, simulateOpen } from '../../support/simulation/world.ts';

const ABNORMAL: Cause = { kind: 'close', code: 1006, reason: '', wasClean: false };

function dialling(options = {}) {
  const world = simulate(options);
  world.connection.open();
  return world;
}

describe('an `error` event without a `close` event', () => {
  test('of an attempt that stays at readyState 0 is a failed attempt after a task (fault 65)', () => {
    const { connection, network, clock } = dialling();
    network.socket.fire('error');
    expect(connection.getSnapshot()).toMatchObject({ status: 'connecting', cause: null });
    clock.advance(0);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      attempt: 1,
      cause: ABNORMAL,
    });
    expect(network.socket.closedWith?.code).toBe(1000);
    clock.advance(1_750);
    expect(network.sockets).toHaveLength(2);
  });

  test.each([2, 3])(
    'of a link at readyState %i is a lost link after a task (fault 65)',
    (readyState) => {
      const { connection, network, clock } = simulateOpen();
      network.socket.readyState = readyState;
      network.socket.fire('error');
      clock.advance(0);
      expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', cause: ABNORMAL });
    },
  );

  test('of a link that stays open changes nothing (fault 65)', () => {
    const { connection, network, clock } = simulateOpen();
    network.socket.fire('error');
    clock.advance(1_000);
    expect(connection.getSnapshot().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  test('of a socket at readyState 3 already at the event is retried (fault 79)', () => {
    const { connection, network, clock } = dialling();
    network.socket.readyState = 3;
    network.socket.fire('error');
    clock.advance(0);
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', cause: ABNORMAL });
  });

  test('of an attempt that is at readyState 3 a task later is a SecurityError, and final (fault 79)', () => {
    const { connection, network, clock, log } = dialling();
    network.socket.fire('error');
    expect(connection.getSnapshot().status).toBe('connecting');
    network.socket.readyState = 3;
    clock.advance(60_000);
    const { status, cause } = connection.getSnapshot();
    expect([status, cause]).toMatchObject(['closed', { kind: 'error', name: 'SecurityError' }]);
    expect(cause?.kind === 'error' && cause.message).toMatch(/ws:.* is blocked/);
    expect(log).toContain('close SecurityError final');
    expect([network.sockets.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  test.each(['close', 'reconnect'] as const)(
    'of an attempt that %s() has ended meanwhile has no effect (fault 65)',
    (end) => {
      const { connection, network, clock, log } = dialling();
      network.socket.fire('error');
      connection[end]();
      const before = log.join();
      clock.advance(100);
      expect(log.join()).toBe(before);
      expect(network.liveSockets).toBe(end === 'close' ? 0 : 1);
    },
  );
});

test.each([1, 2])(
  '%i `error` events and a `close` event are one end, with the code of the latter (fault 65)',
  (errors) => {
    const { connection, network, clock, log } = simulateOpen();
    for (let count = 0; count < errors; count++) network.socket.fire('error');
    network.server.closesWith(4000, 'bye', true);
    clock.advance(100);
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close 4000']);
    expect(connection.getSnapshot().cause).toMatchObject({ code: 4000, reason: 'bye' });
    connection.reconnect();
    clock.advance(100);
    expect(connection.getSnapshot().readyState).toBe(0);
  },
);

test('the name that only Firefox has for a blocked url becomes SecurityError (fault 79)', () => {
  const { connection, network } = simulate();
  network.constructorThrows(Object.assign(new Error('no'), { name: 'NS_ERROR_CONTENT_BLOCKED' }));
  connection.open();
  expect(connection.getSnapshot()).toMatchObject({
    status: 'closed',
    cause: {
      kind: 'error',
      name: 'SecurityError',
      message: expect.stringContaining('is blocked: allow it in the Content-Security-Policy'),
    },
  });
});

test.each<[string, object, object]>([
  ['no fields', {}, {}],
  ['fields of null and undefined', { code: undefined, reason: null, wasClean: undefined }, {}],
  ['only a code', { code: 1000 }, { code: 1000 }],
  ['no wasClean', { code: 4000, reason: 'bye' }, { code: 4000, reason: 'bye' }],
  ['a code of text', { code: '4401', wasClean: 1 }, { code: 4401, wasClean: true }],
])('a close event with %s gives a complete cause (fault 70)', (_, event, told) => {
  const { connection, network } = simulateOpen();
  network.socket.readyState = 3;
  network.socket.fire('close', event);
  expect(connection.getSnapshot().cause).toStrictEqual({ ...ABNORMAL, ...told });
});

describe('an error that says why', () => {
  const withCode = (code: unknown) => ({ error: Object.assign(new Error('secret'), { code }) });

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'])(
    'gives an attempt the cause %s, and another one follows (fault 78)',
    (code) => {
      const url = 'ws://ada:pass@server.test/live?token=1#x';
      const { connection, network, clock } = dialling({ url });
      network.socket.fire('error', withCode(code));
      network.server.refuses();
      expect(connection.getSnapshot().cause).toStrictEqual({
        kind: 'error',
        name: code,
        message: `ws://server.test/live failed: ${code}.`,
      });
      clock.advance(1_750);
      expect(network.sockets).toHaveLength(2);
    },
  );

  test('counts without a close event, too, and for a link (fault 78)', () => {
    const { connection, network, clock } = simulateOpen();
    network.socket.readyState = 2;
    network.socket.fire('error', withCode('WS_ERR_INVALID_UTF8'));
    clock.advance(0);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'WS_ERR_INVALID_UTF8' },
    });
  });

  test.each([undefined, null, 19, {}])('is a 1006 if its code is %s (fault 78)', (code) => {
    const { connection, network } = dialling();
    network.socket.fire('error', code === null ? { error: null } : withCode(code));
    network.server.refuses();
    expect(connection.getSnapshot().cause).toEqual(ABNORMAL);
  });

  test('is not the cause of a link that survives it, and is closed later (fault 78)', () => {
    const { connection, network, clock } = simulateOpen();
    network.socket.fire('error', withCode('E_WARNING'));
    clock.advance(1_000);
    network.server.closesWith(4401);
    expect(connection.getSnapshot().cause).toMatchObject({ kind: 'close', code: 4401 });
  });

  test('is what shouldReconnect gets (fault 78)', () => {
    const { connection, network } = dialling({
      reconnect: { shouldReconnect: (cause: { name?: string }) => cause.name !== 'ENOTFOUND' },
    });
    network.socket.fire('error', withCode('ENOTFOUND'));
    network.server.refuses();
    expect(connection.getSnapshot().status).toBe('closed');
  });
});

describe('a WebSocket class that is not like the others', () => {
  const withClass = (WebSocket: unknown, options = {}) =>
    simulate({ WebSocket: WebSocket as WebSocketConstructor, ...options });

  test.each([
    [
      'has no methods',
      class {
        readonly readyState = 0;
      },
    ],
    ['cannot be closed', EventTarget],
    [
      'refuses the binaryType',
      class extends EventTarget {
        close() {}
        set binaryType(_: string) {
          throw new TypeError('no blobs');
        }
      },
    ],
  ])('and %s ends the connection, and says so (fault 72)', (_, WebSocket) => {
    const { connection, log } = withClass(WebSocket);
    connection.open();
    connection.close();
    expect(log.filter((line) => line.startsWith('close'))).toHaveLength(1);
    expect(connection.getSnapshot().status).toBe('closed');
    const reports = takeReports();
    expect(reports.length).toBe('close' in WebSocket.prototype ? 0 : 1);
  });

  test('and gives its listeners no event, or one without a type, is heard (fault 70)', () => {
    let listeners: Record<string, (event?: object) => void> = {};
    class Bare {
      readyState = 0;
      addEventListener(type: string, listener: () => void) {
        listeners[type] = listener;
      }
      removeEventListener() {}
      close() {}
    }
    const { connection, clock } = withClass(Bare);
    for (const event of [undefined, {}]) {
      listeners = {};
      connection.reconnect();
      listeners.open?.(event);
      expect(connection.getSnapshot().status).toBe('open');
      listeners.error?.(event);
      listeners.close?.(event);
      clock.advance(0);
      expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', cause: ABNORMAL });
    }
  });
});

test('after a Retry-After, the next attempt waits that long, and its own delay (fault 78)', () => {
  const { connection, network, clock } = simulate();
  const answers: ((request: unknown, response: object) => void)[] = [];
  const { WebSocket } = network;
  connection.update({
    WebSocket: class extends WebSocket {
      on(_type: string, listener: (typeof answers)[number]) {
        answers.push(listener);
      }
    },
  });
  connection.open();
  answers[0]?.({}, { statusCode: 503, headers: { 'retry-after': '60' } });
  expect(connection.getSnapshot()).toMatchObject({
    status: 'reconnecting',
    retryAt: clock.wall() + 61_750,
    cause: { kind: 'error', name: 'HTTP 503', retryAfter: 60_000 },
  });
  clock.advance(61_749);
  expect(network.sockets).toHaveLength(1);
  clock.advance(1);
  expect(network.sockets).toHaveLength(2);
});

test('a burst of signals of the page never leads to two attempts side by side (faults 23, 80)', () => {
  const { connection, network, clock, signals } = simulateOpen();
  network.refusesAll();
  network.server.breaks();
  const burst = () => {
    for (const signal of ['online', 'visible', 'pageshow', 'offline', 'online'] as const)
      for (let n = 0; n < 5; n++) signals.emit(signal);
  };
  let most = 0;
  for (let turn = 0; turn < 600; turn++) {
    burst();
    most = Math.max(most, network.liveSockets);
    clock.advance(50);
  }
  expect(most).toBe(1);
  // An attempt that hangs is not replaced.
  network.answersNone();
  connection.reconnect();
  const before = network.sockets.length;
  for (let turn = 0; turn < 20; turn++) {
    burst();
    clock.advance(50);
  }
  expect(network.sockets).toHaveLength(before);
});
