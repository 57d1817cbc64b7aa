import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DecodeError } from '../../../src/core/messages/codec.ts';
import { json } from '../../../src/core/messages/json.ts';

const decodeError = (decode: () => unknown): DecodeError => {
  try {
    decode();
  } catch (error) {
    if (error instanceof DecodeError) return error;
  }
  throw new Error('It decoded.');
};

test('encodes and decodes JSON', () => {
  const codec = json<{ a: number[] }, { a: number[] }>();
  expect(codec.encode({ a: [1] })).toBe('{"a":[1]}');
  expect(codec.decode('{"a":[1]}')).toEqual({ a: [1] });
});

test.each([undefined, () => {}, Symbol('s')])(
  'throws a TypeError on a value that JSON cannot express: %s',
  (message) => expect(() => json().encode(message)).toThrow(TypeError),
);

test('throws the TypeError of JSON.stringify() on a circular object', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(() => json().encode(circle)).toThrow(TypeError);
});

test.each(['', '{', 'undefined', '{"a":1'])('throws a SyntaxError on %j', (frame) =>
  expect(() => json().decode(frame)).toThrow(SyntaxError),
);

test('throws an error on a binary frame', () =>
  expect(() => json().decode(new ArrayBuffer(2))).toThrow(/text frames/));

test('decodes 16 MiB', () => {
  const text = JSON.stringify('x'.repeat(2 ** 24));
  expect(json<string>().decode(text)).toHaveLength(2 ** 24);
});

describe.each([
  ['zod', z.object({ price: z.number() })],
  ['valibot', v.object({ price: v.number() })],
  ['arktype', type({ price: 'number' })],
])('with a schema of %s', (_, schema) => {
  const codec = json({ schema });

  test('decodes a message that fits', () =>
    expect(codec.decode('{"price":3}')).toEqual({ price: 3 }));

  test('throws a DecodeError with the frame and the issues on a message that does not fit', () => {
    const error = decodeError(() => codec.decode('{"price":"3"}'));
    expect(error.frame).toBe('{"price":"3"}');
    expect(error.issues.length).toBeGreaterThan(0);
  });
});

test('returns the output of the schema', () => {
  const codec = json({
    schema: z.object({ at: z.iso.datetime().transform((at) => new Date(at)) }),
  });
  expect(codec.decode('{"at":"2030-01-01T00:00:00Z"}').at).toEqual(new Date(Date.UTC(2030, 0, 1)));
});

test.each([
  ['zod that refines', z.string().refine(async () => true)],
  ['zod that transforms', z.string().transform(async (text) => text)],
  [
    'valibot',
    v.pipeAsync(
      v.string(),
      v.checkAsync(async () => true),
    ),
  ],
])('refuses an asynchronous schema: %s', (_, schema) =>
  expect(() => json({ schema }).decode('"a"')).toThrow(/synchronous schema.* promise/),
);

test.each([{}, { schema: {} }, { schema: { parse: () => 1 } }])(
  'refuses a schema that is no Standard Schema',
  (options) => expect(() => json(options as never)).toThrow(/needs a Standard Schema/),
);
