import { afterEach, beforeEach, expect, test } from 'vitest';
import { badInput, namesOf, REPORTED } from '../support/bad-input.ts';
import { endOf, staysHere } from '../support/end-of.ts';
import { takeReports } from '../support/reports.ts';

const base = document.createElement('base');

beforeEach(() => {
  // What is relative is a url in a page, and must not lead to the server of the tests.
  base.href = 'http://127.0.0.1:1/';
  document.head.append(base);
});
afterEach(() => base.remove());

test.for(Object.entries(badInput()))(
  '%s, in a page',
  { timeout: 30_000 },
  async ([fact, cases]) => {
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
    expect(local.strayed).toEqual([]);
    expect(namesOf(takeReports())).toEqual(REPORTED[fact] ?? []);
  },
);
