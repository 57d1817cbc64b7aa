import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  createLifelineServer,
  type LifelineServer,
  type RefusedUpgrade,
  type ServerOptions,
} from '../../../src/server.ts';
import { selfSigned } from '../../support/chromium/certificate.ts';
import { listen } from '../../support/listen.ts';
import { requestUpgrade, statusLine } from '../../support/server/upgrade.ts';
import { Visitor } from '../../support/server/visitor.ts';

interface Shared {
  readonly http: Server;
  readonly port: number;
  /** The upgraded and other sockets that the HTTP server has open. */
  readonly sockets: ReadonlySet<Socket>;
  companion(options?: ServerOptions): LifelineServer;
  visit(path: string): Visitor;
}

async function startHttp(): Promise<Shared> {
  const http = createServer(async (request, response) => {
    const body = await text(request);
    const { upgrade, connection } = request.headers;
    response.end(JSON.stringify({ url: request.url, body, upgrade, connection }));
  });
  const port = await listen(http, 0);
  const sockets = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const companions: LifelineServer[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(companions.map((companion) => companion.close()));
    http.close();
  });
  return {
    http,
    port,
    sockets,
    companion(options) {
      const companion = createLifelineServer({ server: http, origins: [null], ...options });
      companion.on('message', (client, data) => client.send(`companion: ${String(data)}`));
      companions.push(companion);
      return companion;
    },
    visit: (path) => new Visitor(`ws://127.0.0.1:${port}${path}`),
  };
}

/** A WebSocket server of somebody else. */
function foreignServer(options: ConstructorParameters<typeof WebSocketServer>[0]): WebSocketServer {
  const foreign = new WebSocketServer(options);
  foreign.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => socket.send(`foreign: ${String(data)}`)),
  );
  onTestFinished(() => foreign.close());
  return foreign;
}

async function expectEcho(visitor: Visitor, from: string): Promise<void> {
  expect(await visitor.status).toBe(101);
  for (const message of ['one', 'two']) visitor.send(message);
  await visitor.receives(`${from}: one`);
  await visitor.receives(`${from}: two`);
  visitor.socket.close(4000);
  expect((await visitor.closed)[0]).toBe(4000);
}

describe('an upgrade to a path of nobody', () => {
  const upgradeMany = (port: number, isReset: boolean) =>
    Array.from({ length: 500 }, () => {
      const socket = requestUpgrade(port, '/typo');
      if (isReset) socket.once('connect', () => setImmediate(() => socket.resetAndDestroy()));
      else socket.resume();
      return socket;
    });

  test('is answered with 404 at once by several companions, also if it is reset (fault 81)', async () => {
    const { port, sockets, companion } = await startHttp();
    const refusals: RefusedUpgrade[][] = [];
    for (const path of ['/a', '/b']) {
      const heard: RefusedUpgrade[] = [];
      companion({ path }).on('refusal', (refusal) => heard.push(refusal));
      refusals.push(heard);
    }
    expect(await statusLine(requestUpgrade(port, '/typo'))).toBe('HTTP/1.1 404 Not Found');
    const ends = upgradeMany(port, false).map(async (socket) => once(socket, 'close'));
    upgradeMany(port, true);
    await Promise.all(ends);
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    for (const heard of refusals) {
      expect(heard.length).toBeGreaterThan(500);
      expect(heard[0]).toMatchObject({ status: 404, path: '/typo', address: '127.0.0.1' });
    }
  });

  test('is left to a listener of somebody else, and let go when nobody answers (fault 81)', async () => {
    const { http, port, sockets, companion } = await startHttp();
    http.headersTimeout = 1_500;
    const server = companion({ path: '/live' });
    server.on('error', (error) => expect.unreachable(String(error)));
    http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      heard++;
      // One that answers late, and reads the socket until then.
      if (request.url !== '/late') return;
      socket.resume();
      setTimeout(() => socket.end('HTTP/1.1 418 Teapot\r\n\r\n'), 2_000);
    });
    let heard = 0;
    const answered = statusLine(requestUpgrade(port, '/late'));
    const ends = upgradeMany(port, false).map(async (socket) => once(socket, 'close'));
    const resetLater = upgradeMany(port, false);
    await vi.waitFor(() => expect(heard).toBe(1_001));
    for (const socket of resetLater) socket.resetAndDestroy();
    const from = performance.now();
    await Promise.all(ends);
    expect(performance.now() - from).toBeGreaterThan(200);
    expect(await answered).toBe('HTTP/1.1 418 Teapot');
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });
});

