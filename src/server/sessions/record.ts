import { WINDOW } from '../limits/delivery.ts';
import type { Outcome } from './app.ts';
import type { SessionRecord } from './store.ts';

/** The next numbers are taken. */
export function takeNumbers(
  record: SessionRecord,
  count: number,
  outcome: Exclude<Outcome, 'later'>,
): void {
  const { failed } = record;
  record.taken += count;
  if (typeof outcome === 'object') failed.push([record.taken, outcome.reason]);
  // What is older than a window is confirmed, or the client could not have sent this one.
  while ((failed[0]?.[0] ?? Infinity) <= record.taken - WINDOW) failed.shift();
}

/** The numbers before `next` are confirmed. `doubt`: nobody knows of those up to this one whether they were taken; 0 for none. */
export function confirmNumbers(record: SessionRecord, next: number, doubt: number): void {
  record.taken = Math.max(record.taken, next - 1);
  record.failed = record.failed.filter(([number]) => number >= next);
  if (doubt) record.doubt = doubt;
}
