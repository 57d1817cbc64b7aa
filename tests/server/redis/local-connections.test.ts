import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LocalConnections } from '../../../src/server/redis/local-connections.ts';

/** Longer than Redis may take to answer, in milliseconds. */
const LATE = 2_000;

/** The events and connections of a report to Redis. */
function eventsOf({ values }: { readonly values: readonly string[] }): string[] {
  const events: string[] = [];
  for (let at = 0; at < values.length; at += 6) events.push(`${values[at]} ${values[at + 2]}`);
  return events;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('connections that come and go while Redis is away are forgotten after their grace', () => {
  const connections = new LocalConnections(1_000);
  connections.join('ann', 'stays');
  for (let n = 0; n < 100_000; n++) {
    connections.join(`guest ${n}`, `c${n}`);
    connections.leave(`c${n}`);
  }
  vi.advanceTimersByTime(LATE);
  connections.join('bob', 'b1');
  connections.leave('b1');
  expect(eventsOf(connections.nextReport(Infinity))).toEqual(['join stays', 'visit b1']);
  connections.reportAllAgain();
  expect(eventsOf(connections.nextReport(Infinity))).toEqual(['join stays', 'visit b1']);
});

test('a connection that came and went within the grace is reported', () => {
  const connections = new LocalConnections(5_000);
  connections.join('ann', 'a1');
  connections.leave('a1');
  vi.advanceTimersByTime(LATE);
  connections.join('bob', 'b1');
  connections.leave('b1');
  expect(eventsOf(connections.nextReport(Infinity))).toEqual(['leave a1', 'visit b1']);
});

test('a connection that Redis may know of is reported as gone, however late', () => {
  const connections = new LocalConnections(1_000);
  connections.join('ann', 'heard');
  connections.nextReport(Infinity).confirm();
  connections.join('bob', 'maybe heard');
  connections.nextReport(Infinity);
  connections.leave('heard');
  connections.leave('maybe heard');
  vi.advanceTimersByTime(LATE);
  connections.join('cat', 'c1');
  connections.leave('c1');
  connections.reportAllAgain();
  expect(eventsOf(connections.nextReport(Infinity)).toSorted()).toEqual([
    'leave heard',
    'leave maybe heard',
    'visit c1',
  ]);
});
