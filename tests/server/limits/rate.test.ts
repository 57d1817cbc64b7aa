import { expect, test } from 'vitest';
import { type Rate, takeToken } from '../../../src/server/limits/rate.ts';

/** How many messages, one at each of these times, are let through. */
function countLetThrough(rate: Rate, times: readonly number[]): number {
  let fullAt = 0;
  return times.filter((now) => {
    const next = takeToken(fullAt, now, rate);
    fullAt = next ?? fullAt;
    return next !== null;
  }).length;
}

const MONTH = 30 * 24 * 3_600_000 + 0.123;

const at = (time: number, count: number) => Array.from({ length: count }, () => time);

test('a burst is let through after a rest, and not one message more', () => {
  for (const rate of [
    { perSecond: 100, burst: 2_000 },
    { perSecond: 3, burst: 7 },
    { perSecond: 1 / 3, burst: 1 },
    { perSecond: 1e4, burst: 1e4 },
  ])
    for (const now of [0.1, 123_456.789, MONTH])
      expect(countLetThrough(rate, at(now, rate.burst + 100))).toBe(rate.burst);
});

test('after a burst, as many messages are let through as perSecond allows', () => {
  const rate = { perSecond: 10, burst: 5 };
  expect(countLetThrough(rate, [...at(1_000, 5), ...at(1_090, 3)])).toBe(5);
  expect(countLetThrough(rate, [...at(1_000, 5), ...at(1_100, 3)])).toBe(6);
  expect(countLetThrough(rate, [...at(1_000, 5), ...at(1_350, 9)])).toBe(8);
  expect(countLetThrough(rate, [...at(1_000, 5), ...at(9_000, 9)])).toBe(10);
});

test('a steady stream at perSecond is always let through', () => {
  const rate = { perSecond: 60, burst: 2 };
  const times = Array.from({ length: 100_000 }, (_, n) => 1_000 + (n * 1_000) / 60);
  expect(countLetThrough(rate, times)).toBe(100_000);
});
