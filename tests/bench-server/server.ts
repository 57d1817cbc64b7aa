// The measured process: one server and its broadcasts.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLifelineServer } from '../../src/server.ts';
import { BROADCAST } from './beside-bare.ts';
import { cpuOfBroadcasts, usage } from './usage.ts';
import { serve } from './worker.ts';

/** To a tenth of the clients that read, and to those that never read: 80 KiB a second. */
const DATA = { topic: 'data', bytes: 16_384, every: 200 };
/** To all clients. */
const BROADCAST_INTERVAL = 1_000;

/** `visible`: each client may see all, and the server keeps whom it was shown. */
const [mode] = process.argv.slice(2);

const server = createLifelineServer({
  port: 0,
  host: '127.0.0.1',
  origins: [null],
  visible: mode === 'visible' ? () => true : undefined,
});
server.on('connection', (client, { url = '/' }) => {
  const topic = url.slice(1);
  if (topic) server.subscribe(client, topic);
});
// The delay in this process only, however busy the clients are.
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
let broadcasting: number[] = [];
let ended = 0;
server.on('disconnection', () => ended++);

let port = 0;
const listening = new Promise<void>((resolve) =>
  server.on('listening', (number) => {
    port = number;
    resolve();
  }),
);

const jobs = {
  async port() {
    await listening;
    return port;
  },
  usage,
  connections: () => ({ open: server.clients.size, ended }),
  broadcasts: (count: number) => cpuOfBroadcasts(count, () => server.broadcast(BROADCAST)),
  /** How late the event loop was since the last call, and how long a broadcast to all took, in milliseconds. */
  delays() {
    const result = {
      p99: delays.percentile(99) / 1e6,
      max: delays.max / 1e6,
      broadcast: broadcasting.toSorted((a, b) => a - b)[broadcasting.length >> 1] ?? 0,
    };
    delays.reset();
    broadcasting = [];
    return result;
  },
  broadcastData() {
    const data = new Uint8Array(DATA.bytes);
    setInterval(() => server.broadcast(data, { topic: DATA.topic }), DATA.every);
  },
  broadcastToAll() {
    setInterval(() => {
      const from = performance.now();
      server.broadcast(BROADCAST);
      broadcasting.push(performance.now() - from);
    }, BROADCAST_INTERVAL);
  },
};

export type ServerJobs = typeof jobs;

serve(jobs);
