import { expect, test, vi } from 'vitest';
import { needsHeader, readFrame, withHeader } from '../../../src/core/delivery/header.ts';

const header = { lifeline: 'topic', topic: 'Zürich 世界 🌍', number: 1 };
const bytes = Uint8Array.of(255, 10, 0);

test('a header of any text is read in front of text and of binary data, without a TextDecoder (fault 139)', () => {
  vi.stubGlobal('TextDecoder', undefined);
  expect(readFrame(withHeader(header, 'a\nb') as string, true)).toEqual({
    word: header,
    payload: 'a\nb',
  });
  expect(readFrame(withHeader(header, bytes.subarray(1)) as ArrayBuffer, true)).toEqual({
    word: header,
    payload: bytes.slice(1).buffer,
  });
});

test('a binary header that is no UTF-8 has no words', () => {
  const start = new TextEncoder().encode('{"lifeline":"');
  const frame = Uint8Array.of(...start, 0xc3, 0x28, 0x22, 0x7d, 10).buffer;
  expect(readFrame(frame, true)?.word).toEqual({});
});

/** The Blob of React Native can be measured, and not be read. */
class NativeBlob {
  readonly size: number;
  constructor(parts: readonly (string | { size: number })[]) {
    this.size = parts
      .map((part) => (typeof part === 'string' ? part.length : part.size))
      .reduce((sum, size) => sum + size, 0);
  }
}

test('a Blob that cannot be read gets a header, and keeps its content (fault 139)', () => {
  vi.stubGlobal('Blob', NativeBlob);
  const blob = new Blob(['content']);
  expect(needsHeader(blob)).toBe(true);
  const line = JSON.stringify({ lifeline: 'message' });
  expect((withHeader({ lifeline: 'message' }, blob) as Blob).size).toBe(line.length + 1 + 7);
});
