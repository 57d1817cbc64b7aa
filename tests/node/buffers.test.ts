import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';

/** Opens a connection with a socket of `ws` that compresses: it reads the bytes of a frame some time after send(). */
async function openCompressed() {
  const server = new WebSocketServer({ port: 0, perMessageDeflate: true });
  await once(server, 'listening');
  const heard: number[][] = [];
  server.on('connection', (client) =>
    client.on('message', (data: Buffer) => heard.push([...data])),
  );
  const { port } = server.address() as AddressInfo;
  const chunk = Uint8Array.of(9);
  const connection = createConnection({
    url: `ws://127.0.0.1:${port}/`,
    WebSocket,
    topics: {
      of: () => null,
      subscribe() {
        queueMicrotask(() => chunk.fill(0));
        return [chunk];
      },
    },
  });
  connection.open();
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  await reaches(connection, 'open');
  expect(connection.socket?.extensions).toContain('permessage-deflate');
  return { connection, heard };
}

test('ws with compression sends the bytes that were given, although the buffer was used again (fault 57)', async () => {
  const { connection, heard } = await openCompressed();
  const chunk = Buffer.from('x');
  for (let byte = 1; byte <= 8; byte++) {
    chunk.fill(byte);
    expect(connection.send(chunk)).toBe('sent');
  }
  await vi.waitFor(() => expect(heard).toEqual([[1], [2], [3], [4], [5], [6], [7], [8]]));
});

test('ws with compression sends what topics.subscribe returned, although the buffer was used again (fault 57)', async () => {
  const { connection, heard } = await openCompressed();
  connection.onTopic('any', () => {});
  await vi.waitFor(() => expect(heard).toEqual([[9]]));
});

test('ws masks no buffer of another realm in place (fault 57)', async () => {
  const { connection, heard } = await openCompressed();
  const buffer = runInNewContext('Uint8Array.of(1, 2, 3, 4).buffer') as ArrayBuffer;
  for (const _ of [1, 2]) expect(connection.send(buffer)).toBe('sent');
  await vi.waitFor(() =>
    expect(heard).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]),
  );
  expect([...new Uint8Array(buffer)]).toEqual([1, 2, 3, 4]);
});
