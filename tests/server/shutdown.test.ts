import { describe, expect } from 'vitest';
import { test } from './fixtures.ts';

describe('close()', () => {
  test('closes the clients with 1012, evenly spread over the drain, and refuses new ones with 503 meanwhile', async ({
    start,
  }) => {
    const { server, url, visit, statusOf } = await start({});
    const visitors = await Promise.all(Array.from({ length: 10 }, () => visit()));
    const from = performance.now();
    const times: number[] = [];
    const codes = visitors.map(async ({ closed }) => {
      const [code] = await closed;
      times.push(performance.now() - from);
      return code;
    });
    const closed = server.close({ drain: 500 });
    expect(await statusOf()).toBe(503);
    expect(await Promise.all(codes)).toEqual(visitors.map(() => 1012));
    await closed;
    // Each close comes at its time or later, since timers can be late; but not all at the end.
    const early = times.map((time, n) => n * 50 - time);
    expect(Math.max(...early)).toBeLessThan(5);
    expect(Math.min(...times)).toBeLessThan(250);
    await expect(fetch(url.replace('ws', 'http'))).rejects.toThrow('fetch failed');
  });

  test('ends early when all clients have left', async ({ start }) => {
    const { server, visit } = await start({});
    const visitors = await Promise.all(Array.from({ length: 4 }, () => visit()));
    const from = performance.now();
    const closed = server.close({ drain: 4_000 });
    for (const { socket } of visitors) socket.close();
    await closed;
    expect(performance.now() - from).toBeLessThan(900);
  });

  test('called again ends earlier with a shorter drain, and changes nothing with a longer one', async ({
    start,
  }) => {
    const { server, visit } = await start({});
    const visitors = await Promise.all(Array.from({ length: 4 }, () => visit()));
    const from = performance.now();
    const closed = [60_000, 200, 120_000].map((drain) => server.close({ drain }));
    for (const visitor of visitors) expect((await visitor.closed)[0]).toBe(1012);
    await Promise.all(closed);
    expect(performance.now() - from).toBeGreaterThan(120);
  });

  test('can be called twice and without clients, and rejects a wrong drain', async ({ start }) => {
    const { server } = await start({});
    await Promise.all([server.close(), server.close({ drain: 10 })]);
    await expect(server.close({ drain: -1 })).rejects.toThrow(/^drain must be .*, not -1/);
    await expect(server.close({ drain: 2 ** 31 })).rejects.toThrow(TypeError);
  });
});
