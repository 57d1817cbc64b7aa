import { afterEach, beforeEach, expect, test } from 'vitest';
import { badInput, namesOf, REPORTED } from '../support/bad-input.ts';
import { endOf, keepLocal } from '../support/end-of.ts';
import { takeReports } from '../support/reports.ts';

const base = document.createElement('base');

beforeEach(() => {
  // A relative text is a url in a page. It must not lead to the server of the tests.
  base.href = 'http://127.0.0.1:1/';
  document.head.append(base);
});
afterEach(() => base.remove());

test.for(Object.entries(badInput()))(
  'in a page, %s',
  { timeout: 30_000 },
  async ([fact, cases]) => {
    const local = keepLocal(WebSocket);
    // A page accepts more texts as urls than ws, and refuses even an empty fragment.
    const allowed = {
      TypeError: ['TypeError'],
      idle: ['idle'],
      closed: ['closed', 'retried'],
      retried: ['closed', 'retried'],
    };
    const others = await Promise.all(
      cases.map(async ({ name, options, end }) => {
        const actual = await endOf({ WebSocket: local.WebSocket, ...options });
        return allowed[end].includes(actual) ? [] : [`${name}: ${actual}`];
      }),
    );
    expect(others.flat()).toEqual([]);
    await expect.poll(() => local.open()).toBe(0);
    expect(local.refused).toEqual([]);
    expect(namesOf(takeReports())).toEqual(REPORTED[fact] ?? []);
  },
);
