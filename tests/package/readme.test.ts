import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linksOf, read, root, tableBelow } from '../support/papers.ts';

const readme = read('README.md');
const measurements = read('docs/measurements.md');
const TABLE = '## Beside other libraries';

test('the README has at most 200 lines and 1,600 words', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(1_600);
});

test('the sizes in the README are not below those of the build', () => {
  const sizeLimit = join(root, 'node_modules/size-limit/bin.js');
  const { stdout } = spawnSync(process.execPath, [sizeLimit, '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const built = JSON.parse(stdout) as { name: string; size: number }[];
  const [sentence = ''] = /^Minified and gzipped, .*?^$/ms.exec(readme) ?? [];
  const told = [...sentence.matchAll(/([\d.]+) kB/g)].map(([, figure]) => Number(figure) * 1_000);
  expect(built.map(({ name }) => name)).toEqual([
    'provider and hook, production',
    'everything, production',
    'core, production',
    'delivery, production',
    'delivery with a stored outbox, production',
    'native, production',
    'presence, production',
  ]);
  expect(told).toHaveLength(built.length);
  for (const [n, { size }] of built.entries()) expect(told[n]).toBeGreaterThanOrEqual(size);
});

test('the figures for other libraries are those of the bench', () => {
  const [printed = ''] =
    /(?<=^## In short\n\n.*\n\n)(?:\|.*\n)+/m.exec(read('tests/bench/RESULTS.md')) ?? [];
  expect(measurements).toContain(`\n\n${printed}\n`);
  const rows = tableBelow('docs/measurements.md', TABLE);
  expect(rows[0]?.[0]).toBe('burst, CPU');
  expect(rows.at(-1)?.[0]).toBe('gzip, kB');
});

test('the figures for links that are cut, and for what delivery costs, are those of its bench', () => {
  const tables = read('tests/bench-delivery/RESULTS.md').match(/^(?:\|.*\n)+/gm) ?? [];
  expect(tables).toHaveLength(2);
  for (const table of tables) expect(measurements).toContain(`\n\n${table}\n`);
});

test('the size in the comparison is not above the one in the README', () => {
  const [, , ours] = tableBelow('docs/measurements.md', TABLE).at(-1) ?? [];
  const [, promised] = /^Minified and gzipped, .*? at most ([\d.]+) kB/m.exec(readme) ?? [];
  expect(Number(ours)).toBeLessThanOrEqual(Number(promised));
});

test('the first claims of the README have figures of the bench and its command', () => {
  const claims = readme.match(/^- \*\*.*?`npm run bench -- --only [\w-]+`$/gms)?.slice(0, 3) ?? [];
  expect(claims).toHaveLength(3);
  const [, table = ''] = measurements.split(TABLE);
  const [, scenarios = ''] = /^## What the rows mean\n(.*?)^## /ms.exec(measurements) ?? [];
  const picture = /alt="(.*)"/.exec(readme)?.[1] ?? '';
  const figures = [...claims, picture].join(' ').match(/\d(?:[\d,.]*\d)?/g) ?? [];
  expect(figures.length).toBeGreaterThan(8);
  const known = new Set(`${table} ${scenarios}`.match(/\d(?:[\d,.]*\d)?/g));
  for (const figure of figures) expect(known).toContain(figure);
});

test('no ws with a known way to fill the memory is in the peer range, and the README names the oldest that is (fault 90)', () => {
  const { peerDependencies } = JSON.parse(read('package.json')) as {
    peerDependencies: { readonly ws: string };
  };
  // 8.21.0 limits fragments (GHSA-96hv-2xvq-fx4p), 8.21.1 also those that are empty (CVE-2026-62389).
  const [, minor = '', patch = ''] = /^\^8\.(\d+)\.(\d+)$/.exec(peerDependencies.ws) ?? [];
  expect(1_000 * Number(minor) + Number(patch)).toBeGreaterThanOrEqual(21_001);
  expect(readme).toContain(`ws 8.${minor}.${patch} and later`);
});

test('the pictures in the README have double resolution and equal sizes', () => {
  const width = Number(/<img [^>]*width="(\d+)"/.exec(readme)?.[1]);
  const pictures = linksOf('README.md').filter(({ to }) => to.endsWith('.png'));
  const sizes = pictures.map(({ to }) => {
    const png = readFileSync(join(root, to));
    return [png.readUInt32BE(16), png.readUInt32BE(20)];
  });
  expect(sizes).toHaveLength(2);
  expect(sizes[0]).toEqual(sizes[1]);
  expect(sizes[0]?.[0]).toBe(2 * width);
});

test('the number of messages in docs/measurements.md is one that a test sends', () => {
  const [, figure = ''] = /^- ([\d,]+) messages in a burst/m.exec(measurements) ?? [];
  const [, counts = ''] =
    /test\.for\(\[([\d_, ]+)\]\)/.exec(read('tests/browser/figures.test.tsx')) ?? [];
  expect(counts.split(', ')).toContain(figure.replaceAll(',', '_'));
});
