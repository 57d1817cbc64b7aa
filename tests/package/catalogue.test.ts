import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const tests = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(posix.join(tests, path), 'utf8');

/** The test files in each row of the catalogue, relative to tests/. */
const named: Record<string, string[]> = {};
for (const [, number = '', cell = ''] of read('faults/README.md').matchAll(
  /^\| +(\d+) +\|.*\|([^|]*)\|$/gm,
))
  named[number] = [...cell.matchAll(/\]\((.*?)\)/g)].map(([, link = '']) =>
    posix.join('faults', link),
  );

/** The files with a test (or a group) whose name ends with the number of a row in brackets, as in 'fault 36'. */
const found: Record<string, string[]> = {};
for (const path of readdirSync(tests, { recursive: true, encoding: 'utf8' }).toSorted()) {
  if (!/\.tsx?$/.test(path) || path.includes('node_modules')) continue;
  const titles = [...read(path).matchAll(/\(faults? (\d+(?:, \d+)*)\)['"`]/g)];
  for (const number of new Set(titles.flatMap(([, numbers = '']) => numbers.split(', '))))
    (found[number] ??= []).push(path);
}

test('the catalogue lists 52 faults, each with the files of its tests', () => {
  expect(Object.keys(named)).toHaveLength(52);
  expect(named).toEqual(found);
});

test('every number in docs/what-happens-when.md is in the catalogue', () => {
  const tables = read('../docs/what-happens-when.md');
  const numbers = [...tables.matchAll(/^\|.*\| (\d[\d, ]*?) +\|$/gm)].flatMap(([, cell = '']) =>
    cell.split(', '),
  );
  expect(numbers.length).toBeGreaterThan(30);
  for (const number of numbers) expect(named).toHaveProperty(number);
});
