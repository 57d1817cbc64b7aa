import { expect, test } from 'vitest';
import { ShownRows } from '../../../src/server/presence/shown-rows.ts';
import { seededRandom } from '../../support/random.ts';

test('rows are as sets of numbers, while rows come and go and numbers grow (fault 84)', () => {
  const random = seededRandom(7);
  const upTo = (end: number) => Math.floor(random() * end);
  const rows = new ShownRows();
  const sets = new Map<number, Set<number>>();
  const wrong: string[] = [];
  let most = 1;
  for (let step = 0; step < 20_000; step++) {
    const row = [...sets.keys()][upTo(sets.size)];
    const set = row === undefined ? undefined : sets.get(row);
    const number = upTo(most);
    const kind = random();
    if (row === undefined || !set || (kind < 0.02 && sets.size < 40)) {
      const added = rows.add();
      if (sets.has(added)) wrong.push(`row ${added} is given twice`);
      sets.set(added, new Set());
    } else if (kind < 0.03) {
      rows.remove(row);
      sets.delete(row);
    } else if (kind < 0.04) {
      rows.clear(row);
      set.clear();
    } else if (kind < 0.6) {
      rows.set(row, number, most);
      set.add(number);
    } else if (kind < 0.7 && set.delete(number)) rows.unset(row, number);
    if (random() < 0.1) most++;
    for (const [other, expected] of sets)
      if (rows.has(other, number) !== expected.has(number))
        wrong.push(`${number} in row ${other}, at step ${step}`);
    if (random() < 0.001)
      for (const other of sets.keys()) {
        rows.remove(other);
        sets.delete(other);
      }
  }
  expect(wrong).toEqual([]);
  expect(most).toBeGreaterThan(1_000);
});
