import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLifelineServer, type LifelineServer } from '../../../src/server.ts';
import { selfSigned } from '../../support/chromium/certificate.ts';
import { listen } from '../../support/listen.ts';
import { Visitor } from '../../support/server/visitor.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const MIB = 1_048_576;

interface Throttled {
  readonly server: LifelineServer;
  readonly proxy: TcpProxy;
  readonly visitor: Visitor;
  /** A MiB comes, and a second of the server passes. */
  readonly secondPasses: () => Promise<void>;
}

/** A client that reads 8 MiB a second. */
async function connectThrottled(scheme: 'ws' | 'wss' = 'ws'): Promise<Throttled> {
  const http = scheme === 'ws' ? createServer() : createTlsServer(selfSigned('localhost'));
  const server = createLifelineServer({
    server: http,
    origins: [null],
    pingInterval: 4_000,
    timeout: 8_000,
  });
  const proxy = await startTcpProxy(await listen(http, 0));
  await proxy.throttles(8 * MIB);
  const options = { perMessageDeflate: false, rejectUnauthorized: false };
  const visitor = new Visitor(proxy.url.replace('ws', scheme), options);
  onTestFinished(async () => {
    visitor.socket.terminate();
    await proxy.stops();
    await server.close();
    http.close();
  });
  expect(await visitor.status).toBe(101);
  const { _socket: raw } = visitor.socket as unknown as { readonly _socket: Socket };
  let read = raw.bytesRead;
  // Bytes, not milliseconds: on a busy machine they come later than the network would bring them.
  const secondPasses = async () => {
    read += MIB;
    while (raw.bytesRead < read) await once(raw, 'data');
    vi.advanceTimersByTime(1_000);
  };
  return { server, proxy, visitor, secondPasses };
}

describe('a client that reads 24 MiB at 8 MiB a second, where a second of the server is a MiB', () => {
  // The operating system tells of what was read in portions of about 1.4 MB, one in two seconds of the server.
  test.beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  test.afterEach(() => void vi.useRealTimers());

  test.for([
    ['one message', 'ws', [24 * MIB]],
    ['many messages', 'ws', Array.from({ length: 96 }, () => MIB / 4)],
    ['many messages over TLS', 'wss', Array.from({ length: 96 }, () => MIB / 4)],
  ] as const)(
    'gets all of it, though no pong comes within the timeout: %s (fault 86)',
    async ([, scheme, sizes]) => {
      const { server, visitor, secondPasses } = await connectThrottled(scheme);
      const [client] = server.clients;
      for (const size of sizes) client?.send(new Uint8Array(size));
      let seconds = 0;
      while ((client?.socket.bufferedAmount ?? 0) > MIB && seconds++ < 100)
        // oxlint-disable-next-line no-await-in-loop -- one second after another
        await secondPasses();
      // Longer than the timeout.
      expect(seconds).toBeGreaterThan(10);
      await vi.waitFor(() => expect(visitor.received).toHaveLength(sizes.length));
      expect(visitor.socket.readyState).toBe(visitor.socket.OPEN);
    },
  );

  test('is ended soon after it has stopped reading (fault 86)', async () => {
    const { server, proxy, visitor, secondPasses } = await connectThrottled();
    server.broadcast(new Uint8Array(24 * MIB));
    for (let second = 0; second < 10; second++)
      // oxlint-disable-next-line no-await-in-loop -- one second after another
      await secondPasses();
    expect(server.clients.size).toBe(1);
    visitor.socket.pause();
    await proxy.stalls();
    let seconds = 0;
    while (server.clients.size > 0 && seconds++ < 50) {
      vi.advanceTimersByTime(1_000);
      // oxlint-disable-next-line no-await-in-loop -- one second after another
      await delay(75);
    }
    // Some portions were still on their way.
    expect(seconds).toBeLessThan(20);
    await proxy.passes();
  });
});
