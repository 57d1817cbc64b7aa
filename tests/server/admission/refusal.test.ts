import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, vi } from 'vitest';
import {
  type Client,
  createLifelineServer,
  memoryPresence,
  type RefusedUpgrade,
  refuseWith,
  type ServerOptions,
} from '../../../src/server.ts';
import { listen } from '../../support/listen.ts';
import { takeReports } from '../../support/reports.ts';
import { requestUpgrade } from '../../support/server/upgrade.ts';
import { Visitor } from '../../support/server/visitor.ts';
import { test } from '../fixtures.ts';

describe('a refused client', () => {
  test('is described without the password of a whole url, and without control characters (fault 94)', async ({
    start,
  }) => {
    const { server, url } = await start({ path: '/live' });
    const refusals: RefusedUpgrade[] = [];
    server.on('refusal', (refusal) => refusals.push(refusal));
    const port = Number(new URL(url).port);
    const target = 'http://ada:secret@127.0.0.1';
    await text(requestUpgrade(port, `${target}/typo`));
    await text(requestUpgrade(port, `${target}/live`, 'Origin: http://\u009B31m\tevil'));
    expect(refusals).toMatchObject([
      { status: 404, path: '/typo' },
      // Node reads each byte of a header as a character.
      { status: 403, path: '/live', origin: 'http://\u00C2\uFFFD31m\uFFFDevil' },
    ]);
  });

  const cases: [status: number, why: RegExp, options: ServerOptions, header?: string][] = [
    [400, /Sec-WebSocket-Key/, {}, 'Sec-WebSocket-Key: short'],
    [400, /subprotocols/, { protocols: ['chat'] }, 'Sec-WebSocket-Protocol: other'],
    [401, /authenticate/, { authenticate: () => null }],
    [403, /no origin/, { origins: [] }],
    [403, /This origin/, {}, `Origin: https://evil.example/${'x'.repeat(500)}`],
    [404, /path/, { path: '/live' }],
    [503, /too many/, { maxConnections: 1 }],
  ];

  test.for(cases)(
    'gets %i with the reason as a text, and causes a refusal event without secrets (fault 94)',
    async ([status, why, options, header = 'Cookie: secret'], { start }) => {
      const { server, url, visit } = await start(options);
      if (status === 503) await visit();
      const refusals: RefusedUpgrade[] = [];
      server.on('refusal', (refusal, request) => {
        refusals.push(refusal);
        expect(request.url).toContain('secret');
      });
      const socket = requestUpgrade(
        Number(new URL(url).port),
        `/${'x'.repeat(500)}?token=secret`,
        header,
      );
      const [head, body] = (await text(socket)).split('\r\n\r\n');
      expect(head).toContain(`HTTP/1.1 ${status} `);
      expect(body).toMatch(why);
      expect(refusals).toEqual([
        {
          status,
          code: null,
          reason: body,
          path: `/${'x'.repeat(255)}`,
          origin: header.startsWith('Origin') ? `https://evil.example/${'x'.repeat(235)}` : null,
          address: '127.0.0.1',
        },
      ]);
    },
  );

  test.for(['Content-Length: 20', 'Transfer-Encoding: chunked'])(
    'gets 400 at once if it has a body, which is not waited for: %s (fault 147)',
    async (header, { start }) => {
      const authenticate = vi.fn<() => string>();
      const { server, url } = await start({ authenticate, maxConnections: 1 });
      const { port } = new URL(url);
      for (let n = 0; n < 3; n++) {
        const socket = requestUpgrade(Number(port), '/', header);
        // oxlint-disable-next-line no-await-in-loop -- one after the other, since there is one place
        expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .* no body\.$/s);
      }
      expect(authenticate).not.toHaveBeenCalled();
      expect(server.clients.size).toBe(0);
    },
  );

  test('gets 426 from handleUpgrade() for another protocol, and 405 for another method (fault 94)', async () => {
    const server = createLifelineServer({ origins: [null] });
    const refusals: RefusedUpgrade[] = [];
    server.on('refusal', (refusal) => refusals.push(refusal));
    const http = createServer();
    const port = await listen(http, 0);
    onTestFinished(() => void http.close());
    http.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      if (request.url === '/post') request.method = 'POST';
      server.handleUpgrade(request, socket, head);
    });
    const answer = await text(requestUpgrade(port, '/', 'Upgrade: h2c'));
    expect(answer).toMatch(/^HTTP\/1\.1 426 .*^Upgrade: websocket\r$/ms);
    expect(await text(requestUpgrade(port, '/post'))).toMatch(/^HTTP\/1\.1 405 /);
    expect(refusals.map(({ status }) => status)).toEqual([426, 405]);
  });

  test('gets 503 from a server that is closing (fault 94)', async ({ start }) => {
    const { server, visit, statusOf } = await start({});
    await visit();
    const refusals: RefusedUpgrade[] = [];
    server.on('refusal', (refusal) => refusals.push(refusal));
    const closed = server.close();
    expect(await statusOf()).toBe(503);
    expect(refusals).toMatchObject([{ status: 503, reason: 'The server is closing.' }]);
    await closed;
  });
});

