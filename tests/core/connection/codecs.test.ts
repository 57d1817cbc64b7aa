import { describe, expect, test, vi } from 'vitest';
import type { Frame, StreamCodec } from '../../../src/core.ts';
import { DecodeError } from '../../../src/core.ts';
import { settle, simulate, simulateOpen } from '../../support/simulation/world.ts';

/** Messages are lines; a frame may hold several, or a part of one. Sent lines are numbered for each link. */
function lines(): StreamCodec<string, string> {
  let rest = '';
  let sent = 0;
  return {
    encode: (message) => `${++sent} ${message}`,
    *decodeAll(frame) {
      const parts = `${rest}${frame as string}`.split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        if (part === '!') throw new Error('bad line');
        yield part;
      }
    },
  };
}

/** A codec whose `decodeAll` gives these messages for each frame. */
const giving = (decodeAll: (frame: Frame) => Iterable<string>): StreamCodec<string, string> => ({
  encode: (message) => message,
  decodeAll,
});

describe('a codec for frames that hold several messages', () => {
  test('delivers each of them, in order, and keeps a part for the next frame', () => {
    const { network, log, connection } = simulateOpen({ codec: lines });
    network.server.sends('one\ntwo\nth', 'ree\n', '', 'four');
    expect(log).toEqual(['message one', 'message two', 'message three']);
    expect(connection.lastMessage).toBe('three');
  });

  test('gives the handshake one message at a time, and the rest to all', async () => {
    const received: string[] = [];
    const { network, log, connection } = simulate<string, string>({
      codec: lines,
      async handshake({ send, receive }) {
        send('login');
        received.push(await receive());
      },
    });
    connection.open();
    connection.send('queued');
    network.server.accepts();
    network.server.sends('welcome\nfirst\nsecond\nth');
    await settle();
    network.server.sends('ird\n');
    expect(received).toEqual(['welcome']);
    expect(log).toEqual([
      'status connecting',
      'open',
      'flush queued',
      'message first',
      'message second',
      'status open',
      'message third',
    ]);
    // The copy that waited was not encoded by the codec of the link.
    expect(network.server.received).toEqual(['1 login', '2 queued']);
  });
});

describe('a codec that is made for each link (fault 105)', () => {
  test('half a message of a lost link does not reach the next one', () => {
    const make = vi.fn(lines);
    const { network, log, clock } = simulateOpen({ codec: make });
    expect(make).toHaveBeenCalledTimes(1);
    network.server.sends('ha');
    network.server.breaks();
    clock.advance(1_750);
    network.server.accepts();
    network.server.sends('lf\n');
    expect(make).toHaveBeenCalledTimes(2);
    expect(log.at(-1)).toBe('message lf');
  });

  test('what waits is encoded for the link that takes it, when it takes it', () => {
    const { network, connection, clock } = simulateOpen({ codec: lines });
    connection.send('a');
    network.server.breaks();
    expect(connection.send('b')).toBe('queued');
    expect(connection.send('c')).toBe('queued');
    clock.advance(1_750);
    connection.on('open', () => void connection.send('from open'));
    network.server.accepts();
    expect(network.server.received).toEqual(['1 from open', '2 b', '3 c']);
    // A full buffer makes messages wait while the link is open.
    network.server.drainsTo(2_000_000);
    expect(connection.send('d')).toBe('queued');
    expect(connection.send('e')).toBe('queued');
    network.server.breaks();
    clock.advance(3_250);
    network.server.accepts();
    expect(network.server.received).toEqual(['1 from open', '2 d', '3 e']);
  });

  test('a message that cannot be encoded for the link is refused, and the others go out', () => {
    let fails = false;
    const { network, connection, log } = simulate<string, string>({
      codec: () => ({
        ...lines(),
        encode(message) {
          if (fails && message === 'b') throw new RangeError('no');
          return message;
        },
      }),
    });
    connection.open();
    for (const message of ['a', 'b', 'c']) connection.send(message);
    fails = true;
    network.server.accepts();
    expect(network.server.received).toEqual(['a', 'c']);
    expect(log).toEqual([
      'status connecting',
      'open',
      'flush a,c',
      'drop b refused',
      'error RangeError',
      'status open',
    ]);
  });

  test('a changed function applies to the next link', () => {
    const { network, log, connection } = simulateOpen<string, string>({ codec: lines });
    connection.update({ codec: () => giving(() => ['new']) });
    network.server.sends('old\n');
    connection.reconnect();
    network.server.accepts();
    network.server.sends('x');
    expect(log.filter((entry) => entry.startsWith('message'))).toEqual([
      'message old',
      'message new',
    ]);
  });

  test('one that throws is a failed attempt', () => {
    const { connection, network, log } = simulate<string, string>({
      codec: () => {
        throw new RangeError('no');
      },
    });
    connection.open();
    network.server.accepts();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'reconnecting',
      cause: { kind: 'error', name: 'RangeError', message: 'The codec function failed.' },
    });
    expect(log).toContain('error RangeError');
    expect(() => connection.send('x')).toThrow('no');
  });
});

