// The process with the clients whose costs are measured.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { serve } from '../bench-server/worker.ts';
import { createConnection } from '../../src/core.ts';
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
    for (let from = 0; from < all.count; from += AT_ONCE)
      // oxlint-disable-next-line no-await-in-loop -- a few at a time
      await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => join(all, from + n)));
  },
  /** Sends so many messages, and returns the processor time of this process, confirmations included, in milliseconds. */
  async sends({ port, count, mode }: Join): Promise<number> {
    const connection = createConnection({
      url: `ws://127.0.0.1:${port}/sender`,
      WebSocket,
      heartbeat: true,
      ...(mode === 'delivery' && { delivery: confirmed() }),
    });
    let unconfirmed = 0;
    connection.on('confirm', ({ length }) => (unconfirmed -= length));
    const send = async (messages: number) => {
      for (let from = 0; from < messages; from += BATCH) {
        for (let n = 0; n < BATCH; n++) connection.send(TEXT);
        unconfirmed += BATCH;
        do await delay(PAUSE);
        while (mode === 'delivery' && unconfirmed > 0);
      }
    };
    connection.open();
    while (connection.getSnapshot().status !== 'open') await delay(10);
    // The first ones also compile the code.
    await send(count);
    const before = process.cpuUsage();
    await send(count);
    const { user, system } = process.cpuUsage(before);
    connection.close();
    return (user + system) / 1_000;
  },
};

export type CostClientsJobs = typeof jobs;

serve(jobs);
