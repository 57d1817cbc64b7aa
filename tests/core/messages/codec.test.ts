import { Blob as NodeBlob } from 'node:buffer';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { byteLength, checkFrame, copyFrame } from '../../../src/core/link/frame.ts';
import { DecodeError, raw } from '../../../src/core/messages/codec.ts';
import { transfer } from '../../support/transfer.ts';

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

describe('checkFrame()', () => {
  const resizable = { maxByteLength: 8 };

  test.each<[string, unknown]>([
    ['shared memory', new SharedArrayBuffer(2)],
    ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(2))],
    ['a Node Buffer of shared memory', Buffer.from(new SharedArrayBuffer(2))],
    ['growable shared memory', Reflect.construct(SharedArrayBuffer, [2, resizable])],
    ['a resizable buffer', Reflect.construct(ArrayBuffer, [2, resizable])],
    ['a view of a resizable buffer', new DataView(Reflect.construct(ArrayBuffer, [2, resizable]))],
    ['shared memory of another realm', runInNewContext('new SharedArrayBuffer(2)')],
    ['an object with a byteLength', { byteLength: 2 }],
    ['an object with a size', { size: 2 }],
    ['an object with the tag of a buffer', { [Symbol.toStringTag]: 'ArrayBuffer' }],
    ['a Set', new Set([1])],
    ['a Map', new Map([[1, 2]])],
    ['a String object', Object('text')],
    ['an array', [1, 2]],
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
  ])('throws a TypeError for %s, which no socket takes (fault 58)', (_, value) =>
    expect(() => checkFrame(value as never)).toThrow(TypeError),
  );

  test.each<[string, unknown]>([
    ['a buffer of another realm', runInNewContext('new ArrayBuffer(2)')],
    ['a view of another realm', runInNewContext('new Float32Array(2)')],
    ['a Blob of Node', new NodeBlob(['x'])],
    ['a File', new File(['x'], 'name')],
    ['a File of another realm', { [Symbol.toStringTag]: 'File', size: 1 }],
    ['a pooled Node Buffer', Buffer.from('x')],
    ['an empty buffer', new ArrayBuffer(0)],
    ['an empty text', ''],
  ])('returns %s (fault 58)', (_, value) => expect(checkFrame(value as never)).toBe(value));

  test('returns a Blob of React Native, which has no tag (fault 58)', () => {
    const NativeBlob = class {
      size = 3;
    };
    vi.stubGlobal('Blob', NativeBlob);
    const blob = new NativeBlob();
    expect(checkFrame(blob as never)).toBe(blob);
    expect(byteLength(blob)).toBe(3);
    vi.unstubAllGlobals();
  });
});

describe('copyFrame() (fault 57)', () => {
  const bytes = () => Uint8Array.of(1, 2, 3, 4);

  test.each<[string, ArrayBuffer | ArrayBufferView, number[]]>([
    ['a buffer', bytes().buffer, [1, 2, 3, 4]],
    ['a view', bytes(), [1, 2, 3, 4]],
    ['a part of a buffer', bytes().subarray(1, 3), [2, 3]],
    ['a DataView', new DataView(bytes().buffer, 2), [3, 4]],
    ['a view of larger elements', new Uint16Array(bytes().buffer, 2, 1), [3, 4]],
    ['a pooled Node Buffer', Buffer.from([5, 6]), [5, 6]],
    ['a buffer of another realm', runInNewContext('Uint8Array.of(7, 8).buffer'), [7, 8]],
    ['a view of another realm', runInNewContext('Uint8Array.of(7, 8, 9).subarray(1)'), [8, 9]],
  ])('copies exactly the bytes of %s', (_, frame, expected) => {
    const copy = copyFrame(frame) as ArrayBuffer;
    const memory = ArrayBuffer.isView(frame) ? frame.buffer : frame;
    new Uint8Array(memory).fill(0);
    expect([...new Uint8Array(copy)]).toEqual(expected);
    expect(byteLength(copy)).toBe(expected.length);
  });

  test('returns what cannot change: texts, Blobs and empty buffers, detached ones too', () => {
    const detached = new ArrayBuffer(2);
    const view = new Uint8Array(detached);
    transfer(detached);
    for (const frame of ['text', '', new Blob(['x']), new ArrayBuffer(0), detached, view])
      expect(copyFrame(frame)).toBe(frame);
  });
});

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
