import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { badInput } from '../support/bad-input.ts';
import { endOf, staysHere } from '../support/end-of.ts';

const unhandled: unknown[] = [];
const notice = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  // What the user's code throws is reported there.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  process.on('unhandledRejection', notice).on('uncaughtException', notice);
});
afterEach(() => {
  process.off('unhandledRejection', notice).off('uncaughtException', notice);
});

const lists = Object.entries(badInput());

test.for(lists)('%s', async ([, cases], { annotate }) => {
  await annotate(`${cases.length} cases`);
  const local = staysHere(WebSocket);
  const ends = await Promise.all(
    cases.map(async ({ name, options }) => [
      name,
      await endOf({ WebSocket: local.WebSocket, ...options }),
    ]),
  );
  expect(Object.fromEntries(ends)).toEqual(
    Object.fromEntries(cases.map(({ name, end }) => [name, end])),
  );
  await vi.waitFor(() => expect(local.open()).toBe(0));
  await nextTurn();
  expect(unhandled).toEqual([]);
  expect(local.strayed).toEqual([]);
});

test('these are more than 500 cases', () =>
  expect(lists.flatMap(([, cases]) => cases).length).toBeGreaterThan(500));
