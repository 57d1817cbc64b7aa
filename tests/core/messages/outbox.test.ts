import { expect, test } from 'vitest';
import { createOutbox, type Outbox, type OutboxLimits } from '../../../src/core/messages/outbox.ts';

const limits = (changes: Partial<OutboxLimits> = {}): OutboxLimits => ({
  maxMessages: Infinity,
  maxBytes: Infinity,
  overflow: 'drop-oldest',
  ...changes,
});

/** An outbox of messages that are as many bytes long as they have characters. */
function outboxOf(...messages: string[]): Outbox<string> {
  const outbox = createOutbox<string>();
  for (const message of messages) outbox.add(message, message);
  return outbox;
}

test('keeps what is within the limits', () =>
  expect(outboxOf('a', 'b').trim(limits({ maxMessages: 2, maxBytes: 2 }))).toEqual([]));

test('drops the oldest message when there are too many', () =>
  expect(outboxOf('a', 'b', 'c').trim(limits({ maxMessages: 1 }))).toEqual(['a', 'b']));

test("drops the newest messages with overflow: 'drop-newest'", () =>
  expect(outboxOf('a', 'b', 'c').trim(limits({ maxMessages: 1, overflow: 'drop-newest' }))).toEqual(
    ['b', 'c'],
  ));

test('drops messages until the bytes fit', () =>
  expect(outboxOf('aaa', 'b', 'cc').trim(limits({ maxBytes: 3 }))).toEqual(['aaa']));

test('drops only the newest message if it can never fit', () => {
  const outbox = outboxOf('a', 'bbbb');
  expect(outbox.trim(limits({ maxBytes: 3 }))).toEqual(['bbbb']);
  expect(outbox.empty()).toEqual(['a']);
});

test('endsWith() finds a dropped entry out, even among equal messages', () => {
  const outbox = outboxOf('a');
  const entry = outbox.add('a', 'a');
  outbox.trim(limits({ maxMessages: 1 }));
  expect(outbox.endsWith(entry)).toBe(true);
  outbox.trim(limits({ maxMessages: 0 }));
  expect(outbox.endsWith(entry)).toBe(false);
});

test('handOver() goes on in order until a frame is not taken, and gives back a message that is refused (fault 58)', () => {
  const outbox = outboxOf('a', 'bad', 'b', 'c', 'd');
  const error = new Error('mine');
  const take = (frame: unknown) => {
    if (frame === 'bad') throw error;
    return frame === 'a' || frame === 'b';
  };
  expect(outbox.handOver(take)).toEqual([['a', 'b'], [['bad', error]]]);
  expect([outbox.length, outbox.empty()]).toEqual([2, ['c', 'd']]);
});

test('drops the older messages for a newest one that just fits', () =>
  expect(outboxOf('a', 'bbb').trim(limits({ maxBytes: 3 }))).toEqual(['a']));

test('drops everything if the limits allow nothing', () => {
  const none = limits({ maxMessages: 0, maxBytes: 1 });
  expect(outboxOf('a', 'b').trim(none)).toEqual(['a', 'b']);
  expect(outboxOf('', 'too long', '').trim(none)).toEqual(['', 'too long', '']);
});
