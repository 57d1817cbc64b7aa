import { createServer } from 'node:http';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { createLifelineServer } from '../../src/server.ts';
import { listen } from '../support/listen.ts';
import { Visitor } from '../support/server/visitor.ts';
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
    expect(Math.min(...times)).toBeLessThan(450);
    await expect(fetch(url.replace('ws', 'http'))).rejects.toThrow('fetch failed');
  });

  test('ends early when all clients have left', async ({ start }) => {
    const { server, visit } = await start({});
    const visitors = await Promise.all(Array.from({ length: 4 }, () => visit()));
    const closed = server.close({ drain: 3_600_000 });
    for (const { socket } of visitors) socket.close();
    await closed;
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

describe('close() and that of a shared http server work together', () => {
  async function startShared() {
    const http = createServer((_request, response) => response.end('page'));
    const port = await listen(http, 0);
    onTestFinished(() => void http.close());
    const server = createLifelineServer({ server: http, path: '/live', origins: [null] });
    const visitor = new Visitor(`ws://127.0.0.1:${port}/live`);
    expect(await visitor.status).toBe(101);
    return { http, server, visitor, url: `http://127.0.0.1:${port}/live` };
  }

  test('the server first: then a request to its path is answered by the application', async () => {
    const { http, server, visitor, url } = await startShared();
    await server.close();
    expect((await visitor.closed)[0]).toBe(1012);
    expect(await (await fetch(url)).text()).toBe('page');
    expect(await new Visitor(url.replace('http', 'ws')).status).toBe(200);
    await new Promise((resolve) => http.close(resolve));
  });

  test('the http server first: it waits for the clients of the server', async () => {
    const { http, server, visitor } = await startShared();
    const closed = vi.fn<() => void>();
    const all = new Promise<void>((resolve) => http.close(() => resolve())).then(closed);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).not.toHaveBeenCalled();
    await server.close();
    expect((await visitor.closed)[0]).toBe(1012);
    await all;
  });

  test('both at once, and when everything is closed already', async () => {
    const { http, server, visitor } = await startShared();
    await Promise.all([new Promise((resolve) => http.close(resolve)), server.close({ drain: 20 })]);
    expect((await visitor.closed)[0]).toBe(1012);
    await server.close();
    const late = createLifelineServer({ server: http, path: '/live' });
    await late.close();
    expect(http.listenerCount('upgrade')).toBe(0);
  });
});
