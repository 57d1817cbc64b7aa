import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Codec } from '../../../src/core/messages/codec.ts';
import { browserSignals } from '../../../src/core/platform/signals.ts';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';
import { inPage } from '../../support/in-page.ts';
import { transfer } from '../../support/transfer.ts';

describe('send() returns what became of the message (fault 34)', () => {
  test("'sent' while open", () => {
    const { connection, network } = simulateOpen();
    expect(connection.send('a')).toBe('sent');
    expect(network.server.received).toEqual(['a']);
  });

  test("'queued' before the connection is opened, while it connects and while it waits", () => {
    const { connection, network, clock } = simulate();
    expect(connection.send('a')).toBe('queued');
    connection.open();
    expect(connection.send('b')).toBe('queued');
    network.server.refuses();
    expect(connection.send('c')).toBe('queued');
    clock.advance(2_000);
    network.server.accepts();
    expect(network.server.received).toEqual(['a', 'b', 'c']);
  });

  test("'queued' after the last release, to be sent for the next holder", () => {
    const { connection, network, clock } = simulate();
    connection.retain()();
    clock.advance(1_000);
    expect(connection.send('a')).toBe('queued');
    connection.retain();
    network.server.accepts();
    expect(network.server.received).toEqual(['a']);
  });

  test("'dropped' while closing and once closed, without a drop event", () => {
    const { connection, clock, log } = simulateOpen();
    connection.close();
    expect(connection.send('a')).toBe('dropped');
    clock.advance(3_000);
    expect(connection.send('b')).toBe('dropped');
    expect(log.join()).not.toContain('drop');
  });

  test("'dropped' while there is no url", () => {
    const { connection } = simulate({ url: null });
    expect(connection.send('a')).toBe('dropped');
    connection.update({ url: URL_B });
    expect(connection.send('b')).toBe('queued');
  });

  test("'dropped' instead of queued with queue: false", () => {
    const { connection, network } = simulate();
    connection.open();
    expect(connection.send('stale', { queue: false })).toBe('dropped');
    network.server.accepts();
    expect(connection.send('fresh', { queue: false })).toBe('sent');
    expect(network.server.received).toEqual(['fresh']);
  });
});

