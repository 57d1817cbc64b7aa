import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { memoryHistory, type MemoryHistoryOptions } from '../../../src/server.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started(options: MemoryHistoryOptions = {}) {
  const history = memoryHistory(options);
  const deliver = vi.fn<(topic: string, message: { number: number }) => void>();
  const forgotten = vi.fn<(topic: string) => void>();
  history.start({ deliver, forgotten, moved() {}, error() {} });
  const say = (topic: string, text: string) =>
    void history.publish(topic, { data: Buffer.from(text), isBinary: false });
  const position = (topic: string) => history.follow(topic) as { epoch: string; number: number };
  const read = (topic: string, from: { epoch: string; number: number }) =>
    (history.read(topic, from) as { number: number }[] | null)?.map(({ number }) => number) ?? null;
  return { history, deliver, forgotten, say, position, read };
}

test('a topic that nobody ever followed takes no memory', () => {
  const { say, deliver, position } = started();
  say('room', 'one');
  expect(deliver).not.toHaveBeenCalled();
  expect(position('room').number).toBe(0);
  say('room', 'two');
  expect(deliver.mock.lastCall?.[1].number).toBe(1);
});

test('the newest messages are kept: so many, so many bytes, so long', () => {
  const { say, position, read } = started({ perTopic: 5, bytesPerTopic: 10_000, ttl: 1_000 });
  const start = position('room');
  for (let n = 1; n <= 6; n++) say('room', `${n}`);
  expect(read('room', start)).toBeNull();
  expect(read('room', { ...start, number: 1 })).toEqual([2, 3, 4, 5, 6]);
  say('room', 'x'.repeat(9_000));
  expect(read('room', { ...start, number: 3 })).toEqual([4, 5, 6, 7]);
  say('room', 'x'.repeat(9_000));
  expect(read('room', { ...start, number: 6 })).toBeNull();
  expect(read('room', { ...start, number: 7 })).toEqual([8]);
  vi.advanceTimersByTime(1_000);
  expect(read('room', { ...start, number: 7 })).toBeNull();
  expect(read('room', { ...start, number: 8 })).toEqual([]);
});

test('a message that is larger than a topic may take is not kept', () => {
  const { say, position, read } = started({ bytesPerTopic: 1_000 });
  const start = position('room');
  say('room', 'x'.repeat(2_000));
  expect(read('room', start)).toBeNull();
});

test('the memory of old messages is freed without anybody asking, and no timer is left', () => {
  const { say, position } = started({ ttl: 1_000 });
  position('room');
  say('room', 'one');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('all topics together take so many bytes: those that were idle for longest are forgotten', () => {
  const { say, position, read, forgotten } = started({ bytes: 10_000 });
  const [one, two] = [position('one'), position('two')];
  for (let n = 0; n < 4; n++) say('one', 'x'.repeat(1_000));
  for (let n = 0; n < 4; n++) say('two', 'x'.repeat(1_000));
  say('one', 'again');
  expect(forgotten).not.toHaveBeenCalled();
  say('one', 'x'.repeat(1_000));
  expect(forgotten.mock.calls).toEqual([['two']]);
  expect(read('two', two)).toBeNull();
  expect(read('two', { ...two, number: 4 })).toEqual([]);
  expect(read('one', one)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('10⁵ topics are as many as the bound, followed or not', () => {
  const { history, say, position, forgotten } = started({ topics: 100 });
  for (let n = 0; n < 100_000; n++) {
    position(`${n}`);
    say(`${n}`, 'hello');
    if (n % 2 === 0) history.unfollow(`${n}`);
  }
  expect(forgotten).toHaveBeenCalledTimes(99_900);
  expect(position('99999').number).toBe(1);
  expect(position('3').number).toBe(1);
  expect(position('2').number).toBe(0);
});

test('a topic begins anew after it was forgotten, though nothing was ever said in it', () => {
  const { history, position, read } = started({ topics: 1 });
  const start = position('one');
  expect(position('two')).toEqual(start);
  expect(read('one', start)).toEqual([]);
  history.unfollow('one');
  history.unfollow('two');
  expect(position('two')).toEqual(start);
  expect(position('one').epoch).not.toBe(start.epoch);
  expect(read('one', start)).toBeNull();
});

test('what is said in a topic that nobody follows any more is kept, also the first message', () => {
  const { history, say, position, read } = started();
  const start = position('room');
  history.unfollow('room');
  say('room', 'one');
  expect(read('room', start)).toEqual([1]);
});