describe('refuseWith()', () => {
  test.for(['returned', 'thrown', 'returned by a promise', 'rejected with'])(
    '%s in authenticate closes the accepted client with the code (fault 95)',
    async (how, { start }) => {
      const { server, visit, statusOf, errors } = await start({
        maxConnections: 1,
        protocols: ['chat'],
        authenticate: ({ url }) => {
          if (url === '/ada') return 'ada';
          const refused = refuseWith(4401, 'log in');
          if (how === 'thrown') throw refused;
          if (how === 'rejected with') return Promise.reject(refused);
          return how === 'returned' ? refused : Promise.resolve(refused);
        },
      });
      const heard: unknown[] = [];
      for (const type of ['connection', 'disconnection', 'message', 'online', 'offline'] as const)
        server.on(type, () => heard.push(type));
      server.on('refusal', (refusal) => heard.push(refusal));
      const visitor = await visit('/x?token=secret', {
        protocols: ['chat'],
      });
      visitor.send('what waited');
      expect(await visitor.closed).toEqual([4401, 'log in']);
      expect(heard).toEqual([
        {
          status: 101,
          code: 4401,
          reason: 'log in',
          path: '/x',
          origin: null,
          address: '127.0.0.1',
        },
      ]);
      expect([server.clients.size, server.presence.list(), errors]).toEqual([0, [], []]);
      await vi.waitFor(async () => expect(await statusOf('/ada')).toBe(101));
    },
  );

  test('ends a client that does not answer the close, and close() waits for it (fault 95)', async ({
    start,
  }) => {
    const { server, url } = await start({ authenticate: () => refuseWith(4403) });
    const socket = requestUpgrade(Number(new URL(url).port));
    await once(socket, 'data');
    const from = performance.now();
    await server.close();
    expect(performance.now() - from).toBeGreaterThan(2_000);
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  test('and disconnect() name the codes and the length that they take (fault 95)', async ({
    start,
  }) => {
    const { server } = await start({});
    const wrong = [[1000], [1006], [2999], [5000], [4401.5], [4401, 'ä'.repeat(62)]] as const;
    for (const [code, reason] of wrong) {
      expect(() => refuseWith(code, reason)).toThrow(
        /^refuseWith\(\) takes the code 1008, 1013 or/,
      );
      expect(() => server.disconnect('ada', code, reason)).toThrow(RangeError);
    }
    for (const code of [1008, 1013, 3000, 4999]) expect(refuseWith(code).code).toBe(code);
  });
});

describe('an identity or a hook that fails', () => {
  test('before the upgrade leads to 401 or 500 and an error event, and leaves no socket (fault 93)', async ({
    start,
  }) => {
    const getter = {
      get id(): string {
        throw new Error('no id');
      },
    };
    let reads = 0;
    const changing = {
      get id() {
        return reads++ === 0 ? 'ada' : (undefined as never);
      },
    };
    const { server, visit, statusOf, errors } = await start<{ readonly id: string }>({
      authenticate: ({ url }) => (url === '/changing' ? changing : getter),
      protocols: (names) => {
        if (names.includes('bad')) throw new Error('no protocol');
        return 'not offered';
      },
      maxConnections: 1,
    });
    expect(await statusOf('/getter')).toBe(401);
    const offer = (name: string) => ({ protocols: [name] });
    expect(await statusOf('/', offer('bad'))).toBe(500);
    expect(await statusOf('/', offer('good'))).toBe(500);
    expect(errors.map(String)).toEqual([
      'Error: no id',
      'Error: no protocol',
      expect.stringMatching(/^TypeError: protocols returned a value that the client did not offer/),
    ]);
    await visit('/changing');
    expect([...server.clients].map(({ id }) => id)).toEqual(['ada']);
    expect(reads).toBe(1);
  });

  test('after the upgrade closes the client with 1011 and an error event, and leaves no socket (fault 93)', async ({
    start,
  }) => {
    const presence = {
      ...memoryPresence(),
      join() {
        throw new Error('join failed');
      },
      leave() {
        throw new Error('leave failed');
      },
    };
    const { server, visit, statusOf, errors } = await start({ presence, maxConnections: 1 });
    const heard = vi.fn<() => void>();
    server.on('connection', heard);
    server.on('disconnection', heard);
    expect(await (await visit()).closed).toEqual([1011, 'The presence store failed.']);
    await vi.waitFor(() => expect(server.clients.size).toBe(0));
    expect(errors).toEqual([new Error('join failed'), new Error('leave failed')]);
    expect(heard).not.toHaveBeenCalled();
    await vi.waitFor(async () => expect(await statusOf()).toBe(101));
    await vi.waitFor(() => expect(errors).toHaveLength(4));
  });
});

describe('a disconnection event', () => {
  test('has the code and the reason of the server, if it closed the client (fault 94)', async ({
    start,
  }) => {
    const { server, visit } = await start({ rate: { perSecond: 1, burst: 3 }, maxPayload: 1_000 });
    const ends: unknown[] = [];
    server.on('disconnection', (_client, code, reason) => ends.push([code, reason]));
    const end = async (act: (visitor: Visitor, client: Client) => void) => {
      const visitor = await visit();
      const [client] = server.clients;
      if (client) act(visitor, client);
      await vi.waitFor(() => expect(server.clients.size).toBe(0));
      return ends.pop();
    };
    const sendRaw = ({ socket }: Visitor, bytes: readonly number[]) => {
      const { _socket: raw } = socket as unknown as { _socket: { write(data: Buffer): void } };
      raw.write(Buffer.from(bytes));
    };
    expect(await end((ada) => ada.send('x'.repeat(1_001)))).toEqual([
      1009,
      'Max payload size exceeded',
    ]);
    expect(await end((ada) => sendRaw(ada, [0x81, 0x81, 0, 0, 0, 0, 0xff]))).toEqual([
      1007,
      expect.stringMatching(/UTF-8/i),
    ]);
    expect(await end((ada) => sendRaw(ada, [0x83, 0x80, 0, 0, 0, 0]))).toEqual([
      1002,
      expect.stringMatching(/opcode/),
    ]);
    const sendFive = (ada: Visitor) => [1, 2, 3, 4, 5].forEach((n) => ada.send(String(n)));
    expect(await end(sendFive)).toEqual([1008, 'Too many messages.']);
    expect(await end((_ada, client) => client.close(4000, 'away'))).toEqual([4000, 'away']);
    expect(await end((_ada, client) => client.close())).toEqual([1005, '']);
    expect(await end((ada) => ada.socket.close(4001, 'bye'))).toEqual([4001, 'bye']);
    expect(await end((ada) => ada.socket.terminate())).toEqual([1006, '']);
  });
});

describe('a port that is in use', () => {
  test('is named, with a remedy and the code, in the error event (fault 94)', async ({ start }) => {
    const port = Number(new URL((await start({})).url).port);
    const server = createLifelineServer({ port, host: '127.0.0.1' });
    const error = await new Promise((resolve) => server.on('error', resolve));
    expect(error).toMatchObject({ code: 'EADDRINUSE', cause: { code: 'EADDRINUSE' } });
    expect(String(error)).toMatch(
      new RegExp(`cannot listen on port ${port}: another program uses it.*choose another port`),
    );
    await server.close();
  });

  test('makes the exit code 1 if nobody listens for errors (fault 94)', async ({ start }) => {
    const port = Number(new URL((await start({})).url).port);
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createLifelineServer } from './src/server.ts';
          createLifelineServer({ port: ${port}, host: '127.0.0.1' });`,
        resolveDir: fileURLToPath(new URL('../../..', import.meta.url)),
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    });
    const child = spawn(process.execPath, ['-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.end(outputFiles[0]?.text);
    const said = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await said).toContain(`cannot listen on port ${port}`);
    expect(takeReports()).toEqual([]);
  });
});

test('on() names the events, and what it got instead of a function (fault 94)', async ({
  start,
}) => {
  const { server } = await start({});
  for (const type of ['unknown', 'toString', '__proto__', 'x'.repeat(1_000)]) {
    expect(() => server.on(type as 'error', () => {})).toThrow(TypeError);
    expect(() => server.on(type as 'error', () => {})).toThrow(
      /^.{1,102} is not an event of a server\. The events are listening, connection, refusal, /,
    );
  }
  expect(() => server.on('error', 'x' as never)).toThrow(
    'The listener of error must be a function, not a string.',
  );
});
