import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { announce, listenToAnnouncements } from '../../../src/core/platform/announce.ts';
import { createConnection } from '../../../src/core.ts';

const HOOK = Symbol.for('react-lifeline devtools');

function forget(): void {
  Reflect.deleteProperty(globalThis, HOOK);
}

beforeEach(forget);
afterEach(forget);

test('devtools get the connections that were made before them, and then each at once', () => {
  const before = createConnection();
  const seen: unknown[] = [];
  listenToAnnouncements((made) => seen.push((made as { connection: unknown }).connection));
  expect(seen).toEqual([before]);
  const after = createConnection();
  expect(seen).toEqual([before, after]);
});

test('without devtools, the last 50 are kept', () => {
  for (let n = 1; n <= 60; n++) announce(n);
  const seen: unknown[] = [];
  listenToAnnouncements((made) => seen.push(made));
  expect([seen.length, seen[0], seen.at(-1)]).toEqual([50, 11, 60]);
});

test('where there is no page, such as on a server, nothing is kept', () => {
  vi.stubGlobal('document', undefined);
  announce({});
  expect(HOOK in globalThis).toBe(false);
  vi.unstubAllGlobals();
});
