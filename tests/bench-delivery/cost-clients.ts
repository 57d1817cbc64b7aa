// The process with the clients whose costs are measured.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { cpuTime } from '../bench-server/usage.ts';
import { serve } from '../bench-server/worker.ts';
import { type Connection, createConnection } from '../../src/core.ts';
import { confirmed } from '../../src/delivery.ts';
import { type Mode, TEXT } from './mode.ts';

/** The number of handshakes at a time. */
const AT_ONCE = 50;

/** Messages that are sent in one go: as many as a server takes before it has confirmed some. */
const BATCH = 250;

/** From one batch to the next, in milliseconds: longer than the server collects what it confirms. */
const PAUSE = 60;

interface Join {
  readonly port: number;
  readonly count: number;
  readonly mode: Mode;
}

const sockets: WebSocket[] = [];
let connection: Connection;

/** Connects a client that begins a session, or sends its first ping. */
async function join({ port, mode }: Join, n: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/user-${n}`, { perMessageDeflate: false });
  sockets.push(socket);
  await once(socket, 'open');
  const outbox = randomBytes(16).toString('hex');
  const first =
    mode === 'delivery'
      ? { lifeline: 'session', outbox, next: 1 }
      : { lifeline: 'ping', timestamp: 0 };
  const answer = once(socket, 'message');
  socket.send(JSON.stringify(first));
  await answer;
}

const jobs = {
  async join(all: Join) {
    for (const last = sockets.length + all.count; sockets.length < last;) {
      const from = sockets.length;
      // oxlint-disable-next-line no-await-in-loop -- a few at a time
      await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => join(all, from + n)));
    }
  },
  /** Opens the connection that sends. */
  async open({ port, mode }: Omit<Join, 'count'>): Promise<void> {
    connection = createConnection({
      url: `ws://127.0.0.1:${port}/sender`,
      WebSocket,
      heartbeat: true,
      ...(mode === 'delivery' && { delivery: confirmed() }),
    });
    connection.open();
    while (connection.getSnapshot().status !== 'open') await delay(10);
  },
  /**
   * Sends so many messages, and waits until they are confirmed, if the server does that. Returns the processor time of this process
   * in milliseconds.
   */
  async sends(count: number): Promise<number> {
    const before = cpuTime();
    for (let sent = 0; sent < count; sent += BATCH) {
      for (let n = 0; n < BATCH; n++) connection.send(TEXT);
      do await delay(PAUSE);
      while (connection.outbox.length > 0);
    }
    return cpuTime() - before;
  },
};

export type CostClientsJobs = typeof jobs;

serve(jobs);
