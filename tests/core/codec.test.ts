import { expect, test } from 'vitest';
import { byteLength, DecodeError, raw } from '../../src/core/codec.ts';

test('raw leaves frames as they are', () => {
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
])('the bytes of frame %# are counted as they travel', (frame, bytes) =>
  expect(byteLength(frame)).toBe(bytes),
);

test.each([undefined, null, 7, true, {}, [], () => {}])('%s is no frame', (value) =>
  expect(byteLength(value)).toBeUndefined(),
);

test('a DecodeError carries the frame, the issues and the cause', () => {
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
