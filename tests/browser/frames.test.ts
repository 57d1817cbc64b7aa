import { expect } from 'vitest';
import { type Connection, createConnection, type Frame } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

/** The next messages of a connection, as many as asked for. */
function next(connection: Connection, count: number): Promise<Frame[]> {
  const messages: Frame[] = [];
  return new Promise((resolve) => {
    const stop = connection.on('message', (message) => {
      if (messages.push(message) < count) return;
      stop();
      resolve(messages);
    });
  });
}

test('fault 40: binary and text keep their order, whatever a frame was made of', async ({
  server,
}) => {
  const connection = createConnection({ url: server.url });
  connection.open();
  const bytes = Uint8Array.of(9, 0, 127, 255, 9);
  const heard = next(connection, 6);
  connection.send('first');
  connection.send(new Blob([bytes]));
  await reaches(connection, 'open');
  connection.send(bytes.subarray(1, 4));
  connection.send('grüße 🚀');
  connection.send(bytes.buffer);
  connection.send('');
  expect(await heard).toEqual([
    'first',
    bytes.buffer,
    Uint8Array.of(0, 127, 255).buffer,
    'grüße 🚀',
    bytes.buffer,
    '',
  ]);
  expect(await server.heard()).toEqual([
    'first',
    '<09 00 7f ff 09>',
    '<00 7f ff>',
    'grüße 🚀',
    '<09 00 7f ff 09>',
    '',
  ]);
  connection.close();
});

test('binary frames arrive as blobs where binaryType says so', async ({ server }) => {
  const connection = createConnection({ url: server.url, binaryType: 'blob' });
  connection.open();
  const heard = next(connection, 1);
  connection.send(Uint8Array.of(1, 2, 3));
  const [blob] = await heard;
  expect(blob).toBeInstanceOf(Blob);
  expect(await (blob as Blob).arrayBuffer()).toEqual(Uint8Array.of(1, 2, 3).buffer);
  connection.close();
});

test('fault 39: 16 MiB of text and of binary come back whole', async ({ server }) => {
  const connection = createConnection({ url: server.url });
  connection.open();
  await reaches(connection, 'open');
  const size = 16 * 1_048_576;
  const heard = next(connection, 2);
  connection.send('x'.repeat(size));
  connection.send(new Uint8Array(size).fill(7));
  const [text, binary] = await heard;
  expect((text as string).length).toBe(size);
  expect(new Uint8Array(binary as ArrayBuffer).every((byte) => byte === 7)).toBe(true);
  expect((binary as ArrayBuffer).byteLength).toBe(size);
  connection.close();
});

test('fault 37: a frame that takes longer than the heartbeat is not taken for a dead peer', async ({
  server,
  proxy,
}) => {
  await server.hushes();
  await proxy.throttles(10_000_000);
  // 2.4 s for 24 MB. What fits into the system's own buffers, whose draining nobody sees (up to 6 MB on Linux), takes
  // less than the timeout.
  const connection = createConnection({
    url: proxy.url,
    heartbeat: { interval: 100, timeout: 1_700 },
  });
  const losses: unknown[] = [];
  connection.on('close', (cause) => losses.push(cause));
  connection.open();
  await reaches(connection, 'open');
  const from = performance.now();
  connection.send('.'.repeat(24_000_000));
  // Its probe is behind that frame.
  await reaches(connection, ({ latency }) => latency !== null);
  expect(performance.now() - from).toBeGreaterThan(1_800);
  expect(losses).toEqual([]);
  expect(await server.heard()).toContain('.'.repeat(20));
  connection.close();
});
