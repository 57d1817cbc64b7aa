import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { badInput } from '../support/bad-input.ts';
import { endOf, staysHere } from '../support/end-of.ts';

const base = document.createElement('base');
const unhandled: unknown[] = [];
const notice = (event: ErrorEvent | PromiseRejectionEvent) => unhandled.push(event);

beforeEach(() => {
  unhandled.length = 0;
  // What is relative is a url in a page, and must not lead to the server of the tests.
  base.href = 'http://127.0.0.1:1/';
  document.head.append(base);
  // What the user's code throws is reported there.
  vi.stubGlobal('reportError', () => {});
  window.addEventListener('error', notice);
  window.addEventListener('unhandledrejection', notice);
});
afterEach(() => {
  base.remove();
  vi.unstubAllGlobals();
  window.removeEventListener('error', notice);
  window.removeEventListener('unhandledrejection', notice);
});

test.for(Object.entries(badInput()))('%s, in a page', { timeout: 30_000 }, async ([, cases]) => {
  const local = staysHere(WebSocket);
  // In a page more is a url, and a fragment is refused even if it is empty.
  const orElse = {
    TypeError: ['TypeError'],
    idle: ['idle'],
    closed: ['closed', 'retried'],
    retried: ['closed', 'retried'],
  };
  const others = await Promise.all(
    cases.map(async ({ name, options, end }) => {
      const actual = await endOf({ WebSocket: local.WebSocket, ...options });
      return orElse[end].includes(actual) ? [] : [`${name}: ${actual}`];
    }),
  );
  expect(others.flat()).toEqual([]);
  await expect.poll(() => local.open()).toBe(0);
  await new Promise((resolve) => setTimeout(resolve));
  expect(unhandled).toEqual([]);
  expect(local.strayed).toEqual([]);
});
