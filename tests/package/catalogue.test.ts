import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const tests = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(posix.join(tests, path), 'utf8');

/** The files that the catalogue names in each row, below tests/. */
const named: Record<string, string[]> = {};
for (const [, number = '', cell = ''] of read('faults/README.md').matchAll(
  /^\| +(\d+) +\|.*\|([^|]*)\|$/gm,
))
  named[number] = [...cell.matchAll(/\]\((.*?)\)/g)].map(([, link = '']) =>
    posix.join('faults', link),
  );

/** The files that hold a test whose name begins with the number of a row. */
const found: Record<string, string[]> = {};
for (const path of readdirSync(tests, { recursive: true, encoding: 'utf8' }).toSorted()) {
  if (!/\.tsx?$/.test(path) || path.includes('node_modules')) continue;
  const titles = [...read(path).matchAll(/['"`]faults? ([\d, ]+):/g)];
  for (const number of new Set(titles.flatMap(([, numbers = '']) => numbers.split(', '))))
    (found[number] ??= []).push(path);
}

test('the catalogue names, for each of its 52 faults, the files with its tests', () => {
  expect(Object.keys(named)).toHaveLength(52);
  expect(named).toEqual(found);
});

test('every number in the tables of what happens when is one of the catalogue', () => {
  const tables = read('../docs/what-happens-when.md');
  const numbers = [...tables.matchAll(/^\|.*\| (\d[\d, ]*?) +\|$/gm)].flatMap(([, cell = '']) =>
    cell.split(', '),
  );
  expect(numbers.length).toBeGreaterThan(30);
  for (const number of numbers) expect(named).toHaveProperty(number);
});
