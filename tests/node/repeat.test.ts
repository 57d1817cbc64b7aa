import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from '../../stories/server/repeat.ts';

let times: number[];
let end: () => void;
const sum = () => times.reduce((all, n) => all + n, 0);

beforeEach(() => {
  vi.useFakeTimers();
  times = [];
  end = repeat(5_000, (n) => times.push(n));
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

test('what happens 5,000 times a second comes in more groups than a page draws frames', () => {
  vi.advanceTimersByTime(1_000);
  expect(sum()).toBe(5_000);
  expect(times.length).toBeGreaterThan(60);
});

test('what a late timer has missed is made up for, but not more than a second of it', () => {
  const late = (time: number) => {
    const before = sum();
    vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + time);
    vi.advanceTimersToNextTimer();
    return sum() - before;
  };
  expect(late(200)).toBe(1_000);
  expect(late(60_000)).toBe(5_000);
});

test('nothing happens after the end', () => {
  end();
  vi.advanceTimersByTime(1_000);
  expect(times).toEqual([]);
});
