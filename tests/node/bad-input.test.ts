import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { badInput, namesOf, REPORTED } from '../support/bad-input.ts';
import { takeReports } from '../support/reports.ts';
import { endOf, keepLocal } from '../support/end-of.ts';

const lists = Object.entries(badInput());

test.for(lists)('%s', async ([fact, cases], { annotate }) => {
  await annotate(`${cases.length} cases`);
  const local = keepLocal(WebSocket);
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
  expect(local.refused).toEqual([]);
  expect(namesOf(takeReports())).toEqual(REPORTED[fact] ?? []);
});

test('the lists have more than 500 cases', () =>
  expect(lists.flatMap(([, cases]) => cases).length).toBeGreaterThan(500));