describe('a codec that throws in the middle of a frame (fault 106)', () => {
  test('what it gave before is delivered, then comes an error event; the link stays', () => {
    const errors: Error[] = [];
    const { connection, network, log } = simulateOpen({ codec: lines });
    connection.on('error', (error) => errors.push(error));
    network.server.sends('one\ntwo\n!\nthree\n', 'four\n');
    expect(log).toEqual(['message one', 'message two', 'error DecodeError', 'message four']);
    expect(errors[0]).toMatchObject({
      frame: 'one\ntwo\n!\nthree\n',
      cause: { message: 'bad line' },
    });
    expect(errors[0]).toBeInstanceOf(DecodeError);
    expect(connection.getSnapshot().status).toBe('open');
  });
});

describe('a codec without an end (fault 107)', () => {
  function* endless() {
    for (let count = 1; ; count++) yield String(count);
  }

  test('stops after 1,000,000 messages, with an error event', () => {
    const errors: Error[] = [];
    let count = 0;
    const { connection, network } = simulate<string, string>({ codec: giving(endless) });
    const quiet = connection.on('error', (error) => errors.push(error));
    connection.open();
    network.server.accepts();
    connection.on('message', () => void count++);
    network.server.sends('x');
    quiet();
    expect(count).toBe(1_000_000);
    expect(errors).toMatchObject([{ name: 'DecodeError', cause: { name: 'RangeError' } }]);
    expect(connection.getSnapshot().status).toBe('open');
  });

  test.each(['close', 'reconnect'] as const)('stops when a handler calls %s()', (end) => {
    let isFinished = false;
    const { connection, network, log } = simulateOpen<string, string>({
      codec: giving(function* () {
        try {
          yield* endless();
        } finally {
          isFinished = true;
        }
      }),
    });
    connection.on('message', (message) => message === '3' && connection[end]());
    network.server.sends('x');
    expect(log.filter((entry) => entry.startsWith('message'))).toHaveLength(3);
    expect(isFinished).toBe(true);
  });
});

describe('a codec that gives a promise (fault 108)', () => {
  test('by decode, is an error event', () => {
    const errors: Error[] = [];
    const { connection, network } = simulateOpen({
      codec: { encode: String, decode: async (frame: Frame) => frame },
    });
    connection.on('error', (error) => errors.push(error));
    network.server.sends('x');
    expect(errors).toMatchObject([{ name: 'DecodeError', cause: { name: 'TypeError' } }]);
    expect(String(errors[0]?.cause)).toContain('must be synchronous');
    expect(connection.lastMessage).toBe(null);
  });

  test.each([
    ['a promise', async () => ['x']],
    ['an asynchronous generator', async function* () {}],
  ])('by decodeAll, in the form of %s, is an error event', (_, decodeAll) => {
    const { network, log } = simulateOpen<string, string>({ codec: giving(decodeAll as never) });
    network.server.sends('x');
    expect(log).toEqual(['error DecodeError']);
  });

  test('by encode, is an error of send()', () => {
    const { connection } = simulateOpen({
      codec: { encode: (async () => 'x') as never, decode: String },
    });
    expect(() => connection.send('x')).toThrow('A frame must be text or binary');
  });

  test('by the function that makes it, is a failed attempt and an error of send()', () => {
    const errors: Error[] = [];
    const { connection, network } = simulate({ codec: (async () => lines()) as never });
    connection.on('error', (error) => errors.push(error));
    expect(() => connection.send('x')).toThrow('The codec function must return');
    connection.open();
    network.server.accepts();
    expect(connection.getSnapshot().cause).toMatchObject({ name: 'TypeError' });
    expect(errors).toMatchObject([
      {
        message:
          'The codec function must return { encode, decode } or { encode, decodeAll }, and no promise.',
      },
    ]);
  });
});
