import { expect } from 'vitest';
import { renderHook } from 'vitest-browser-react';
import type { Connection, ConnectionOptions } from '../../src/index.ts';
import { createConnection, useWebSocket } from '../../src/index.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

// Not port 1, which browsers block: WebKit looks at the port before the protocols.
test.for<[string, ConnectionOptions & { url: string }]>([
  ['a fragment', { url: 'ws://ada:secret@127.0.0.1:1/live?token=secret#secret' }],
  ['a scheme of another kind', { url: 'ftp://ada:secret@127.0.0.1:1/live?token=secret' }],
  ['a port that does not exist', { url: 'ws://ada:secret@127.0.0.1:99999/live?token=secret' }],
  ['no host', { url: 'http://' }],
  ['the same protocol twice', { url: 'ws://127.0.0.1:9999/', protocols: ['chat', 'chat'] }],
  ['an invalid protocol', { url: 'ws://127.0.0.1:9999/', protocols: 'two words' }],
])(
  'a url with %s ends in closed, with a cause that shows no secret (fault 5)',
  async ([, { url, ...options }]) => {
    const { result } = await renderHook(() => {
      const { status, cause } = useWebSocket(url, options);
      return { status, cause };
    });
    await expect.poll(() => result.current.status).toBe('closed');
    expect(result.current.cause).toMatchObject({ kind: 'error', name: 'SyntaxError' });
    expect(JSON.stringify(result.current.cause)).not.toContain('secret');
  },
);

test('an invalid url returned by a function ends in closed, too (fault 5)', async () => {
  const connection = createConnection({
    url: async () => Promise.resolve('ws://127.0.0.1:99999/'),
    protocols: async () => Promise.resolve('chat'),
  });
  connection.open();
  const { cause } = await reaches(connection, 'closed');
  expect(cause).toMatchObject({ kind: 'error', name: 'SyntaxError' });
});

test('a connection closed because of its url connects once the url is right', async ({
  server,
}) => {
  let url = 'ws://127.0.0.1:99999/';
  const { result, rerender } = await renderHook(() => useWebSocket(url).status);
  await expect.poll(() => result.current).toBe('closed');
  url = server.url;
  await rerender();
  await expect.poll(() => result.current).toBe('open');
});

/** Opens a connection and returns the url of its socket. */
async function socketUrl(connection: Connection): Promise<string | undefined> {
  connection.open();
  await reaches(connection, ({ status }) => status !== 'idle');
  return connection.socket?.url;
}

test('relative and http urls are resolved against the page and become ws', async ({ server }) => {
  const base = document.createElement('base');
  base.href = `http://127.0.0.1:${server.port}/app/page?query`;
  document.head.append(base);
  try {
    for (const url of [
      'live',
      '/live?room=1',
      '?room=2',
      `//127.0.0.1:${server.port}/host`,
      `http://127.0.0.1:${server.port}/http`,
      new URL(`http://127.0.0.1:${server.port}/object`),
      `WS://127.0.0.1:${server.port}/upper`,
    ]) {
      const connection = createConnection({ url });
      connection.open();
      await reaches(connection, 'open');
      connection.close();
      await reaches(connection, 'closed');
    }
  } finally {
    base.remove();
  }
  expect((await server.report()).requests).toEqual([
    '/app/live',
    '/live?room=1',
    '/app/page?room=2',
    '/host',
    '/http',
    '/object',
    '/upper',
  ]);
});

test('an https url becomes wss', async ({ server }) => {
  const connection = createConnection({ url: `https://127.0.0.1:${server.port}/live` });
  expect(await socketUrl(connection)).toBe(`wss://127.0.0.1:${server.port}/live`);
  connection.close();
});

test('the socket has the subprotocol that the server chose', async ({ server }) => {
  const { result } = await renderHook(() => {
    const { status, connection } = useWebSocket(server.url, { protocols: ['chat.v2', 'chat.v1'] });
    return { status, connection };
  });
  await expect.poll(() => result.current.status).toBe('open');
  expect(result.current.connection.socket?.protocol).toBe('chat.v2');
});
