import { describe, expect, test } from 'vitest';
import { createConnection } from '../../../src/core/create-connection.ts';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import { json } from '../../../src/core/messages/json.ts';
import { raw } from '../../../src/core/messages/codec.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { unknownOptions } from '../../support/unknown-options.ts';

/** Makes a connection from options as a program without types may give them. */
const make = (options: unknown) => createConnection(options as ConnectionOptions);

describe('an unknown option throws a TypeError that names the nearest known one (fault 72)', () => {
  test.each(unknownOptions)('%s', (_path, options, error) => {
    expect(() => make(options)).toThrow(TypeError);
    expect(() => make(options)).toThrow(error);
    const connection = make({ linger: 5 });
    expect(() => connection.update(options)).toThrow(error);
  });

  test('an inherited one', () =>
    expect(() => make(Object.create({ heartbeet: true }))).toThrow('did you mean heartbeat?'));

  test.each(['toString', '__proto__'])('%s of its own', (name) =>
    expect(() => make(JSON.parse(`{"${name}":1}`))).toThrow(`${name} is not an option`),
  );

  test('enabled, which only React has', () =>
    expect(() => make({ enabled: false })).toThrow('enabled is not an option of a connection'));

  test('an option of send(), and the message is not sent', () => {
    const connection = make({ url: 'ws://a' });
    const options = { que: false } as object;
    expect(() => connection.send('x', options)).toThrow(
      new TypeError('que is not an option of send(): did you mean queue?'),
    );
  });

  test('an option of lifeline()', () =>
    expect(() => lifeline({ intervall: 5 } as object)).toThrow(
      new TypeError('intervall is not an option of lifeline(): did you mean interval?'),
    ));

  test('an option of json()', () =>
    expect(() => json({ shema: {} } as never)).toThrow(
      new TypeError('shema is not an option of json(): did you mean schema?'),
    ));

  test('an event that is a symbol', () =>
    expect(() => make({}).on(Symbol('open') as never, () => {})).toThrow(
      'Symbol(open) is not an event',
    ));

  test('an event', () =>
    expect(() => make({}).on('opne' as 'open', () => {})).toThrow(
      new TypeError('opne is not an event: did you mean open?'),
    ));
});

describe('what the application made itself may have other members', () => {
  test.each([
    ['a codec', { codec: { ...raw, contentType: 'text' } }],
    ['a clock', { clock: { zone: 'UTC' } }],
    ['the function of the signals', { signals: Object.assign(() => () => {}, { size: 1 }) }],
    ['a connection without prototype', Object.assign(Object.create(null), { linger: 5 })],
    ['inherited options', Object.create({ linger: 5 })],
    [
      'topics of a class',
      {
        topics: new (class {
          market = 'XETRA';
          of = () => this.market;
        })(),
      },
    ],
  ])('%s', (_name, options) => expect(() => make(options)).not.toThrow());

  test('send() as a callback gets no options from a list', () => {
    const connection = make({ url: 'ws://a' });
    expect(['a', 'b'].map(connection.send as (message: string) => unknown)).toEqual([
      'queued',
      'queued',
    ]);
  });
});

test.each([null, 'ws://a', 7, () => 'ws://a'])(
  'options that are no object are refused: %s',
  (options) => expect(() => make(options)).toThrow(/^The options must be an object, not /),
);

test.each([
  ['5000', "the text '5000'"],
  ['5s', 'string'],
  ['', 'string'],
  [10n, 'bigint'],
  [-5, '-5'],
  [Number.NaN, 'NaN'],
])('a wrong number is told from the right one: %o', (closeTimeout, shown) =>
  expect(() => make({ closeTimeout })).toThrow(
    new TypeError(`closeTimeout must be a positive number or 0, not ${shown}.`),
  ),
);

test.each([
  ['url', {}, 'a string, URL, null or function, not object'],
  ['protocols', new Set(), 'a string, list of strings or function, not object'],
  ['WebSocket', () => {}, 'a class, not function'],
])('the error says which kind of %s is expected', (name, value, expected) =>
  expect(() => make({ [name]: value })).toThrow(new TypeError(`${name} must be ${expected}.`)),
);

test('a class of sockets is not run to check it', () => {
  let runs = 0;
  function Socket() {
    runs++;
  }
  make({ WebSocket: Socket });
  make({ WebSocket: new Proxy(Socket, {}) });
  make({ WebSocket: Socket.bind(null) });
  expect(runs).toBe(0);
});

test('a url of another window, and one of a polyfill, are urls', () => {
  const url = { href: 'ws://a/', toString: () => 'ws://a/' };
  expect(make({ url }).scope).toBe('ws://a/');
});
