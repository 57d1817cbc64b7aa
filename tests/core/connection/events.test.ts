import { describe, expect, test, vi } from 'vitest';
import { DecodeError } from '../../../src/core/messages/codec.ts';
import type { EventType } from '../../../src/core/messages/events.ts';
import { takeReports } from '../../support/reports.ts';
import { simulate, simulateOpen, URL_A } from '../../support/simulation/world.ts';

test('handlers get every message in order, in the same tick', () => {
  const { connection, network, log } = simulateOpen();
  const binary = new ArrayBuffer(1);
  network.server.sends('a', 'b', binary, 'c');
  expect(log).toEqual(['message a', 'message b', 'message [object ArrayBuffer]', 'message c']);
  expect(connection.lastMessage).toBe('c');
});

test('a handler given as an option is called before those that on() adds', () => {
  const order: string[] = [];
  const { connection, network } = simulateOpen({ onMessage: () => order.push('option') });
  connection.on('message', () => order.push('first'));
  connection.on('message', () => order.push('second'))();
  connection.on('message', () => order.push('third'));
  network.server.sends('a');
  expect(order).toEqual(['option', 'first', 'third']);
});

test('every event can be handled by an option', () => {
  const heard: string[] = [];
  const on = (type: EventType) => () => heard.push(type);
  const { connection, network } = simulate({
    outbox: { maxMessages: 1 },
    codec: {
      encode: String,
      decode(frame) {
        if (frame === 'broken') throw new SyntaxError('broken');
        return frame;
      },
    },
    onOpen: on('open'),
    onMessage: on('message'),
    onClose: on('close'),
    onError: on('error'),
    onFlush: on('flush'),
    onDrop: on('drop'),
  });
  connection.send('a');
  connection.send('b');
  connection.open();
  network.server.accepts();
  network.server.sends('fine', 'broken');
  network.server.breaks();
  expect(heard).toEqual(['drop', 'open', 'flush', 'message', 'error', 'close']);
});

describe('the close event', () => {
  test('comes for every lost link and failed attempt, and says when no other attempt follows', () => {
    const { connection, network, clock, log } = simulateOpen();
    network.server.closesWith(1012);
    clock.advance(1_750);
    network.server.refuses();
    clock.advance(3_250);
    clock.advance(10_000);
    connection.close();
    expect(log.filter((line) => line.startsWith('close'))).toEqual([
      'close 1012',
      'close 1006',
      'close connect timeout',
      'close requested final',
    ]);
  });

  test('comes after the socket is gone and before the snapshot changes', () => {
    const { connection, network } = simulateOpen();
    const seen: unknown[] = [];
    connection.on('close', () => seen.push(connection.socket, connection.getSnapshot().status));
    network.server.breaks();
    expect(seen).toEqual([null, 'open']);
  });
});

