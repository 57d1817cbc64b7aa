import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, onTestFinished } from 'vitest';
import { createLifelineServer } from '../../../src/server.ts';
import { Visitor } from '../../support/server/visitor.ts';
import { test } from '../fixtures.ts';

describe('a server', () => {
  test('on a port of its own answers other paths with 404 and plain requests with 426', async ({
    start,
  }) => {
    const { url, statusOf } = await start({ path: '/live' });
    expect(await statusOf('/live?room=1')).toBe(101);
    expect(await statusOf('/other')).toBe(404);
    const { status, headers } = await fetch(url.replace('ws', 'http'));
    expect(status).toBe(426);
    expect([headers.get('upgrade'), headers.get('connection')]).toEqual(['websocket', 'close']);
  });

  test("on a port that is in use emits an 'error' event", async ({ start }) => {
    const { url } = await start({});
    const server = createLifelineServer({ port: Number(new URL(url).port), host: '127.0.0.1' });
    const error = await new Promise((resolve) => server.on('error', resolve));
    expect(error).toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });

  test('on a shared http server leaves other paths to other listeners', async () => {
    const http = createServer((_request, response) => response.end('page')).listen(0);
    onTestFinished(() => void http.close());
    const url = `ws://localhost:${(http.address() as AddressInfo).port}`;
    const vite = ({ url: path }: IncomingMessage, socket: Duplex) => {
      if (path === '/hmr') socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    };
    http.on('upgrade', vite);
    const server = createLifelineServer({ server: http, path: '/live', origins: [null] });
    const ada = new Visitor(`${url}/live`);
    const other = new Visitor(`${url}/hmr`);
    expect([await ada.status, await other.status]).toEqual([101, 418]);
    expect(await (await fetch(url.replace('ws', 'http'))).text()).toBe('page');
    http.off('upgrade', vite);
    expect(await new Visitor(`${url}/hmr`).status).toBe(404);
    http.on('upgrade', vite);
    await server.close();
    expect(await ada.closed).toEqual([1012, 'The server restarts.']);
    expect(http.listening).toBe(true);
    expect(http.listenerCount('upgrade')).toBe(1);
  });

  test('on a shared http server waits for other listeners that answer late', async () => {
    const http = createServer().listen(0);
    onTestFinished(() => void http.close());
    const server = createLifelineServer({ server: http, path: '/live' });
    http.on('upgrade', (_request, socket: Duplex) => {
      setTimeout(() => socket.end('HTTP/1.1 418 Teapot\r\n\r\n'), 10);
    });
    const url = `ws://localhost:${(http.address() as AddressInfo).port}/other`;
    expect(await new Visitor(url).status).toBe(418);
    await server.close();
  });

  test('on a port of its own closes at once, even with a half-sent request', async ({ start }) => {
    const { server, url } = await start({});
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\n');
    // The response to a second request shows that the first has been read.
    await fetch(url.replace('ws', 'http'));
    // Node would wait for the rest for a minute, longer than this test may take.
    await server.close();
    socket.destroy();
  });

  test('without a port or http server takes the upgrades given to handleUpgrade()', async () => {
    const server = createLifelineServer({ origins: [null] });
    const http = createServer().listen(0);
    onTestFinished(() => void http.close());
    http.on('upgrade', (...upgrade) => server.handleUpgrade(...upgrade));
    const ada = new Visitor(`ws://localhost:${(http.address() as AddressInfo).port}/any`);
    expect(await ada.status).toBe(101);
    await server.close();
  });
});
