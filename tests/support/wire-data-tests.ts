import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { TestAPI } from 'vitest';
import { expect, vi } from 'vitest';
import type { ConnectionOptions } from '../../src/core.ts';
import { json } from '../../src/core.ts';
import type { Peers } from './peers.ts';
import { reaches } from './reaches.ts';
import { eventually, connectWith } from './recorded-connection.ts';

/** Messages like `{ "n": 1 }`. */
const numbered: StandardSchemaV1<unknown, { n: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { n } = Object(value) as { n?: unknown };
      return typeof n === 'number' ? { value: { n } } : { issues: [{ message: 'n is no number' }] };
    },
  },
};

/**
 * Tests of the frames of a connection over a real socket, for Node and for the browser.
 *
 * @param test - Gives each test a server and a proxy.
 * @param WebSocket - The WebSocket class; undefined for that of the platform.
 */
export function wireDataTests(
  test: TestAPI<Peers>,
  WebSocket: ConnectionOptions['WebSocket'],
): void {
  const connect = connectWith(WebSocket);

  test('pings go out on schedule while many messages arrive (fault 25)', async ({ server }) => {
    const interval = 50;
    const from = performance.now();
    const connection = connect({ url: server.url, heartbeat: { interval, timeout: 5_000 } });
    await reaches(connection, 'open');
    const pings = async () => (await server.heard()).length;
    await vi.waitFor(
      async () => {
        await server.sendsNumbers(1_000);
        expect(await pings()).toBeGreaterThanOrEqual(10);
      },
      { interval: 0 },
    );
    expect(await pings()).toBeLessThanOrEqual((performance.now() - from) / interval);
    expect(connection.messages.length).toBeGreaterThan(1_000);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('a message is queued once the close frame of the server has arrived (fault 36)', async ({
    server,
  }) => {
    await server.stopsEchoing();
    const connection = connect({ url: server.url });
    await reaches(connection, 'open');
    await server.startsClosing(1001);
    await vi.waitFor(() => expect(connection.socket?.readyState).toBe(2), eventually);
    expect(connection.getSnapshot().status).toBe('open');
    expect(connection.send('first')).toBe('queued');
    expect(connection.send('second')).toBe('queued');
    await server.terminates();
    await vi.waitFor(
      async () => expect(await server.heard()).toEqual(['first', 'second']),
      eventually,
    );
    expect(connection.causes).toMatchObject([{ kind: 'close', code: 1001 }]);
  });

  test('each frame goes out at most once and in order when the link is lost while the outbox is sent (fault 36)', async ({
    server,
    proxy,
  }) => {
    await server.stopsEchoing();
    // Far more than fits into the buffers of the operating system.
    await proxy.throttles(5_000_000);
    const heads = Array.from({ length: 100 }, (_, n) => `${n} `.padEnd(20, '.'));
    const flushed: unknown[] = [];
    let handedOver = 0;
    const connection = connect({
      url: proxy.url,
      outbox: { maxBytes: Infinity },
      onFlush: (frames) => flushed.push(...(frames as string[]).map((frame) => frame.slice(0, 20))),
      onClose: () => (handedOver ||= flushed.length),
    });
    const results = heads.map((head) => connection.send(head.padEnd(200_000, '.')));
    expect(new Set(results)).toEqual(new Set(['queued']));
    await vi.waitFor(
      async () => expect((await server.report()).frames).toBeGreaterThan(5),
      eventually,
    );
    await server.terminates();
    await vi.waitFor(() => expect(connection.causes).toHaveLength(1), eventually);
    expect(handedOver).toBeGreaterThan(5);
    expect(handedOver).toBeLessThan(heads.length);

    await proxy.passes();
    await vi.waitFor(
      async () => expect((await server.heard()).at(-1)).toBe(heads.at(-1)),
      eventually,
    );
    const heard = await server.heard();
    const rest = heads.slice(handedOver);
    const arrived = heard.length - rest.length;
    expect(arrived).toBeLessThanOrEqual(handedOver);
    expect(heard).toEqual([...heads.slice(0, arrived), ...rest]);
    expect(flushed).toEqual(heads);
  });

  test(
    '20,000 messages sent in one tick all arrive in order over a slow uplink (fault 37)',
    { timeout: 20_000 },
    async ({ server, proxy }) => {
      await server.stopsEchoing();
      await proxy.throttles(10_000_000);
      const heartbeat = { interval: 250, timeout: 4_000 };
      const connection = connect({ url: proxy.url, heartbeat });
      await reaches(connection, 'open');
      const heads = Array.from({ length: 20_000 }, (_, n) => `${n} `.padEnd(20, '.'));
      const results = new Set(heads.map((head) => connection.send(head.padEnd(500, '.'))));
      expect(results).toEqual(new Set(['sent', 'queued']));
      await vi.waitFor(
        async () => expect((await server.report()).frames >= heads.length).toBe(true),
        {
          interval: 50,
          timeout: 15_000,
        },
      );
      const arrived = async () => (await server.heard()).filter((frame) => frame !== 'ping');
      await vi.waitFor(async () => expect(await arrived()).toHaveLength(heads.length), eventually);
      expect(await arrived()).toEqual(heads);
      expect(connection.statuses).toEqual(['connecting', 'open']);
    },
  );

  test(
    '16 MiB of text and of binary are sent and echoed unchanged (fault 39)',
    { timeout: 20_000 },
    async ({ server }) => {
      const connection = connect({ url: server.url });
      await reaches(connection, 'open');
      const size = 16 * 1_048_576;
      connection.send('x'.repeat(size));
      connection.send(new Uint8Array(size).fill(7));
      const slowly = { interval: 20, timeout: 15_000 };
      // toHaveLength() would print the messages when it fails.
      await vi.waitFor(() => expect(connection.messages.length).toBe(2), slowly);
      const [text, binary] = connection.messages as [string, ArrayBuffer];
      // toEqual() would print all of a text that differs.
      expect(text === 'x'.repeat(size)).toBe(true);
      expect(binary.byteLength).toBe(size);
      expect(new Uint8Array(binary).every((byte) => byte === 7)).toBe(true);
    },
  );

  test('what arrives is what was given, although a buffer was used again and transferred (fault 57)', async ({
    server,
  }) => {
    const connection = connect({ url: server.url });
    const sendsReused = () => {
      const chunk = new Uint8Array(3);
      for (const byte of [1, 2, 3]) {
        chunk.fill(byte);
        connection.send(byte === 1 ? chunk.buffer : chunk.subarray(1));
      }
      structuredClone(chunk.buffer, { transfer: [chunk.buffer] });
    };
    sendsReused();
    await reaches(connection, 'open');
    sendsReused();
    const chunks = ['<01 01 01>', '<02 02>', '<03 03>'];
    await vi.waitFor(
      async () => expect(await server.heard()).toEqual([...chunks, ...chunks]),
      eventually,
    );
  });

  test('binary and text keep their order, from strings, blobs, views and buffers (fault 40)', async ({
    server,
  }) => {
    const connection = connect({ url: server.url });
    const bytes = Uint8Array.of(9, 0, 127, 255, 9);
    connection.send('first');
    connection.send(new Blob([bytes]));
    await reaches(connection, 'open');
    connection.send(bytes.subarray(1, 4));
    connection.send('grüße 🚀');
    connection.send(bytes.buffer);
    connection.send('');
    await vi.waitFor(() => expect(connection.messages).toHaveLength(6), eventually);
    expect(connection.messages).toEqual([
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
  });

  test("binary frames arrive as blobs with binaryType: 'blob'", async ({ server }) => {
    const connection = connect({ url: server.url, binaryType: 'blob' });
    connection.send(Uint8Array.of(1, 2, 3));
    await vi.waitFor(() => expect(connection.messages).toHaveLength(1), eventually);
    const [blob] = connection.messages as [Blob];
    expect(blob).toBeInstanceOf(Blob);
    expect(await blob.arrayBuffer()).toEqual(Uint8Array.of(1, 2, 3).buffer);
  });

  test('malformed JSON and messages that the schema rejects cause error events, and the link stays (fault 41)', async ({
    server,
  }) => {
    const errors: Error[] = [];
    const connection = connect({
      url: server.url,
      codec: json({ schema: numbered }),
      onError: (error) => errors.push(error),
    });
    await reaches(connection, 'open');
    await server.says('{"n":1}');
    for (const text of ['{"n":2', '{"n":"three"}', '']) await server.says(text);
    await vi.waitFor(() => expect(errors).toHaveLength(3), eventually);
    expect(errors).toMatchObject([
      { name: 'DecodeError', frame: '{"n":2', issues: [], cause: { name: 'SyntaxError' } },
      { name: 'DecodeError', frame: '{"n":"three"}', issues: [{ message: 'n is no number' }] },
      { name: 'DecodeError', frame: '', issues: [], cause: { name: 'SyntaxError' } },
    ]);
    expect(connection.lastMessage).toEqual({ n: 1 });
    await server.says('{"n":4}');
    await vi.waitFor(() => expect(connection.messages).toEqual([{ n: 1 }, { n: 4 }]), eventually);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });
}
