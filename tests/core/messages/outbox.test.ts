import { expect, test } from 'vitest';
import { type Entry, type OutboxLimits, trim } from '../../../src/core/messages/outbox.ts';

const limits = (changes: Partial<OutboxLimits> = {}): OutboxLimits => ({
  maxMessages: Infinity,
  maxBytes: Infinity,
  overflow: 'drop-oldest',
  ...changes,
});

/** A queue of messages that are as many bytes long as they have characters. */
const queueOf = (...messages: string[]): Entry<string>[] =>
  messages.map((message, index) => {
    const start = messages.slice(0, index).join('').length;
    return { message, frame: message, start, end: start + message.length };
  });

/** What is taken out of such a queue. */
const trimmed = (queue: Entry<string>[], to: OutboxLimits) =>
  trim(queue, to).map(({ message }) => message);

test('keeps what is within the limits', () =>
  expect(trimmed(queueOf('a', 'b'), limits({ maxMessages: 2, maxBytes: 2 }))).toEqual([]));

test('drops the oldest message when there are too many', () =>
  expect(trimmed(queueOf('a', 'b', 'c'), limits({ maxMessages: 1 }))).toEqual(['a', 'b']));

test('drops the newest message first where it is told to', () =>
  expect(
    trimmed(queueOf('a', 'b', 'c'), limits({ maxMessages: 1, overflow: 'drop-newest' })),
  ).toEqual(['b', 'c']));

test('drops until the bytes fit', () =>
  expect(trimmed(queueOf('aaa', 'b', 'cc'), limits({ maxBytes: 3 }))).toEqual(['aaa']));

test('drops a newest message alone that could never fit', () => {
  const queue = queueOf('a', 'bbbb');
  expect(trimmed(queue, limits({ maxBytes: 3 }))).toEqual(['bbbb']);
  expect(queue).toEqual(queueOf('a'));
});

test('drops the older ones for a newest message that just fits', () =>
  expect(trimmed(queueOf('a', 'bbb'), limits({ maxBytes: 3 }))).toEqual(['a']));

test('drops everything where there is room for none', () => {
  const none = limits({ maxMessages: 0, maxBytes: 1 });
  expect(trimmed(queueOf('a', 'b'), none)).toEqual(['a', 'b']);
  expect(trimmed(queueOf('', 'too long', ''), none)).toEqual(['', 'too long', '']);
});