describe('a message that the socket does not take', () => {
  test('is queued once the close frame of the server has arrived (fault 36)', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.startsClosing();
    expect(connection.send('a')).toBe('queued');
    network.server.closesWith(1001);
    clock.advance(1_750);
    network.server.accepts();
    expect(network.sockets.map(({ sent }) => sent)).toEqual([[], ['a']]);
    expect(network.sockets[0]?.ignored).toEqual([]);
  });

  test('is sent once and in order when the link is lost while the outbox is sent (fault 36)', () => {
    const { connection, network, clock, log } = simulate();
    connection.open();
    for (const message of ['a', 'b', 'c', 'd']) connection.send(message);
    const { server, socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      if (frame === 'b') server.startsClosing();
    };
    server.accepts();
    server.breaks();
    clock.advance(1_750);
    network.server.accepts();
    expect(network.sockets.map(({ sent }) => sent)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(log.filter((line) => line.startsWith('flush'))).toEqual(['flush a,b', 'flush c,d']);
  });

  test('makes send() throw the error of the socket, and the link stays open', () => {
    const { connection, network } = simulateOpen();
    network.socket.send = () => {
      throw new DOMException('no', 'DataCloneError');
    };
    expect(() => connection.send('a')).toThrow(DOMException);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('a codec', () => {
  const codec: Codec<number, number> = {
    encode(message) {
      if (message < 0) throw new RangeError('negative');
      return `#${message}`;
    },
    decode: (frame) => Number((frame as string).slice(1)),
  };

  test('encodes what is sent and decodes what arrives', () => {
    const { connection, network, log } = simulateOpen({ codec });
    connection.send(7);
    network.server.sends('#8');
    expect(network.server.received).toEqual(['#7']);
    expect(log).toEqual(['message 8']);
    expect(connection.lastMessage).toBe(8);
  });

  test('that cannot encode a message makes send() throw, in every state but closed (fault 42)', () => {
    const { connection, network, log } = simulate({ codec });
    expect(() => connection.send(-1)).toThrow(RangeError);
    connection.open();
    expect(() => connection.send(-1)).toThrow(RangeError);
    network.server.accepts();
    expect(() => connection.send(-1)).toThrow(RangeError);
    expect(network.server.received).toEqual([]);
    expect(log).toEqual(['status connecting', 'open', 'status open']);
  });

  test('leaves events with the messages, not the frames', () => {
    const { connection, network, log } = simulate({ codec });
    connection.open();
    connection.send(1);
    connection.send(2);
    network.server.accepts();
    expect(log).toContain('flush 1,2');
  });

  test('is asked for by the error of send() when an object is sent without one', () => {
    const { connection } = simulateOpen();
    const send = connection.send as (message: unknown) => unknown;
    for (const message of [{ a: 1 }, 7, null, undefined])
      expect(() => send(message)).toThrow(/text or binary.*codec/);
  });

  test('is not needed to send text, ArrayBuffer, views and Blob', () => {
    const { connection, network } = simulateOpen();
    const frames = ['text', new ArrayBuffer(2), new Uint8Array(2), new Blob(['x'])];
    for (const frame of frames) expect(connection.send(frame)).toBe('sent');
    expect(network.server.received).toEqual(frames);
  });
});

describe('the outbox', () => {
  const world = (outbox: object | boolean) => {
    const simulated = simulate({ outbox });
    simulated.connection.open();
    simulated.log.length = 0;
    const arrives = () => {
      simulated.network.server.accepts();
      return simulated.network.server.received;
    };
    return { ...simulated, arrives };
  };

  test('drops the oldest message when it is full (fault 35)', () => {
    const { connection, log, arrives } = world({ maxMessages: 2 });
    expect(['a', 'b', 'c'].map((message) => connection.send(message))).toEqual([
      'queued',
      'queued',
      'queued',
    ]);
    expect(log).toEqual(['drop a overflow']);
    expect(arrives()).toEqual(['b', 'c']);
  });

  test("drops the newest message when it is full with overflow: 'drop-newest' (fault 35)", () => {
    const { connection, log, arrives } = world({ maxMessages: 2, overflow: 'drop-newest' });
    expect(['a', 'b', 'c'].map((message) => connection.send(message))).toEqual([
      'queued',
      'queued',
      'dropped',
    ]);
    expect(log).toEqual(['drop c overflow']);
    expect(arrives()).toEqual(['a', 'b']);
  });

  test('counts bytes as UTF-8', () => {
    const { connection, log } = world({ maxBytes: 4 });
    connection.send('ü');
    connection.send('ü');
    expect(log).toEqual([]);
    connection.send(new Uint8Array(1));
    expect(log).toEqual(['drop ü overflow']);
  });

  test('drops a message that can never fit, and keeps the others', () => {
    const { connection, log, arrives } = world({ maxBytes: 4 });
    connection.send('a');
    expect(connection.send('far too long')).toBe('dropped');
    expect(log).toEqual(['drop far too long overflow']);
    expect(arrives()).toEqual(['a']);
  });

  test('keeps no message when it is switched off', () => {
    const { connection, arrives } = world(false);
    expect(connection.send('a')).toBe('dropped');
    expect(arrives()).toEqual([]);
    expect(connection.send('b')).toBe('sent');
  });

  test('holds 1,000 messages by default', () => {
    const { connection, log, arrives } = world(true);
    for (let count = 0; count <= 1_000; count++) connection.send(String(count));
    expect(log).toEqual(['drop 0 overflow']);
    expect(arrives()).toHaveLength(1_000);
  });

  test('is sent in order on the new link, with a flush event', () => {
    const { connection, log, arrives } = world(true);
    connection.send('a');
    connection.send('b');
    expect(arrives()).toEqual(['a', 'b']);
    expect(log).toEqual(['open', 'flush a,b', 'status open']);
  });

  test('drops only the message on which the socket throws, and tells (fault 58)', () => {
    const { connection, network, log } = world(true);
    const errors: Error[] = [];
    connection.on('error', (thrown) => errors.push(thrown));
    for (const message of ['a', 'b', 'c']) connection.send(message);
    const { socket } = network;
    const error = new RangeError('no');
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      if (frame === 'b') throw error;
      send(frame);
    };
    network.server.accepts();
    expect(network.server.received).toEqual(['a', 'c']);
    expect(log).toEqual(['open', 'flush a,c', 'drop b refused', 'error RangeError', 'status open']);
    expect(errors).toEqual([error]);
  });

  test('puts what the handlers of a refused message send after the others (fault 58)', () => {
    const { connection, network } = world(true);
    connection.on('drop', ([message]) => connection.send(`again ${message as string}`));
    connection.on('error', () => connection.send('oh'));
    for (const message of ['a', 'b', 'c']) connection.send(message);
    const { socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      // oxlint-disable-next-line typescript/only-throw-error -- a socket class of the application may
      if (frame === 'a' || frame === 'b') throw 'no';
      send(frame);
    };
    network.server.accepts();
    expect(network.server.received).toEqual(['c', 'again a', 'oh', 'again b', 'oh']);
  });
});

describe('the order on a new link', () => {
  test('is: open handlers and what they send, the outbox, the new snapshot', () => {
    const { connection, network, log } = simulate({ onOpen: () => connection.send('login') });
    connection.open();
    connection.send('a');
    connection.send('b');
    const statuses: unknown[] = [];
    connection.on('open', () => {
      connection.send('hello', { queue: false });
      statuses.push(connection.getSnapshot().status);
    });
    network.server.accepts();
    expect(statuses).toEqual(['connecting']);
    expect(network.server.received).toEqual(['login', 'hello', 'a', 'b']);
    expect(log).toEqual(['status connecting', 'open', 'flush a,b', 'status open']);
  });

  test('puts what a flush handler sends after the outbox', () => {
    const { connection, network } = simulate({ onFlush: () => connection.send('after') });
    connection.open();
    connection.send('a');
    network.server.accepts();
    expect(network.server.received).toEqual(['a', 'after']);
  });

  test('keeps the order of messages sent while the link was lost', () => {
    const { connection, network, clock } = simulateOpen({ onClose: () => connection.send('1') });
    network.server.breaks();
    connection.send('2');
    clock.advance(1_750);
    connection.send('3');
    network.server.accepts();
    connection.send('4');
    expect(network.server.received).toEqual(['1', '2', '3', '4']);
  });
});

describe('a slow uplink (fault 37)', () => {
  const MIB = 1_048_576;
  const slow = (options = {}) => {
    const world = simulateOpen(options);
    world.network.uplinkIsStuck = true;
    return world;
  };

  test('makes frames wait while over 1 MiB is buffered, and sends them in order as the buffer empties', () => {
    const { connection, network, clock, log } = slow();
    expect(connection.send('x'.repeat(MIB))).toBe('sent');
    expect(connection.send('a')).toBe('sent');
    expect(connection.send('b')).toBe('queued');
    expect(connection.send('c')).toBe('queued');
    clock.advance(1_000);
    expect(network.server.received).toHaveLength(2);
    network.server.drainsTo(0);
    // It must wait behind the queued ones, although the socket would take it.
    expect(connection.send('d')).toBe('queued');
    expect(network.server.received).toHaveLength(2);
    clock.advance(20);
    expect(network.server.received.slice(1)).toEqual(['a', 'b', 'c', 'd']);
    expect(log.filter((line) => line.startsWith('flush')).join(',')).toMatch(/b,c/);
    expect(clock.pendingTimers).toBe(0);
  });

  test('sends a single message that waits as the buffer empties', () => {
    const { connection, network, clock } = slow();
    network.server.drainsTo(2 * MIB);
    expect(connection.send('a')).toBe('queued');
    network.server.drainsTo(0);
    clock.advance(20);
    expect(network.server.received).toEqual(['a']);
  });

  test('leaves no timer for the outbox if sending a message that waited ends the link', () => {
    const { connection, network, clock } = slow();
    const { server, socket } = network;
    server.drainsTo(2 * MIB);
    for (const message of ['a', 'b']) connection.send(message);
    socket.send = () => server.breaks();
    server.drainsTo(0);
    clock.advance(20);
    expect(connection.getSnapshot().status).toBe('reconnecting');
    // The one for the next attempt.
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1_750);
    network.server.accepts();
    expect(network.server.received).toEqual(['b']);
  });

  test('drops nothing while the link is open, even above the limits of the outbox', () => {
    const { connection, network, clock, log } = slow({ outbox: { maxMessages: 1 } });
    network.server.drainsTo(2 * MIB);
    for (const message of ['a', 'b', 'c']) expect(connection.send(message)).toBe('queued');
    expect(log).toEqual([]);
    network.server.drainsTo(0);
    clock.advance(20);
    expect(network.server.received).toEqual(['a', 'b', 'c']);
  });

  test('makes the limits of the outbox apply once the link is lost', () => {
    const { connection, network, log } = slow({ outbox: { maxMessages: 1 } });
    network.server.drainsTo(2 * MIB);
    for (const message of ['a', 'b', 'c']) connection.send(message);
    network.server.breaks();
    expect(log).toEqual(['drop a,b overflow', 'close 1006', 'status reconnecting']);
  });

  test('drops a message with queue: false that would have to wait', () => {
    const { connection, network } = slow();
    network.server.drainsTo(2 * MIB);
    expect(connection.send('now', { queue: false })).toBe('dropped');
  });

  test('delivers 20,000 messages sent in one tick, in order', () => {
    const { connection, network, clock } = slow();
    const messages = Array.from({ length: 20_000 }, (_, index) => `${index}`.padStart(100, '.'));
    for (const message of messages) expect(connection.send(message)).not.toBe('dropped');
    while (network.server.received.length < messages.length) {
      network.server.drainsTo(0);
      clock.advance(20);
    }
    expect(network.server.received).toEqual(messages);
  });

  test('is not taken for a dead peer while the buffer empties step by step', () => {
    const { connection, network, clock } = slow({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    network.server.drainsTo(2 * MIB);
    for (let left = 2 * MIB; left > MIB; left -= 50_000) {
      network.server.drainsTo(left);
      clock.advance(500);
    }
    expect(connection.getSnapshot().status).toBe('open');
    clock.advance(4_000);
    expect(connection.getSnapshot().status).toBe('reconnecting');
  });

  test('is not taken for a dead peer if the whole buffer empties at once', () => {
    const { connection, network, clock } = slow({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    network.server.drainsTo(2 * MIB);
    clock.advance(1_500);
    network.server.drainsTo(0);
    clock.advance(600);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('is not taken for a dead peer if waiting messages fill the buffer again at once', () => {
    const { connection, network, clock } = slow({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    connection.send('x'.repeat(2 * MIB));
    for (let round = 0; round < 5; round++) connection.send('y'.repeat(MIB + 1));
    for (let round = 0; round < 5; round++) {
      clock.advance(950);
      // As many bytes leave the buffer as the next frame adds.
      network.server.drainsTo(network.socket.bufferedAmount - MIB - 1);
      clock.advance(50);
    }
    expect(network.server.received.length).toBeGreaterThan(3);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test('is taken for a dead peer if only the few bytes of a ping leave the buffer', () => {
    const { connection, network, clock } = slow({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    clock.advance(1_000);
    expect(network.socket.bufferedAmount).toBe('ping'.length);
    network.server.drainsTo(0);
    clock.advance(1_000);
    expect(connection.getSnapshot().cause).toEqual({ kind: 'timeout', phase: 'heartbeat' });
  });

  test('is not taken for a dead peer if something was sent after the buffer emptied', () => {
    const { connection, network, clock } = slow({ heartbeat: { interval: 1_000, timeout: 1_000 } });
    network.server.drainsTo(900_000);
    clock.advance(1_500);
    network.server.drainsTo(500_000);
    expect(connection.send('x')).toBe('sent');
    clock.advance(500);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('the bytes that waited (fault 57)', () => {
  const received = (frames: readonly unknown[]) =>
    frames.map((frame) => [...new Uint8Array(frame as ArrayBuffer)]);

  test('are those that were given, although the buffer was used again', () => {
    const { connection, network } = simulate();
    connection.open();
    const chunk = new Uint8Array(2);
    for (const byte of [1, 2, 3]) {
      chunk.fill(byte);
      expect(connection.send(chunk)).toBe('queued');
    }
    network.server.accepts();
    expect(received(network.server.received)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test('are those that were given behind a slow uplink, although the buffer was transferred', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.drainsTo(2_000_000);
    const buffer = Uint8Array.of(1, 2).buffer;
    expect(connection.send(buffer)).toBe('queued');
    transfer(buffer);
    network.server.drainsTo(0);
    clock.advance(20);
    expect(received(network.server.received)).toEqual([[1, 2]]);
  });

  test('are those of the codec, although it always encodes into the same buffer', () => {
    const scratch = new Uint8Array(1);
    const encode = (message: number) => {
      scratch[0] = message;
      return scratch;
    };
    const { connection, network, log } = simulate({ codec: { encode, decode: (frame) => frame } });
    connection.open();
    for (const message of [1, 2]) connection.send(message);
    network.server.accepts();
    expect(received(network.server.received)).toEqual([[1], [2]]);
    expect(log).toContain('flush 1,2');
  });

  test('come back in events as the very object that was given', () => {
    const { connection, network } = simulate({ outbox: { maxMessages: 1 } });
    const told: unknown[] = [];
    connection.on('drop', (messages) => told.push(...messages));
    connection.on('flush', (messages) => told.push(...messages));
    connection.open();
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
    for (const message of [first, second]) connection.send(message);
    network.server.accepts();
    expect(told[0]).toBe(first);
    expect(told[1]).toBe(second);
  });

  test('are not copied for a socket that takes them at once', () => {
    const { connection, network } = simulateOpen();
    const chunk = Uint8Array.of(1);
    connection.send(chunk);
    expect(network.server.received[0]).toBe(chunk);
  });

  test('are copied for a socket like that of ws, which has terminate(), also behind a send() of the application', () => {
    const subscribe = () => [chunk, chunk];
    const { connection, network } = simulateOpen({ topics: { of: () => null, subscribe } });
    const chunk = Uint8Array.of(1);
    Object.assign(network.socket, { terminate: () => {} });
    connection.send(chunk);
    chunk[0] = 2;
    expect(received(network.server.received)).toEqual([[1]]);
  });
});

describe('a value that no socket takes (fault 58)', () => {
  const values = [new SharedArrayBuffer(1), { byteLength: 1 }, { size: 1 }, new Set(), 7, null];

  test('makes send() throw a TypeError before the link opens, while it is open and while another is awaited', () => {
    const { connection, network, log } = simulate();
    const throws = () => {
      for (const value of values)
        expect(() => connection.send(value as never)).toThrow(/text or binary.*codec/);
    };
    throws();
    connection.open();
    throws();
    network.server.accepts();
    throws();
    network.server.breaks();
    throws();
    expect(network.sockets.flatMap(({ sent }) => sent)).toEqual([]);
    expect(log.join()).not.toMatch(/drop|flush/);
  });
});

describe.runIf(inPage)('a hidden page (fault 59)', () => {
  const MIB = 1_048_576;
  const hides = (hidden = true) => vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  const heads = Array.from({ length: 12 }, (_, index) => `${index}`);
  // A failure would print the whole frames.
  const headsOf = (frames: readonly unknown[]) => frames.map((frame) => (frame as string).trim());

  test('hands over everything at once, without a timer', () => {
    const { connection, network, clock } = simulateOpen();
    network.uplinkIsStuck = true;
    hides();
    for (const head of heads) expect(connection.send(head.padEnd(MIB))).toBe('sent');
    expect(headsOf(network.server.received)).toEqual(heads);
    expect(clock.pendingTimers).toBe(0);
  });

  test('sends the outbox at once on a new link', () => {
    const { connection, network } = simulate({ outbox: { maxBytes: Infinity } });
    connection.open();
    hides();
    for (const head of heads) connection.send(head.padEnd(MIB));
    network.uplinkIsStuck = true;
    network.server.accepts();
    expect(headsOf(network.server.received)).toEqual(heads);
  });

  test('sends with the next message those that waited when it was hidden', () => {
    const { connection, network, clock } = simulateOpen();
    network.server.drainsTo(2 * MIB);
    for (const message of ['a', 'b']) expect(connection.send(message)).toBe('queued');
    hides();
    expect(connection.send('c')).toBe('queued');
    expect(network.server.received).toEqual(['a', 'b', 'c']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('sends each frame once, although the socket answers during send() (faults 36, 59)', () => {
    const { connection, network } = simulate();
    connection.open();
    for (const message of ['a', 'b']) connection.send(message);
    hides();
    connection.on('message', (message) => void (message === 'for a' && connection.send('c')));
    const { socket } = network;
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      socket.server.sends(`for ${frame as string}`);
    };
    socket.server.accepts();
    expect(socket.sent).toEqual(['a', 'b', 'c']);
  });

  test('makes frames wait again when it is shown', () => {
    const { connection, network } = simulateOpen();
    network.server.drainsTo(2 * MIB);
    hides(false);
    expect(connection.send('a')).toBe('queued');
  });
});

describe.runIf(inPage)('the farewell of a page (fault 60)', () => {
  const stop: (() => void)[] = [];
  afterEach(() => {
    for (const remove of stop.splice(0)) remove();
  });

  /** Sends a message when the page is left. */
  function onPagehide(listener: () => void): void {
    window.addEventListener('pagehide', listener);
    stop.push(() => window.removeEventListener('pagehide', listener));
  }
  /** Navigates: the page is hidden right after `pagehide`. */
  function leaves(): void {
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }));
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }

  test.each(['before', 'after'])(
    'goes out on the present link if the page listens %s the connection',
    (order) => {
      const { connection, network, log } = simulate({ signals: browserSignals });
      const listens = () => onPagehide(() => void connection.send('bye'));
      if (order === 'before') listens();
      connection.open();
      network.server.accepts();
      if (order === 'after') listens();
      leaves();
      expect(network.server.received).toEqual(['bye']);
      expect(log.slice(3)).toEqual(['close 1001', 'status reconnecting']);
      connection.close();
    },
  );

  test.each(['connecting', 'waiting', 'with a full buffer', 'idle'])(
    'is dropped and told %s, and what was queued before stays',
    (state) => {
      const { connection, network, signals, log } = simulate();
      if (state !== 'idle') connection.open();
      if (state === 'waiting') network.server.refuses();
      if (state === 'with a full buffer') {
        network.server.accepts();
        network.server.drainsTo(2_000_000);
      }
      connection.send('before');
      log.length = 0;
      const results: unknown[] = [];
      onPagehide(() => results.push(connection.send('bye')));
      leaves();
      expect(results).toEqual(['dropped']);
      expect(log).toEqual(['drop bye closed']);
      signals.emit('pagehide');
      vi.restoreAllMocks();
      signals.emit('pageshow');
      connection.open();
      network.server.accepts();
      expect(network.server.received).toEqual(['before']);
    },
  );

  test('is dropped and told if it comes after the link has ended, while the page is hidden', () => {
    const { connection, network, signals, log } = simulateOpen();
    signals.emit('pagehide');
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    expect(connection.send('bye')).toBe('dropped');
    expect(log.at(-1)).toBe('drop bye closed');
    // On its return, the page is shown before `pageshow` comes.
    hidden.mockReturnValue(false);
    expect(connection.send('back')).toBe('queued');
    signals.emit('pageshow');
    network.server.accepts();
    expect(network.server.received).toEqual(['back']);
  });
});