describe('beside another WebSocket server on the same http server', () => {
  test.for(['first', 'last'])(
    'a companion without a path that comes %s takes what the other leaves (fault 82)',
    async (place) => {
      const { http, visit, companion } = await startHttp();
      const foreign = foreignServer({ noServer: true });
      const listenForeign = () =>
        http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
          if (request.url === '/other')
            foreign.handleUpgrade(request, socket, head, (opened) =>
              foreign.emit('connection', opened, request),
            );
        });
      if (place === 'last') listenForeign();
      const errors: Error[] = [];
      companion({ authenticate: async () => 'ada' }).on('error', (error) => errors.push(error));
      if (place === 'first') listenForeign();
      await expectEcho(visit('/other'), 'foreign');
      await expectEcho(visit('/'), 'companion');
      expect(errors).toEqual([]);
    },
  );

  test.for(['first', 'last'])(
    'that refuses other paths, a companion that comes %s breaks none of its frames (fault 82)',
    async (place) => {
      const { http, visit, companion } = await startHttp();
      const listenForeign = () => foreignServer({ server: http, path: '/other' });
      if (place === 'last') listenForeign();
      const errors: Error[] = [];
      for (const path of [undefined, '/live'])
        companion({ path }).on('error', (error) => errors.push(error));
      if (place === 'first') listenForeign();
      await expectEcho(visit('/other'), 'foreign');
      expect(await visit('/').status).toBe(400);
      expect(errors).toEqual([]);
      expect(await visit('/live').status).toBe(400);
      expect(String(errors)).toMatch(/Another upgrade listener .* noServer/);
    },
  );

  test('a companion without a path leaves what the other has begun to handle (fault 82)', async () => {
    const { http, visit, companion } = await startHttp();
    const server = companion();
    server.on('connection', (_client, { url }) => expect(url).toBe('/'));
    const foreign = foreignServer({ noServer: true });
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url !== '/other') return;
      const ignore = () => {};
      socket.on('error', ignore);
      setTimeout(() => {
        socket.off('error', ignore);
        foreign.handleUpgrade(request, socket, head, (opened) =>
          foreign.emit('connection', opened, request),
        );
      }, 20);
    });
    await expectEcho(visit('/other'), 'foreign');
    await expectEcho(visit('/'), 'companion');
  });

  test('a companion whose authenticate is slow leaves a socket that the other has taken by then (fault 82)', async () => {
    const { http, visit, companion } = await startHttp();
    const server = companion({
      path: '/live',
      authenticate: () => new Promise((resolve) => setTimeout(() => resolve('ada'), 40)),
    });
    const errors: Error[] = [];
    server.on('error', (error) => errors.push(error));
    const foreign = foreignServer({ noServer: true });
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      setTimeout(() => {
        foreign.handleUpgrade(request, socket, head, (opened) =>
          foreign.emit('connection', opened, request),
        );
      }, 10);
    });
    const visitor = visit('/live');
    expect(await visitor.status).toBe(101);
    await vi.waitFor(() => expect(String(errors)).toMatch(/answered already/));
    await expectEcho(visitor, 'foreign');
    expect(server.clients.size).toBe(0);
  });

  test('path may be a function, which gets the path without the query (fault 82)', async () => {
    const { visit, companion } = await startHttp();
    const errors: Error[] = [];
    companion({ path: (path) => path.startsWith('/rooms/') });
    companion({
      path: (path, { headers }) => {
        if (path === '/bad') throw new Error('no idea');
        return path === '/live' && headers.host !== undefined;
      },
    }).on('error', (error) => errors.push(error));
    companion({ path: (async () => true) as never });
    await expectEcho(visit('/rooms/7?token=1'), 'companion');
    await expectEcho(visit('/live'), 'companion');
    expect(await visit('/rooms').status).toBe(404);
    expect(errors).toEqual([]);
    expect(await visit('/bad').status).toBe(404);
    expect(errors).toEqual([new Error('no idea')]);
  });
});

