import { expect, vi } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

test('a frame that takes longer to send than the heartbeat waits does not end the link (fault 37)', async ({
  server,
  proxy,
}) => {
  await server.stopsEchoing();
  await proxy.throttles(10_000_000);
  // 24 MB take 2.4 s. The last part is in buffers of the operating system (up to 6 MB on Linux), where no progress is
  // seen; it takes less than the timeout.
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
  // Its ping is behind that frame.
  await reaches(connection, ({ latency }) => latency !== null);
  expect(performance.now() - from).toBeGreaterThan(1_800);
  expect(losses).toEqual([]);
  expect(await server.heard()).toContain('.'.repeat(20));
  connection.close();
});

test('send() throws for what the browser refuses or turns into another text, open or not (fault 58)', async ({
  server,
}) => {
  const { buffer: shared } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
  const resizable = Reflect.construct(ArrayBuffer, [2, { maxByteLength: 4 }]) as ArrayBuffer;
  const connection = createConnection({ url: server.url });
  const memory = [shared, new Uint8Array(shared), resizable, new DataView(resizable)];
  const others = [{ byteLength: 1 }, { size: 1 }, new Set([1]), new Map(), 7, null];
  const throws = () => {
    for (const value of [...memory, ...others])
      expect(() => connection.send(value as never)).toThrow(TypeError);
  };
  throws();
  connection.open();
  await reaches(connection, 'open');
  throws();
  for (const value of memory) expect(() => connection.socket?.send(value)).toThrow(TypeError);
  expect(await server.heard()).toEqual([]);
  connection.close();
});

test('values of an iframe and files are sent, open or not (fault 58)', async ({ server }) => {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const {
    Uint8Array: Bytes,
    Blob: Data,
    File: Named,
  } = frame.contentWindow as unknown as typeof globalThis;
  const connection = createConnection({ url: server.url });
  const send = () => {
    for (const value of [
      Bytes.of(1),
      Bytes.of(2).buffer,
      new Data(['x']),
      new Named(['y'], 'name'),
    ])
      connection.send(value);
  };
  send();
  connection.open();
  await reaches(connection, 'open');
  send();
  const heard = ['<01>', '<02>', '<78>', '<79>'];
  await vi.waitFor(async () => expect(await server.heard()).toEqual([...heard, ...heard]));
  connection.close();
  frame.remove();
});
