import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('send() with a signal', () => {
  test('withdraws what waits when the signal is aborted, with one drop event (fault 110)', () => {
    const { connection, network, log } = simulate();
    const controller = new AbortController();
    connection.send('a', { signal: controller.signal });
    connection.send('b');
    connection.send('c', { signal: controller.signal });
    controller.abort();
    expect(log).toEqual(['drop a,c aborted']);
    connection.open();
    network.server.accepts();
    expect(network.server.received).toEqual(['b']);
  });

  test('sends nothing if the signal is aborted already, and no event tells of it (fault 110)', () => {
    const { connection, network, log } = simulateOpen();
    expect(connection.send('a', { signal: AbortSignal.abort() })).toBe('dropped');
    expect(network.server.received).toEqual([]);
    expect(log).toEqual([]);
  });

  test('does nothing when the signal is aborted after the message was sent (fault 110)', () => {
    const { connection, network, log } = simulate();
    const controller = new AbortController();
    connection.send('queued', { signal: controller.signal });
    connection.open();
    network.server.accepts();
    connection.send('sent', { signal: controller.signal });
    log.length = 0;
    controller.abort();
    expect([network.server.received, log]).toEqual([['queued', 'sent'], []]);
  });

  test('leaves one listener on the signal while messages wait with it, and none afterwards (fault 110)', () => {
    const { signal } = new AbortController();
    const { connection, network } = simulate({ outbox: { maxMessages: 20_000 } });
    for (let n = 0; n < 10_000; n++) connection.send(`${n}`, { signal });
    expect(listeners(signal)).toBe(1);
    connection.open();
    network.server.accepts();
    expect(network.server.received).toHaveLength(10_000);
    expect(listeners(signal)).toBe(0);
    connection.send('on the open link', { signal });
    expect(listeners(signal)).toBe(0);
  });

  test.each([
    ['the outbox is full', { outbox: { maxMessages: 1 } }, 'overflow'],
    ['the scope changes', {}, 'scope'],
    ['the connection is closed', {}, 'close'],
  ] as const)('leaves no listener when %s (fault 110)', (_, options, how) => {
    const { signal } = new AbortController();
    const { connection } = simulate(options);
    connection.open();
    connection.send('a', { signal });
    connection.send('b');
    if (how === 'scope') connection.update({ url: URL_B });
    if (how === 'close') connection.close();
    expect(listeners(signal)).toBe(0);
  });

  test('withdraws nothing that a socket has taken, whoever aborts meanwhile (fault 110)', () => {
    const { connection, network, log } = simulate();
    const controller = new AbortController();
    for (const message of ['a', 'b', 'c']) connection.send(message, { signal: controller.signal });
    connection.open();
    const { socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      if (frame === 'b') controller.abort();
    };
    log.length = 0;
    network.server.accepts();
    expect(network.server.received).toEqual(['a', 'b']);
    expect(log).toEqual(['open', 'drop c aborted', 'flush a,b', 'status open']);
  });
});

describe('send() with expires', () => {
  test('drops what has waited for so long, by one timer for all (fault 111)', () => {
    const { connection, clock, log } = simulate();
    connection.send('late', { expires: 300 });
    connection.send('soon', { expires: 100 });
    connection.send('never', { expires: Infinity });
    connection.send('any');
    expect(clock.pendingTimers).toBe(1);
    clock.advance(99);
    expect(log).toEqual([]);
    clock.advance(1);
    expect(log).toEqual(['drop soon expired']);
    clock.advance(200);
    expect(log.slice(1)).toEqual(['drop late expired']);
    expect(clock.pendingTimers).toBe(0);
    expect(connection.outbox.map(({ message }) => message)).toEqual(['never', 'any']);
  });

  test('does nothing to what was sent, and leaves no timer (fault 111)', () => {
    const { connection, network, clock, log } = simulate({ heartbeat: false });
    connection.send('a', { expires: 100 });
    connection.open();
    network.server.accepts();
    connection.send('b', { expires: 100 });
    expect(clock.pendingTimers).toBe(0);
    clock.advance(1_000);
    expect(network.server.received).toEqual(['a', 'b']);
    expect(log.join()).not.toContain('drop');
  });

  test('holds where the timer is late: a link that opens sends nothing that has expired (fault 111)', () => {
    const { connection, network, clock, log } = simulate();
    connection.send('a', { expires: 100 });
    connection.send('b');
    connection.open();
    clock.blockPage(5_000);
    network.server.accepts();
    expect(network.server.received).toEqual(['b']);
    expect(log).toContain('drop a expired');
  });

  test('counts the time in which the computer sleeps (fault 111)', () => {
    const { connection, network, clock, log } = simulate();
    connection.send('a', { expires: 60_000 });
    clock.sleep(60_000);
    connection.open();
    network.server.accepts();
    expect(network.server.received).toEqual([]);
    expect(log).toContain('drop a expired');
  });

  test('is no longer when the wall clock is set back (fault 111)', () => {
    const { connection, clock, log } = simulate();
    connection.send('a', { expires: 1_000 });
    clock.jump(-3_600_000);
    clock.advance(1_000);
    expect(log).toEqual(['drop a expired']);
  });

  test('of 0 sends at once or, once the timers run, not at all (fault 111)', () => {
    const { connection, network, clock, log } = simulate();
    expect(connection.send('a', { expires: 0 })).toBe('queued');
    clock.advance(0);
    expect(log).toEqual(['drop a expired']);
    connection.open();
    network.server.accepts();
    expect(connection.send('b', { expires: 0 })).toBe('sent');
  });
});

test.each([
  { expires: -1 },
  { expires: Number.NaN },
  { expires: '5' },
  { expires: null },
  { signal: null },
  { signal: {} },
  { signal: new AbortController() },
  { signal: 'abort' },
])('send() refuses %o, and sends nothing (fault 110)', (options) => {
  const { connection, network } = simulateOpen();
  expect(() => connection.send('a', options as object)).toThrow(TypeError);
  expect(() => connection.send('a', options as object)).toThrow(Object.keys(options)[0]);
  expect(network.server.received).toEqual([]);
});

describe('connection.outbox', () => {
  test('has what waits, in order, and since when', () => {
    const { connection, clock } = simulate();
    const since = clock.wall();
    connection.send('a');
    clock.advance(500);
    connection.send('b');
    expect(connection.outbox).toEqual([
      { message: 'a', state: 'waiting', since },
      { message: 'b', state: 'waiting', since: since + 500 },
    ]);
  });

  test('is the same array until what waits changes, with the same items', () => {
    const { connection, network } = simulate();
    const empty = connection.outbox;
    expect(connection.outbox).toBe(empty);
    connection.send('a');
    const one = connection.outbox;
    expect(connection.outbox).toBe(one);
    connection.open();
    expect(connection.outbox).toBe(one);
    connection.send('b');
    expect(connection.outbox[0]).toBe(one[0]);
    expect(one).toHaveLength(1);
    network.server.accepts();
    expect(connection.outbox).toEqual([]);
  });

  test('is empty in flush and drop handlers of what has left', () => {
    const sizes: number[] = [];
    const { connection, network } = simulate();
    connection.on('flush', () => sizes.push(connection.outbox.length));
    connection.on('drop', () => sizes.push(connection.outbox.length));
    connection.send('a');
    connection.open();
    network.server.accepts();
    network.server.breaks();
    connection.send('b');
    connection.close();
    expect(sizes).toEqual([0, 0]);
  });

  test('is empty while the link takes what is sent', () => {
    const { connection } = simulateOpen();
    connection.send('a');
    expect(connection.outbox).toEqual([]);
  });
});
