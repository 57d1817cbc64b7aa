import { expect, test } from 'vitest';
import { createOutbox, makeEntry, type OutboxLimits } from '../../../src/core/messages/outbox.ts';
import { SimulatedClock } from '../../../src/testing/simulation/clock.ts';

const limits = (changes: Partial<OutboxLimits> = {}): OutboxLimits => ({
  maxMessages: Infinity,
  maxBytes: Infinity,
  overflow: 'drop-oldest',
  ...changes,
});

/**
 * An outbox of messages that are as many bytes long as they have characters. `trim()` returns what was dropped above the limits,
 * and `left()` what is still there.
 */
function outboxOf(...messages: string[]) {
  let set = limits();
  let dropped: string[] = [];
  const clock = new SimulatedClock();
  const outbox = createOutbox<string>({
    clock,
    settings: () => ({ outbox: set }),
    emit(type, ...args) {
      if (type === 'drop') dropped = args[0] as string[];
      return 0;
    },
  });
  for (const message of messages) outbox.add(makeEntry(clock, message, message, {}));
  return {
    trim(to: OutboxLimits): string[] {
      set = to;
      dropped = [];
      outbox.trim()();
      return dropped;
    },
    left: () => outbox.items.map(({ message }) => message),
  };
}

test('keeps what is within the limits', () =>
  expect(outboxOf('a', 'b').trim(limits({ maxMessages: 2, maxBytes: 2 }))).toEqual([]));

test('drops the oldest message when there are too many', () =>
  expect(outboxOf('a', 'b', 'c').trim(limits({ maxMessages: 1 }))).toEqual(['a', 'b']));

test("drops the newest messages with overflow: 'drop-newest'", () =>
  expect(outboxOf('a', 'b', 'c').trim(limits({ maxMessages: 1, overflow: 'drop-newest' }))).toEqual(
    ['c', 'b'],
  ));

test('drops messages until the bytes fit', () =>
  expect(outboxOf('aaa', 'b', 'cc').trim(limits({ maxBytes: 3 }))).toEqual(['aaa']));

test('drops only the newest message if it can never fit', () => {
  const outbox = outboxOf('a', 'bbbb');
  expect(outbox.trim(limits({ maxBytes: 3 }))).toEqual(['bbbb']);
  expect(outbox.left()).toEqual(['a']);
});

test('drops only what can never fit, wherever it is', () => {
  const outbox = outboxOf('a', 'bbbb', 'c', 'dddd', 'e');
  expect(outbox.trim(limits({ maxBytes: 3 }))).toEqual(['bbbb', 'dddd']);
  expect(outbox.left()).toEqual(['a', 'c', 'e']);
});

test('drops the older messages for a newest one that just fits', () =>
  expect(outboxOf('a', 'bbb').trim(limits({ maxBytes: 3 }))).toEqual(['a']));

test('drops everything if the limits allow nothing', () => {
  const none = limits({ maxMessages: 0, maxBytes: 1 });
  expect(outboxOf('a', 'b').trim(none)).toEqual(['a', 'b']);
  expect(outboxOf('', 'too long', '').trim(none)).toEqual(['too long', '', '']);
});
