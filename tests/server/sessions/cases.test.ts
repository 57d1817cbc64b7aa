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

test('each row of README.md names the files whose tests carry its number', () => {
  const listed = [...table.matchAll(/^\| (D\d+) .*\| ([^|]+) \|$/gm)].map(
    ([, number = '', cell = '']) =>
      [number, [...cell.matchAll(/`(.+?)`/g)].map(([, file = '']) => file)] as const,
  );
  expect(listed).toHaveLength(64);
  for (const [number, files] of listed)
    expect([number, files]).toEqual([number, [...(shown.get(number) ?? [])].toSorted()]);
});
