/** The table of the histories that delivery survives, and the tests that show them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const room = new URL('../', import.meta.url);
const table = readFileSync(new URL('sessions/README.md', room), 'utf8');

/** The files whose tests carry the number of a row. */
const shown = new Map<string, Set<string>>();
for (const file of readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
))
  for (const [, numbers = ''] of readFileSync(new URL(file, room), 'utf8').matchAll(
    /\((D\d+(?:, D\d+)*)\)/g,
  ))
    for (const number of numbers.split(', '))
      shown.set(number, (shown.get(number) ?? new Set()).add(file));

test('the rows of README.md for the client are shown in its tests', () => {
  const client = new URL('../../core/delivery/', import.meta.url);
  const tests = readdirSync(client)
    .map((name) => readFileSync(new URL(name, client), 'utf8'))
    .join();
  const numbers = [...table.matchAll(/^\| (D\d+) .*\| _client_ +\|$/gm)].map(
    ([, number]) => number,
  );
  expect(numbers).not.toEqual([]);
  expect(numbers.filter((number) => !tests.includes(`(${number})`))).toEqual([]);
});

test('each row of README.md names the files whose tests carry its number', () => {
  const listed = [...table.matchAll(/^\| (D\d+) .*\| ([^|]+) \|$/gm)].map(
    ([, number = '', cell = '']) =>
      [number, [...cell.matchAll(/`(.+?)`/g)].map(([, file = '']) => file)] as const,
  );
  expect(listed).not.toEqual([]);
  for (const [number, files] of listed)
    expect([number, files]).toEqual([number, [...(shown.get(number) ?? [])].toSorted()]);
});
