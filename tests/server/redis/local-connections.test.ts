import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRoll } from '../../../src/server/redis/local-connections.ts';

/** Longer than Redis may take to answer, in milliseconds. */
const LATE = 2_000;

/** What Redis would be told: event and connection. */
function toldBy({ values }: { readonly values: readonly string[] }): string[] {
  const told: string[] = [];
  for (let at = 0; at < values.length; at += 5) told.push(`${values[at]} ${values[at + 2]}`);
  return told;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('connections that come and go while Redis is away leave nothing once their grace is over', () => {
  const roll = createRoll(1_000);
  roll.join('ann', 'stays');
  for (let n = 0; n < 100_000; n++) {
    roll.join(`guest ${n}`, `c${n}`);
    roll.leave(`c${n}`);
  }
  vi.advanceTimersByTime(LATE);
  roll.join('bob', 'b1');
  roll.leave('b1');
  expect(toldBy(roll.report(Infinity))).toEqual(['join stays', 'visit b1']);
  roll.call();
  expect(toldBy(roll.report(Infinity))).toEqual(['join stays', 'visit b1']);
});

test('a connection that came and went within the grace is told', () => {
  const roll = createRoll(5_000);
  roll.join('ann', 'a1');
  roll.leave('a1');
  vi.advanceTimersByTime(LATE);
  roll.join('bob', 'b1');
  roll.leave('b1');
  expect(toldBy(roll.report(Infinity))).toEqual(['leave a1', 'visit b1']);
});

test('a connection of which Redis may have heard is told as gone, however late', () => {
  const roll = createRoll(1_000);
  roll.join('ann', 'heard');
  roll.report(Infinity).settle();
  roll.join('bob', 'maybe heard');
  roll.report(Infinity);
  roll.leave('heard');
  roll.leave('maybe heard');
  vi.advanceTimersByTime(LATE);
  roll.join('cat', 'c1');
  roll.leave('c1');
  roll.call();
  expect(toldBy(roll.report(Infinity)).toSorted()).toEqual([
    'leave heard',
    'leave maybe heard',
    'visit c1',
  ]);
});
