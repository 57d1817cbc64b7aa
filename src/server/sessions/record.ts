import { randomBytes } from 'node:crypto';
import { WINDOW } from '../limits/delivery.ts';
import type { Failure } from '../protocol/delivery-frames.ts';
import type { Outcome } from './app.ts';
import type { SessionRecord } from './store.ts';

/** Shared by all outboxes without failures, and never changed: most have none. */
const NO_FAILURES: Failure[] = [];

/** Returns the record of an outbox of which nothing is taken yet, as far as anybody knows. `epoch`: by default a new one. */
export const newRecord = (epoch: string = randomBytes(6).toString('hex')): SessionRecord => ({
  epoch,
  taken: 0,
  failed: NO_FAILURES,
  replies: null,
  // A member that is added later takes more memory.
  begun: null,
});

/** The next numbers are taken. */
export function takeNumbers(
  record: SessionRecord,
  count: number,
  outcome: Exclude<Outcome, 'later'>,
): void {
  record.taken += count;
  // A copy: outboxes without failures share their list.
  if (typeof outcome === 'object')
    record.failed = [...record.failed, [record.taken, outcome.reason]];
  const { failed } = record;
  // What is older than a window is confirmed, or the client could not have sent this one.
  while ((failed[0]?.[0] ?? Infinity) <= record.taken - WINDOW) failed.shift();
}

/** The numbers before `next` are confirmed. */
export function confirmNumbers(record: SessionRecord, next: number): void {
  record.taken = Math.max(record.taken, next - 1);
  if (record.failed.length > 0) record.failed = record.failed.filter(([number]) => number >= next);
}
