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
