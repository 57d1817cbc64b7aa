/** A handshake over real sockets, with a server that takes nothing before a login. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectionOptions, Frame, Handshake, OutFrame } from '../../src/core.ts';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { startWsServer } from '../support/ws-server.ts';

const login: Handshake<Frame, OutFrame> = async ({ send, receive, attempt }) => {
  send(`login ${attempt}`);
  const answer = await receive();
  if (answer !== 'welcome') throw Object.assign(new Error('no'), { name: 'AuthError' });
};

/** Starts a server that closes links whose first frame is no login, and a connection to it. */
async function start(answer: 'welcome' | 'no' | null, options: ConnectionOptions = {}) {
  const heard: string[] = [];
  const server = await startWsServer((socket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      heard.push(text);
      if (text === 'cut') return socket.terminate();
      if (!text.startsWith('login')) return;
      // Both in one packet.
      if (answer) socket.send(answer);
      if (answer === 'welcome') socket.send('news');
    });
  });
  onTestFinished(() => server.stops());
  const messages: unknown[] = [];
  const connection = createConnection({
    url: server.url,
    WebSocket,
    handshake: login,
    reconnect: { minDelay: 1, baseDelay: 1 },
    onMessage: (message) => messages.push(message),
    onError() {},
    ...options,
  });
  onTestFinished(() => connection.close());
  connection.open();
  connection.send('queued');
  return { connection, server, heard, messages };
}

test('nothing goes out before the answer to the login, on every link', async () => {
  const { connection, heard, messages } = await start('welcome');
  await reaches(connection, 'open');
  await vi.waitFor(() => expect(messages).toEqual(['news']));
  connection.send('cut');
  await vi.waitFor(() => expect(messages).toEqual(['news', 'news']));
  connection.send('again');
  await vi.waitFor(() => expect(heard).toEqual(['login 0', 'queued', 'cut', 'login 1', 'again']));
});

test('a login that is refused is a failed attempt, and the socket is closed (fault 98)', async () => {
  const { connection, server, heard } = await start('no', {
    reconnect: { shouldReconnect: (cause) => cause.kind !== 'error' || cause.name !== 'AuthError' },
  });
  expect(await reaches(connection, 'closed')).toMatchObject({ cause: { name: 'AuthError' } });
  await vi.waitFor(async () => expect((await server.report()).open).toBe(0));
  expect(heard).toEqual(['login 0']);
});

test('a server that never answers the login is left at the connectTimeout (fault 99)', async () => {
  const { connection, server } = await start(null, { connectTimeout: 300, reconnect: false });
  expect(await reaches(connection, 'closed')).toMatchObject({
    cause: { kind: 'timeout', phase: 'connect' },
  });
  await vi.waitFor(async () => expect((await server.report()).open).toBe(0));
});

test('a server that dies in the handshake is tried again (fault 101)', async () => {
  const { connection, server, heard } = await start(null, { connectTimeout: 60_000 });
  await vi.waitFor(() => expect(heard).toEqual(['login 0']));
  await server.terminates();
  await vi.waitFor(() => expect(heard).toEqual(['login 0', 'login 1']));
  expect(connection.getSnapshot()).toMatchObject({ status: 'reconnecting', readyState: 0 });
});
