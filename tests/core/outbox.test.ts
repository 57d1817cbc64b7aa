import { expect, test } from 'vitest';
import { createOutbox, type OutboxLimits } from '../../src/core/outbox.ts';

const limits = (changes: Partial<OutboxLimits> = {}): OutboxLimits => ({
  maxMessages: Infinity,
  maxBytes: Infinity,
  overflow: 'drop-oldest',
  ...changes,
});

/** An outbox of messages that are as many bytes long as they have characters. */
function filledWith(...messages: string[]) {
  const outbox = createOutbox<string>();
  for (const message of messages) outbox.push({ message, frame: message, bytes: message.length });
  const trim = (to?: OutboxLimits) => outbox.trim(to).map(({ message }) => message);
  return { ...outbox, trim };
}

test('gives the entries in the order in which they came', () => {
  const { peek, shift, trim } = filledWith('a', 'b');
  expect(peek()?.message).toBe('a');
  shift();
  expect(peek()?.message).toBe('b');
  shift();
  expect(peek()).toBeUndefined();
  shift();
  expect(trim()).toEqual([]);
});

test('keeps what is within the limits', () =>
  expect(filledWith('a', 'b').trim(limits({ maxMessages: 2, maxBytes: 2 }))).toEqual([]));

test('drops the oldest message when there are too many', () =>
  expect(filledWith('a', 'b', 'c').trim(limits({ maxMessages: 1 }))).toEqual(['a', 'b']));

test('drops the newest message first where it is told to', () =>
  expect(
    filledWith('a', 'b', 'c').trim(limits({ maxMessages: 1, overflow: 'drop-newest' })),
  ).toEqual(['c', 'b']));

test('drops until the bytes fit', () =>
  expect(filledWith('aaa', 'b', 'cc').trim(limits({ maxBytes: 3 }))).toEqual(['aaa']));

test('drops a newest message alone that could never fit', () => {
  const { trim, peek } = filledWith('a', 'bbbb');
  expect(trim(limits({ maxBytes: 3 }))).toEqual(['bbbb']);
  expect(peek()?.message).toBe('a');
});

test('drops everything without limits, or with room for none', () => {
  expect(filledWith('a', 'b').trim()).toEqual(['a', 'b']);
  expect(filledWith('', '').trim()).toEqual(['', '']);
  expect(filledWith('a', 'b').trim(limits({ maxMessages: 0 }))).toEqual(['a', 'b']);
});

test('counts the bytes of what has left no more', () => {
  const { shift, push, trim } = filledWith('aaa');
  shift();
  push({ message: 'bbb', frame: 'bbb', bytes: 3 });
  expect(trim(limits({ maxBytes: 3 }))).toEqual([]);
});