describe('a frame that cannot be decoded (fault 41)', () => {
  test('leads to an error event with the frame and the cause, and changes nothing else', () => {
    const broken = new SyntaxError('broken');
    const onError = vi.fn<(error: Error) => void>();
    const { connection, network, log } = simulateOpen({
      codec: {
        encode: String,
        decode(frame) {
          if (frame === '{') throw broken;
          return frame;
        },
      },
      onError,
    });
    network.server.sends('fine', '{');
    const [error] = onError.mock.calls[0] ?? [];
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ frame: '{', issues: [], cause: broken });
    expect(connection.lastMessage).toBe('fine');
    expect(connection.getSnapshot().status).toBe('open');
    expect(log).toEqual(['message fine', 'error DecodeError']);
  });

  test('leads to an error event with the issues that the codec found', () => {
    const onError = vi.fn<(error: Error) => void>();
    const { network } = simulateOpen({
      codec: {
        encode: String,
        decode(frame) {
          throw new DecodeError(frame, undefined, [{ message: 'not a number' }]);
        },
      },
      onError,
    });
    network.server.sends('x');
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      frame: 'x',
      issues: [{ message: 'not a number' }],
    });
  });

  test('counts as a sign of life', () => {
    const { connection, network, clock } = simulateOpen({
      heartbeat: { interval: 1_000, timeout: 400 },
      codec: {
        encode: String,
        decode() {
          throw new Error('broken');
        },
      },
    });
    network.dropsPongs();
    clock.advance(400);
    network.server.sends('x');
    clock.advance(500);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('an error in the code of the application is reported and changes nothing else (fault 42)', () => {
  const error = new Error('mine');
  const throwing = () => {
    throw error;
  };

  test.each(['open', 'message', 'close', 'flush', 'drop'] as const)(
    'when a handler of %s throws',
    (type) => {
      const { connection, network, log, clock } = simulate({ outbox: { maxMessages: 1 } });
      connection.on(type, throwing);
      const after = vi.fn<() => void>();
      connection.on(type, after);
      connection.send('a');
      connection.send('b');
      connection.open();
      network.server.accepts();
      network.server.sends('hello');
      network.server.breaks();
      clock.advance(1_750);
      expect(takeReports()).toEqual([error]);
      expect(after).toHaveBeenCalledOnce();
      expect(log.filter((line) => !line.startsWith('status'))).toEqual([
        'drop a overflow',
        'open',
        'flush b',
        'message hello',
        'close 1006',
      ]);
      expect(network.liveSockets).toBe(1);
    },
  );

  test('when a subscriber throws', () => {
    const { connection, log } = simulate();
    connection.subscribe(throwing);
    connection.open();
    expect(takeReports()).toEqual([error]);
    expect(log).toEqual(['status connecting']);
  });

  test('when shouldReconnect throws, and the default applies', () => {
    const { connection, network } = simulateOpen({ reconnect: { shouldReconnect: throwing } });
    network.server.breaks();
    expect(connection.getSnapshot().status).toBe('reconnecting');
    expect(takeReports()).toEqual([error]);
  });

  test.each<[string, () => number, unknown[]]>([
    ['throws', throwing, [error, error]],
    ['is NaN', () => Number.NaN, []],
    [
      'is no number',
      () => Symbol('0.5') as unknown as number,
      [expect.any(TypeError), expect.any(TypeError)],
    ],
  ])('when random %s, and the shortest wait applies', (_, random, reports) => {
    const { connection, network, clock, signals } = simulateOpen({ random });
    network.server.breaks();
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 250);
    signals.emit('visible');
    expect(connection.getSnapshot().retryAt).toBe(clock.wall());
    clock.advance(0);
    expect(network.sockets).toHaveLength(2);
    connection.close();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(takeReports()).toEqual(reports);
  });

  test.each<[string, () => () => void, unknown[]]>([
    ['throw', throwing, [error]],
    ['return no function that ends them', () => undefined as unknown as () => void, []],
    [
      'return a number instead of the function that ends them',
      () => 7 as unknown as () => void,
      [expect.any(TypeError)],
    ],
    ['throw when they end', () => throwing, [error]],
  ])('when signals %s, and signals() is called once', (_, signals, reports) => {
    const asked = vi.fn(signals);
    const { connection, network, clock } = simulateOpen({ signals: asked });
    network.server.breaks();
    clock.advance(1_750);
    network.server.accepts();
    connection.close();
    clock.advance(3_000);
    expect(connection.getSnapshot().status).toBe('closed');
    expect(asked).toHaveBeenCalledOnce();
    expect(takeReports()).toEqual(reports);
  });
});

describe('a call in a handler takes effect after the event that is being handled', () => {
  test('reconnect() in a close handler starts the next attempt at once', () => {
    const { connection, network, log } = simulateOpen();
    const off = connection.on('close', () => {
      off();
      connection.reconnect();
    });
    network.server.breaks();
    expect(log).toEqual(['close 1006', 'status reconnecting']);
    expect(network.liveSockets).toBe(1);
    expect(connection.getSnapshot().readyState).toBe(0);
  });

  test('reconnect() in a close handler keeps the queued messages and those sent next', () => {
    const { connection, network } = simulate();
    connection.send('before');
    connection.open();
    const sent: unknown[] = [];
    connection.on('close', () => {
      connection.reconnect();
      sent.push(connection.send('after'));
    });
    network.server.refuses();
    network.server.accepts();
    expect(sent).toEqual(['queued']);
    expect(network.server.received).toEqual(['before', 'after']);
  });

  test('close() in an open handler closes the new link', () => {
    const { connection, network, clock, log } = simulate({ onOpen: () => connection.close() });
    connection.open();
    network.server.accepts();
    clock.advance(3_000);
    expect(log).toEqual([
      'status connecting',
      'open',
      'status closing',
      'close requested final',
      'status closed',
    ]);
  });

  test('reconnect() in a message handler does not keep the message from the other handlers', () => {
    const { connection, network, log } = simulateOpen({ onMessage: () => connection.reconnect() });
    network.server.sends('a');
    expect(log).toEqual(['close requested', 'status reconnecting', 'message a']);
    expect(network.liveSockets).toBe(1);
  });

  test('close() in a subscriber ends the connection', () => {
    const { connection, log } = simulate();
    connection.subscribe(() => connection.close());
    connection.open();
    expect(log.at(-1)).toBe('status closed');
  });

  test('open() in a close handler opens a connection that has just given up reconnecting', () => {
    const { connection, network } = simulateOpen();
    const off = connection.on('close', (_, final) => {
      off();
      if (final) connection.open();
    });
    network.server.closesWith(1002);
    expect(connection.getSnapshot().status).toBe('connecting');
  });
});

describe('a page in the back/forward cache (fault 33)', () => {
  test('closes its link on pagehide, waits without a timer, and reconnects once on pageshow', () => {
    const { connection, network, clock, signals, log } = simulateOpen({ heartbeat: true });
    const old = network.server;
    signals.emit('pagehide');
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      readyState: 3,
      retryAt: null,
      cause: { kind: 'close', code: 1001 },
    });
    expect(network.liveSockets).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(86_400_000);
    signals.emit('visible');
    signals.emit('online');
    expect(network.sockets).toHaveLength(1);
    signals.emit('pageshow');
    signals.emit('visible');
    old.breaks();
    expect(network.sockets).toHaveLength(2);
    expect(connection.getSnapshot().readyState).toBe(0);
    network.server.accepts();
    expect(log).toEqual(['close 1001', 'status reconnecting', 'open again', 'status open']);
  });

  test.each(['connecting', 'waiting'] as const)(
    'makes no attempt until pageshow, if it was %s before',
    (phase) => {
      const { connection, network, clock, signals } = simulate();
      connection.open();
      if (phase === 'waiting') network.server.refuses();
      signals.emit('pagehide');
      clock.advance(600_000);
      expect(network.liveSockets).toBe(0);
      signals.emit('pageshow');
      expect(network.liveSockets).toBe(1);
    },
  );

  test('ignores pageshow if it was never in the cache', () => {
    const { connection, network, signals } = simulateOpen();
    signals.emit('pageshow');
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('offline and online never hold an attempt back (fault 32)', () => {
  test('offline neither stops nor delays a wait', () => {
    const { network, clock, signals } = simulateOpen();
    network.server.breaks();
    signals.emit('offline');
    clock.advance(1_750);
    expect(network.sockets).toHaveLength(2);
  });

  test.each(['online', 'visible'] as const)('%s shortens a wait to at most a second', (signal) => {
    const { connection, network, clock, signals } = simulateOpen({
      reconnect: { minDelay: 60_000 },
    });
    network.server.breaks();
    signals.emit(signal);
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 500);
    clock.advance(500);
    expect(network.sockets).toHaveLength(2);
  });

  test('attempts are made even if navigator.onLine is false', () => {
    vi.stubGlobal('navigator', { onLine: false });
    const { connection, network, clock } = simulate({ signals: undefined });
    connection.open();
    network.server.refuses();
    clock.advance(1_750);
    expect(network.sockets).toHaveLength(2);
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    connection.close();
  });

  test('the signals of the page are listened to only while a link is wanted', () => {
    const { connection, clock, signals } = simulate({ url: URL_A });
    expect(signals.listeners).toBe(0);
    connection.open();
    expect(signals.listeners).toBe(1);
    connection.close();
    clock.advance(3_000);
    expect(signals.listeners).toBe(0);
  });
});

test('the onOpen option gets the connection, and what it sends goes before the outbox', () => {
  const { connection, network } = simulate({
    onOpen: ({ reconnected }, { send }) => void send(`login, again: ${reconnected}`),
  });
  connection.open();
  connection.send('queued');
  network.server.accepts();
  expect(network.server.received).toEqual(['login, again: false', 'queued']);
});