describe('an upgrade behind a request that is not answered yet', () => {
  test.for(['websocket', 'h2c'])(
    'to %s closes its socket, and takes no place (fault 81)',
    async (protocol) => {
      const { http, port, sockets, companion, visit } = await startHttp();
      http.removeAllListeners('request');
      http.on('request', (_request, response) => setTimeout(() => response.end('late'), 50));
      const live = companion({
        path: '/live',
        maxConnections: 1,
        authenticate: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return 'ada';
        },
      });
      const refusals: string[] = [];
      live.on('refusal', ({ status, reason }) => refusals.push(`${status} ${reason}`));
      const errors = vi.fn<(error: Error) => void>();
      live.on('error', errors);
      for (const path of ['/live', '/typo']) {
        const socket = connect(port, '127.0.0.1');
        socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        socket.write(upgrade(path, protocol));
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await once(socket.resume(), 'close');
      }
      await vi.waitFor(() => expect(sockets.size).toBe(0));
      expect(refusals).toEqual(
        protocol === 'websocket'
          ? ['400 The upgrade came before an older request on its socket was answered.']
          : [],
      );
      await expectEcho(visit('/live'), 'companion');
      expect(errors).not.toHaveBeenCalled();
    },
  );

  test('closes its socket in handleUpgrade(), too (fault 81)', async () => {
    const { http, port, sockets } = await startHttp();
    http.removeAllListeners('request');
    http.on('request', (_request, response) => setTimeout(() => response.end('late'), 50));
    const live = createLifelineServer({ origins: [null], authenticate: async () => 'ada' });
    http.on('upgrade', live.handleUpgrade);
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${upgrade('/', 'websocket')}`);
    await once(socket.resume(), 'close');
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    expect(live.stats().refused).toEqual({ 400: 1 });
    await live.close();
  });

  test('may follow one that was answered on the same socket (fault 81)', async () => {
    const { port, companion } = await startHttp();
    companion({ path: '/live' });
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    expect(await statusLine(socket)).toBe('HTTP/1.1 200 OK');
    socket.write(upgrade('/live', 'websocket'));
    expect(await statusLine(socket)).toBe('HTTP/1.1 101 Switching Protocols');
  });

  const upgrade = (path: string, protocol: string) =>
    [
      `GET ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      `Upgrade: ${protocol}`,
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n');
});

describe('an upgrade to another protocol than WebSocket', () => {
  const request = (method: string, path: string, body = '') =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: keep-alive, Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');

  test('is answered by the application as a request without upgrade, with its body, again and again (fault 82)', async () => {
    const { port, companion } = await startHttp();
    companion();
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const received: Buffer[] = [];
    socket.on('data', (data: Buffer) => received.push(data));
    const answers = () =>
      [...String(Buffer.concat(received)).matchAll(/^\{.*?\}(?=HTTP|$)/gm)].map(
        ([json]) => JSON.parse(json) as unknown,
      );
    socket.write(request('GET', '/page'));
    await vi.waitFor(() => expect(answers()).toHaveLength(1));
    const [start, end] = [request('POST', '/form', 'name=ädä').slice(0, -3), 'ädä'];
    socket.write(start);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(end);
    await vi.waitFor(() => expect(answers()).toHaveLength(2));
    socket.write('GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await vi.waitFor(() => expect(answers()).toHaveLength(3));
    socket.write(request('GET', '/again'));
    await vi.waitFor(() => expect(answers()).toHaveLength(4));
    expect(answers().slice(0, 2)).toMatchObject([
      { url: '/page', body: '' },
      { url: '/form', body: 'name=ädä' },
    ]);
  });

  test.for([null, 200, 0])(
    'is refused if it has more headers than Node keeps, %s, so that no body becomes a request (fault 82)',
    async (maxHeadersCount) => {
      const { http, port, companion } = await startHttp();
      companion({ path: '/live' });
      http.maxHeadersCount = maxHeadersCount;
      const urls: (string | undefined)[] = [];
      http.on('request', ({ url }) => urls.push(url));
      const body = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
      const [head, ...rest] = request('POST', '/form', body).split('Content-Length');
      const socket = connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.write(`${head}${'a:b\r\n'.repeat(1_100)}Content-Length${rest.join('Content-Length')}`);
      // 0 means that Node keeps all.
      const isKept = maxHeadersCount === 0;
      expect(await statusLine(socket)).toBe(
        isKept ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 431 Request Header Fields Too Large',
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(urls).toEqual(isKept ? ['/form'] : []);
    },
  );

  test('is the affair of the other listeners again when the companions are closed (fault 82)', async () => {
    const { http, companion } = await startHttp();
    // Older versions of Node do not ask this.
    const original = (_request: object) => true;
    const asking = Object.assign(http, { shouldUpgradeCallback: original });
    const isUpgrade = () => asking.shouldUpgradeCallback({ headers: { upgrade: 'h2c' } });
    for (let n = 0; n < 3; n++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await companion().close();
      http.once('upgrade', () => {});
      expect(isUpgrade()).toBe(true);
      http.removeAllListeners('upgrade');
    }
    companion();
    expect(isUpgrade()).toBe(false);
    expect(asking.shouldUpgradeCallback).not.toBe(original);
  });

  test('is answered by the application of an https server, too (fault 82)', async () => {
    const https = createHttpsServer(selfSigned('localhost'), ({ url }, response) =>
      response.end(`page ${url}`),
    );
    const port = await listen(https, 0);
    const server = createLifelineServer({ server: https, path: '/live', origins: [null] });
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(async () => {
      socket.destroy();
      await server.close();
      https.close();
    });
    socket.write(request('GET', '/a'));
    await vi.waitFor(() => expect(String(socket.read())).toMatch(/page \/a$/));
    const visitor = new Visitor(`wss://127.0.0.1:${port}/live`, { rejectUnauthorized: false });
    expect(await visitor.status).toBe(101);
  });

  test('is left alone while there is a listener of somebody else (fault 82)', async () => {
    const { http, port, companion } = await startHttp();
    companion();
    http.on('upgrade', (_request, socket: Duplex) => {
      setTimeout(() => socket.end('HTTP/1.1 418 Teapot\r\n\r\n'), 20);
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(request('GET', '/page'));
    expect(await statusLine(socket)).toBe('HTTP/1.1 418 Teapot');
  });
});
