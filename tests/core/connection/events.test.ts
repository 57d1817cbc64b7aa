import { describe, expect, test, vi } from 'vitest';
import { DecodeError } from '../../../src/core/messages/codec.ts';
import type { EventType } from '../../../src/core/messages/events.ts';
import { takeReports } from '../../support/reports.ts';
import { simulate, simulateOpen, URL_A } from '../../support/simulation/world.ts';

test('messages arrive every one, in order, at once', () => {
  const { connection, network, log } = simulateOpen();
  const binary = new ArrayBuffer(1);
  network.server.sends('a', 'b', binary, 'c');
  expect(log).toEqual(['message a', 'message b', 'message [object ArrayBuffer]', 'message c']);
  expect(connection.lastMessage).toBe('c');
});

test('an option is a handler as on() adds it, and comes first', () => {
  const order: string[] = [];
  const { connection, network } = simulateOpen({ onMessage: () => order.push('option') });
  connection.on('message', () => order.push('first'));
  connection.on('message', () => order.push('second'))();
  connection.on('message', () => order.push('third'));
  network.server.sends('a');
  expect(order).toEqual(['option', 'first', 'third']);
});

test('every event is an option', () => {
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

describe('close', () => {
  test('is told for every lost link and failed attempt, and says when no other follows', () => {
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
      'close requested finally',
    ]);
  });

  test('comes before the publication, when nothing of the link is left', () => {
    const { connection, network } = simulateOpen();
    const seen: unknown[] = [];
    connection.on('close', () => seen.push(connection.socket, connection.getSnapshot().status));
    network.server.breaks();
    expect(seen).toEqual([null, 'open']);
  });
});

describe('fault 41: a frame that cannot be decoded', () => {
  test('is an error event with the frame and the cause, and nothing else changes', () => {
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

  test('keeps the issues that a codec found', () => {
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

  test('proves life all the same', () => {
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
    clock.advance(1_100);
    network.server.sends('x');
    clock.advance(500);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('fault 42: what the user throws is reported and changes nothing else', () => {
  const error = new Error('mine');
  const throwing = () => {
    throw error;
  };

  test.each(['open', 'message', 'close', 'flush', 'drop'] as const)('a handler of %s', (type) => {
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
  });

  test('a subscriber', () => {
    const { connection, log } = simulate();
    connection.subscribe(throwing);
    connection.open();
    expect(takeReports()).toEqual([error]);
    expect(log).toEqual(['status connecting']);
  });

  test('shouldReconnect, which leaves the default in force', () => {
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
  ])('random, which %s, without which the wait is the least', (_, random, reports) => {
    const { connection, network, clock, signals } = simulateOpen({ random });
    network.server.breaks();
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 250);
    signals.say('visible');
    expect(connection.getSnapshot().retryAt).toBe(clock.wall());
    clock.advance(0);
    expect(network.sockets).toHaveLength(2);
    connection.close();
    expect(connection.getSnapshot().status).toBe('closed');
    expect(takeReports()).toEqual(reports);
  });

  test.each<[string, () => () => void, unknown[]]>([
    ['throw', throwing, [error]],
    ['give nothing to end them by', () => undefined as unknown as () => void, []],
    ['give no function to end them by', () => 7 as unknown as () => void, [expect.any(TypeError)]],
    ['throw when they end', () => throwing, [error]],
  ])('signals that %s, which are asked once a life', (_, signals, reports) => {
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

describe('what a handler does comes after the event in hand', () => {
  test('reconnect() in close', () => {
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

  test('reconnect() in close keeps what is queued, and what is sent next', () => {
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

  test('close() in open', () => {
    const { connection, network, clock, log } = simulate({ onOpen: () => connection.close() });
    connection.open();
    network.server.accepts();
    clock.advance(3_000);
    expect(log).toEqual([
      'status connecting',
      'open',
      'status closing',
      'close requested finally',
      'status closed',
    ]);
  });

  test('reconnect() in message leaves the other handlers their message', () => {
    const { connection, network, log } = simulateOpen({ onMessage: () => connection.reconnect() });
    network.server.sends('a');
    expect(log).toEqual(['close requested', 'status reconnecting', 'message a']);
    expect(network.liveSockets).toBe(1);
  });

  test('close() in a subscriber', () => {
    const { connection, log } = simulate();
    connection.subscribe(() => connection.close());
    connection.open();
    expect(log.at(-1)).toBe('status closed');
  });

  test('open() after the policy gave up', () => {
    const { connection, network } = simulateOpen();
    const off = connection.on('close', (_, final) => {
      off();
      if (final) connection.open();
    });
    network.server.closesWith(1002);
    expect(connection.getSnapshot().status).toBe('connecting');
  });
});

describe('fault 33: the back/forward cache', () => {
  test('lets go on pagehide, waits without a deadline, and reconnects once on pageshow', () => {
    const { connection, network, clock, signals, log } = simulateOpen({ heartbeat: true });
    const old = network.server;
    signals.say('pagehide');
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      readyState: 3,
      retryAt: null,
      cause: { kind: 'close', code: 1001 },
    });
    expect(network.liveSockets).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(86_400_000);
    signals.say('visible');
    signals.say('online');
    expect(network.sockets).toHaveLength(1);
    signals.say('pageshow');
    signals.say('visible');
    old.breaks();
    expect(network.sockets).toHaveLength(2);
    expect(connection.getSnapshot().readyState).toBe(0);
    network.server.accepts();
    expect(log).toEqual(['close 1001', 'status reconnecting', 'open again', 'status open']);
  });

  test.each(['connecting', 'waiting'] as const)('also while %s', (phase) => {
    const { connection, network, clock, signals } = simulate();
    connection.open();
    if (phase === 'waiting') network.server.refuses();
    signals.say('pagehide');
    clock.advance(600_000);
    expect(network.liveSockets).toBe(0);
    signals.say('pageshow');
    expect(network.liveSockets).toBe(1);
  });

  test('pageshow means nothing to a page that was never hidden', () => {
    const { connection, network, signals } = simulateOpen();
    signals.say('pageshow');
    expect(network.sockets).toHaveLength(1);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('fault 32: the network signals hold no attempt back', () => {
  test('offline neither stops nor delays a wait', () => {
    const { network, clock, signals } = simulateOpen();
    network.server.breaks();
    signals.say('offline');
    clock.advance(1_750);
    expect(network.sockets).toHaveLength(2);
  });

  test.each(['online', 'visible'] as const)('%s shortens it to at most a second', (signal) => {
    const { connection, network, clock, signals } = simulateOpen({
      reconnect: { minDelay: 60_000 },
    });
    network.server.breaks();
    signals.say(signal);
    expect(connection.getSnapshot().retryAt).toBe(clock.wall() + 500);
    clock.advance(500);
    expect(network.sockets).toHaveLength(2);
  });

  test('nor does navigator.onLine, which may lie', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const { connection, network, clock } = simulate({ signals: undefined });
    connection.open();
    network.server.refuses();
    clock.advance(1_750);
    expect(network.sockets).toHaveLength(2);
    network.server.accepts();
    expect(connection.getSnapshot().status).toBe('open');
    connection.close();
  });

  test('they are listened to only while a link is wanted', () => {
    const { connection, clock, signals } = simulate({ url: URL_A });
    expect(signals.listeners).toBe(0);
    connection.open();
    expect(signals.listeners).toBe(1);
    connection.close();
    clock.advance(3_000);
    expect(signals.listeners).toBe(0);
  });
});
