import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteLength } from '../../../src/core/link/frame.ts';
import { DecodeError, raw } from '../../../src/core/messages/codec.ts';

test('the raw codec returns frames unchanged', () => {
  for (const frame of ['text', new ArrayBuffer(1), new Blob(['x'])]) {
    expect(raw.decode(frame)).toBe(frame);
    expect(raw.encode(frame)).toBe(frame);
  }
});

test.each([
  ['', 0],
  ['abc', 3],
  ['ü', 2],
  ['😀', 4],
  ['\uD800', 3],
  [new ArrayBuffer(5), 5],
  [new Uint8Array(new ArrayBuffer(8), 2, 4), 4],
  [new DataView(new ArrayBuffer(6)), 6],
  [new Blob(['ü']), 2],
])('byteLength() returns the size on the wire of frame %#', (frame, bytes) =>
  expect(byteLength(frame)).toBe(bytes),
);

test('byteLength() of any text is that of TextEncoder, even with lone surrogates', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.constantFrom(0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xdbff, 0xdc00, 0xdfff),
  );
  const texts = fc.array(unit).map((units) => String.fromCharCode(...units));
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(texts, (text) => {
      expect(byteLength(text)).toBe(encoder.encode(text).length);
    }),
    { numRuns: 2_000 },
  );
});

test.each([undefined, null, 7, true, {}, [], () => {}])(
  'byteLength() of %s, which is no frame, is undefined',
  (value) => expect(byteLength(value)).toBeUndefined(),
);

test('a DecodeError has the frame, the issues and the cause', () => {
  const cause = new SyntaxError('no');
  const error = new DecodeError('{', cause, [{ message: 'wrong' }]);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'DecodeError',
    frame: '{',
    issues: [{ message: 'wrong' }],
    cause,
  });
  expect(error.message).not.toContain('{');
});
