import { expect, test, vi } from 'vitest';
import type { RedisLink } from '../../../src/server/redis/link.ts';
import { RedisClock } from '../../../src/server/redis/redis-clock.ts';

test('RedisClock has the time of Redis, whatever the clock of the server', async () => {
  vi.useFakeTimers({ now: 5_000_000 });
  try {
    const clock = new RedisClock();
    vi.advanceTimersByTime(10_000);
    await clock.sync({ send: async () => ['1700000000', '250000'] } as unknown as RedisLink);
    expect(clock.now()).toBeCloseTo(1_700_000_000_250, 0);
    vi.setSystemTime(9_000_000);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBeCloseTo(1_700_000_001_250, 0);
  } finally {
    vi.useRealTimers();
  }
});
