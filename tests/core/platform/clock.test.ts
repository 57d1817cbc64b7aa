import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createClock } from '../../../src/core/platform/clock.ts';

beforeEach(() => void vi.useFakeTimers());

test('the functions of the platform are looked up when they are used', () => {
  const clock = createClock({});
  vi.setSystemTime(7);
  expect(clock.wall()).toBe(7);
  const before = clock.now();
  vi.advanceTimersByTime(20);
  expect(clock.now() - before).toBe(20);
});

test('a timer fires once, unless it is cleared', () => {
  const clock = createClock({});
  const kept = vi.fn<() => void>();
  const cleared = vi.fn<() => void>();
  clock.setTimeout(kept, 10);
  clock.clearTimeout(clock.setTimeout(cleared, 10));
  vi.advanceTimersByTime(100);
  expect(kept).toHaveBeenCalledOnce();
  expect(cleared).not.toHaveBeenCalled();
});

test('a delay beyond 32 bits does not fire at once', () => {
  const clock = createClock({});
  const callback = vi.fn<() => void>();
  clock.setTimeout(callback, 2 ** 40);
  vi.advanceTimersByTime(86_400_000);
  expect(callback).not.toHaveBeenCalled();
});

test('given functions replace the defaults, and keep their this', () => {
  const own = {
    time: 5,
    now() {
      return this.time;
    },
  };
  const clock = createClock(own);
  expect(clock.now()).toBe(5);
  expect(clock.wall()).toBe(Date.now());
});

describe('a frame', () => {
  test('is an animation frame if that comes first', () => {
    const callback = vi.fn<() => void>();
    createClock({}).frame(callback);
    vi.advanceTimersByTime(17);
    expect(callback).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test.each([
    ['hidden and draws no frames', () => 0],
    ['not a page', undefined],
  ])('comes after 250 ms where the page is %s', (_, requestAnimationFrame) => {
    vi.stubGlobal('requestAnimationFrame', requestAnimationFrame);
    const callback = vi.fn<() => void>();
    createClock({}).frame(callback);
    vi.advanceTimersByTime(249);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  test('uses the given setTimeout', () => {
    vi.stubGlobal('requestAnimationFrame', undefined);
    const timers: number[] = [];
    createClock({ setTimeout: (_, ms) => timers.push(ms) }).frame(() => {});
    expect(timers).toEqual([250]);
  });
});

test('a frame of a hidden page cancels its animation frame request', () => {
  vi.useFakeTimers();
  const asked = new Set<number>();
  vi.stubGlobal('requestAnimationFrame', () => {
    asked.add(asked.size + 1);
    return asked.size;
  });
  vi.stubGlobal('cancelAnimationFrame', (id: number) => asked.delete(id));
  const callback = vi.fn<() => void>();
  createClock({}).frame(callback);
  vi.advanceTimersByTime(250);
  expect(callback).toHaveBeenCalledTimes(1);
  expect(asked.size).toBe(0);
});
