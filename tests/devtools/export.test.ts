import { expect, test } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { Recording } from '../../src/devtools/recorder/types.ts';
import { createTestServer } from '../../src/testing.ts';

test('an exported session plays back in a test, and the app sees the same', async () => {
  const play = async (run: (server: ReturnType<typeof createTestServer>) => Promise<void>) => {
    const server = createTestServer();
    const seen: unknown[] = [];
    const connection = createConnection({
      ...server.options,
      heartbeat: true,
      onMessage: (message) => seen.push(message),
      onClose: (cause) => seen.push(cause),
    });
    connection.open();
    await run(server);
    return { seen, text: recordings().list().at(-1)?.export() ?? '' };
  };

  const original = await play(async (server) => {
    await server.connected();
    server.send('a');
    await server.advance(3_000);
    recordings().list().at(-1)?.damage.close(1012, 'deploy');
    await server.connected();
    server.send('b');
  });
  const again = await play((server) => server.replay(original.text));
  expect(again.seen).toEqual(original.seen);
  expect(again.seen).toHaveLength(3);
});

test('binary frames play back byte by byte', async () => {
  const seen: number[][] = [];
  const open = async () => {
    const server = createTestServer();
    const connection = createConnection({
      ...server.options,
      onMessage: (message) => seen.push([...new Uint8Array(message as unknown as ArrayBuffer)]),
    });
    connection.open();
    return server;
  };
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  const server = await open();
  const client = await server.connected();
  client.sendFrame(bytes.buffer);
  client.sendFrame(new ArrayBuffer(0));
  const text = (recordings().list().at(-1) as Recording).export();
  await (await open()).replay(text);
  expect(seen).toEqual([[...bytes], [], [...bytes], []]);
});

test('a message that JSON cannot write is left out, and all others are exported', async () => {
  const server = createTestServer();
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const connection = createConnection<unknown, unknown>({
    ...server.options,
    codec: { encode: () => 'bytes', decode: String },
  });
  connection.send(circular);
  connection.send({ big: 1n, bytes: new Uint8Array([1, 2]) });
  connection.open();
  await server.connected();
  const { entries } = JSON.parse((recordings().list().at(-1) as Recording).export());
  const messages = entries.filter(({ type }: { type: string }) => type === 'message');
  expect(messages).toHaveLength(4);
  expect(messages[1].message).toEqual({ big: '1n', bytes: '2 bytes: 01 02' });
});
