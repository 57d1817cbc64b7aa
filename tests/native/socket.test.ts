/** The WebSocket of React Native 0.83, as its JavaScript and its native code for Android treat it. */
import { describe, expect, test, vi } from 'vitest';
import { createFailure } from '../../src/core/extensions/request-error.ts';
import type { WebSocketConstructor } from '../../src/core/link/link.ts';
import { simulate } from '../support/simulation/world.ts';

type Listener = (event: object) => void;

class NativeSocket {
  static made: NativeSocket[] = [];
  readyState = 0;
  binaryType: string | undefined;
  onopen: Listener | undefined;
  readonly sent: unknown[] = [];
  readonly nativeCalls: unknown[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();

  readonly url: string;

  constructor(url: string) {
    this.url = url;
    NativeSocket.made.push(this);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  send(data: unknown): void {
    if (this.readyState === 0) throw new Error('INVALID_STATE_ERR');
    this.sent.push(data);
  }

  close(code?: number, reason?: string): void {
    if (this.readyState > 1) return;
    // The native code for Android does not know the socket before it is open, and does nothing.
    if (this.readyState === 1) this.nativeCalls.push(['close', code ?? 1000, reason ?? '']);
    this.readyState = 2;
  }

  /** The native code tells that the socket is open, whatever was asked of it before. */
  websocketOpen(): void {
    this.readyState = 1;
    this.#dispatch('open', {});
    this.onopen?.({});
  }

  websocketMessage(data: unknown): void {
    this.#dispatch('message', { data });
  }

  websocketClosed(code?: number, reason?: string | null): void {
    this.readyState = 3;
    this.#dispatch('close', { code, reason });
  }

  websocketFailed(message: string): void {
    this.readyState = 3;
    this.#dispatch('error', { message });
    this.#dispatch('close', { code: 1006, reason: message });
  }

  #dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

function dial(options = {}) {
  NativeSocket.made = [];
  const WebSocket = NativeSocket as unknown as WebSocketConstructor;
  const world = simulate({ WebSocket, signals: undefined, ...options });
  world.connection.open();
  return { ...world, sockets: NativeSocket.made, socket: NativeSocket.made[0] as NativeSocket };
}

function dialOpen(options = {}) {
  const world = dial(options);
  world.socket.websocketOpen();
  return world;
}

test.each<[string, (world: ReturnType<typeof dial>) => void]>([
  ['close()', ({ connection }) => connection.close()],
  ['reconnect()', ({ connection }) => connection.reconnect()],
  ['another url', ({ connection }) => connection.update({ url: 'wss://other.test' })],
  ['the connect timeout', ({ clock }) => clock.advance(10_000)],
])(
  'a socket that %s gave up while it connected is closed when it opens all the same (fault 138)',
  (_, giveUp) => {
    const world = dial();
    giveUp(world);
    world.log.length = 0;
    world.socket.websocketOpen();
    expect(world.socket.nativeCalls).toEqual([['close', 1000, '']]);
    expect(world.socket.readyState).toBe(2);
    expect(world.log).toEqual([]);
  },
);

describe('the end of a link', () => {
  test.each<[string, (socket: NativeSocket) => void, object]>([
    [
      'the server',
      (socket) => socket.websocketClosed(1012, 'restart'),
      { code: 1012, reason: 'restart' },
    ],
    [
      'the server of iOS, without a reason',
      (socket) => socket.websocketClosed(1001, null),
      { code: 1001, reason: '' },
    ],
    [
      'a call to a socket that is gone',
      (socket) => socket.websocketClosed(0, 'client is null'),
      { code: 1006 },
    ],
    [
      'a failure',
      (socket) => socket.websocketFailed('Software caused connection abort'),
      { code: 1006, reason: 'Software caused connection abort' },
    ],
  ])('by %s is told once, with a complete cause (fault 70)', (_, end, told) => {
    const { connection, socket, sockets, clock, log } = dialOpen();
    end(socket);
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'close', wasClean: false, ...told },
    });
    clock.advance(5_000);
    expect(log.filter((line) => line.startsWith('close'))).toHaveLength(1);
    expect(sockets).toHaveLength(2);
  });

  test('that failed while connecting is a failed attempt', () => {
    const { connection, socket } = dial();
    socket.websocketFailed('Unable to resolve host "server.test"');
    expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', attempt: 1 });
  });

  test('by close() waits for the native code, up to closeTimeout', () => {
    const { connection, socket, clock } = dialOpen();
    connection.close(4000, 'bye');
    expect(socket.nativeCalls).toEqual([['close', 4000, 'bye']]);
    expect(connection.getSnapshot().status).toBe('closing');
    clock.advance(3_000);
    expect(connection.getSnapshot().status).toBe('closed');
  });
});

test('binary frames are asked for as ArrayBuffers, and a Blob where the app wants it', () => {
  expect(dial().socket.binaryType).toBe('arraybuffer');
  expect(dial({ binaryType: 'blob' }).socket.binaryType).toBe('blob');
});

test('without bufferedAmount, all is handed over at once, and nothing waits', () => {
  const { connection, socket, clock } = dialOpen({ heartbeat: true });
  const large = 'x'.repeat(2_000_000);
  expect([connection.send(large), connection.send('after')]).toEqual(['sent', 'sent']);
  expect(socket.sent).toEqual([large, 'after']);
  clock.advance(100);
  expect(socket.sent.at(-1)).toBe('ping');
  socket.websocketMessage('pong');
  expect(connection.getSnapshot().latency).toBe(0);
});

test('without a WebSocket, the connection is closed, and the cause says so', () => {
  vi.stubGlobal('WebSocket', undefined);
  const { connection } = simulate({ WebSocket: undefined, signals: undefined });
  connection.open();
  const { status, cause } = connection.getSnapshot();
  expect([status, cause]).toMatchObject(['closed', { kind: 'error', name: 'TypeError' }]);
});

test('without a DOMException, a request that is given up is rejected with an Error of that name', () => {
  vi.stubGlobal('DOMException', undefined);
  expect(createFailure('aborted', true, undefined)).toMatchObject({
    name: 'AbortError',
    uncertain: true,
  });
});
