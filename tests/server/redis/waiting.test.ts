import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Wait, within } from '../../../src/server/redis/waiting.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a wait ends after its time or at end(), and leaves no timer', async () => {
  const wait = new Wait();
  const waited = wait.start(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  await waited;
  const cutShort = wait.start(1_000);
  wait.end();
  await cutShort;
  wait.end();
  expect(vi.getTimerCount()).toBe(0);
});

test('within() passes on an answer in time, and leaves no timer', async () => {
  expect(await within(1_000, Promise.resolve('PONG'))).toBe('PONG');
  await expect(within(1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(vi.getTimerCount()).toBe(0);
});

test('within() rejects without an answer', async () => {
  const error = within(1_000, new Promise(() => {})).catch(String);
  await vi.advanceTimersByTimeAsync(1_010);
  expect(await error).toBe('Error: there was no answer for 1000 ms');
});

test('within() accepts an answer that arrived while the process was busy', async () => {
  let arrive = (_answer: string) => {};
  const answer = within(1_000, new Promise<string>((resolve) => (arrive = resolve)));
  // The event loop runs timers that are due before it reads from sockets.
  setTimeout(() => arrive('PONG'), 1_000);
  await vi.advanceTimersByTimeAsync(1_010);
  expect(await answer).toBe('PONG');
});
