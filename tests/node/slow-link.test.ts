/**
 * Links that are slower than the heartbeat waits, over a real network. With `SOAK` in the environment with a message of
 * 10 MB at 0.6 MB/s and a heartbeat of 2 s + 2 s; without, ten times as fast.
 */
import { onTestFinished, expect, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { HeartbeatOptions } from '../../src/core.ts';
import { listen } from '../support/listen.ts';
import { createServer } from 'node:http';
import { connectWith, eventually } from '../support/recorded-connection.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { test } from './fixtures.ts';

const SPEED = process.env.SOAK ? 1 : 10;
const RATE = 600_000;
const BYTES = 10_000_000 / SPEED;
const connect = connectWith(WebSocket);

/** A slow network in front of a server that sends one message on every link, and answers pings. */
async function startSlowServer(bytes: number): Promise<{ url: string; links: () => number }> {
  const http = createServer();
  const port = await listen(http, 0);
  let links = 0;
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
    links++;
    socket.on('error', () => {}).on('message', () => socket.send('pong'));
    socket.send(Buffer.alloc(bytes));
  });
  const proxy = await startTcpProxy(port);
  await proxy.throttles(RATE);
  onTestFinished(async () => {
    await proxy.stops();
    http.close();
  });
  return { url: proxy.url, links: () => links };
}

test(
  'a message that takes longer to arrive than the heartbeat waits is delivered after at most 4 links (fault 63)',
  { timeout: 15_000 + 90_000 / SPEED },
  async ({ annotate }) => {
    const receive = async (heartbeat: HeartbeatOptions | false) => {
      const { url, links } = await startSlowServer(BYTES);
      const start = performance.now();
      const connection = connect({ url, heartbeat });
      await vi.waitFor(() => expect(connection.messages).not.toEqual([]), {
        ...eventually,
        timeout: 10_000 + 60_000 / SPEED,
      });
      return { ms: performance.now() - start, links: links() };
    };
    const without = await receive(false);
    const beat = 2_000 / SPEED;
    const { ms, links } = await receive({ interval: beat, timeout: beat });
    await annotate(
      `${(ms / without.ms).toFixed(2)} times as long as without a heartbeat, on ${links} links`,
    );
    expect(links).toBeGreaterThan(1);
    expect(links).toBeLessThanOrEqual(4);
    // The last link takes as long as the one without a heartbeat, and those before it less, unless the machine is busy.
    expect(ms).toBeLessThanOrEqual(5 * without.ms);
  },
);
