// The process with all the clients.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { serve } from './worker.ts';

const HEARTBEAT = 5_000;
/** Longer than any pong. Longer frames, with who is online, are not parsed. */
const LONGEST_PONG = 100;
/** The number of handshakes at a time. */
const AT_ONCE = 50;

interface SlowJoin {
  readonly port: number;
  readonly topics: number;
  readonly perSecond: number;
  readonly seconds: number;
}

interface MuteSend {
  readonly port: number;
  readonly count: number;
  readonly seconds: number;
  readonly text: string;
}

const sockets: WebSocket[] = [];
const notReading: Socket[] = [];
let latencies: number[] = [];

/** Calls a function many times, some at once. */
async function times(count: number, job: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop -- a few at a time
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => job(from + n)),
    );
}

async function join(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  sockets.push(socket);
  socket.on('message', (data: Buffer, binary) => {
    if (data.length > LONGEST_PONG || binary) return;
    const text = String(data);
    if (!text.startsWith('{"lifeline":"pong"')) return;
    latencies.push(performance.now() - (JSON.parse(text) as { timestamp: number }).timestamp);
  });
  socket.on('error', () => {}); // the server counts it
  await once(socket, 'open');
  return socket;
}

/** Starts pings after a random part of the interval, so that they are spread like those of real clients. */
async function beat(socket: WebSocket, id: string): Promise<void> {
  await delay(Math.random() * HEARTBEAT);
  const ping = () => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ lifeline: 'ping', id, timestamp: performance.now() }));
  };
  ping();
  setInterval(ping, HEARTBEAT);
}

/** A text frame of a client, with the mask 0. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** Connects a client that reads the response to its handshake and nothing else. */
async function joinWithoutReading(port: number, path = '/data'): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  notReading.push(socket);
  socket.on('error', () => {});
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n'),
  );
  await once(socket, 'data');
  socket.pause();
  return socket;
}

const jobs = {
  async join({ port, count }: { port: number; count: number }) {
    await times(count, async (n) => {
      await join(`ws://127.0.0.1:${port}/${n % 10 === 0 ? 'data' : ''}`);
    });
  },
  /** Connects clients that are spread over so many topics, each of which watches its own. */
  async joinTopics({ port, count, topics }: { port: number; count: number; topics: number }) {
    await times(count, async (n) => {
      const topic = `topic-${n % topics}`;
      const socket = await join(`ws://127.0.0.1:${port}/${topic}`);
      socket.send(JSON.stringify({ lifeline: 'watch', topic }));
    });
  },
  /** Connects further ones, so many a second, of which none watches. */
  async joinSlowly({ port, topics, perSecond, seconds }: SlowJoin) {
    for (let n = 0; n < perSecond * seconds; n++) {
      void join(`ws://127.0.0.1:${port}/topic-${n % topics}`);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await delay(1_000 / perSecond);
    }
  },
  /** Connects clients that never read, and send a text as often as the server lets them, for so many seconds. */
  async sendWithoutReading({ port, count, seconds, text }: MuteSend) {
    const frame = maskedFrame(text);
    const mute = await Promise.all(
      Array.from({ length: count }, () => joinWithoutReading(port, '/')),
    );
    // The rate that a client may have in the long run, after its burst.
    for (const socket of mute) for (let n = 0; n < 1_900; n++) socket.write(frame);
    for (let n = 0; n < seconds * 90; n++) {
      for (const socket of mute) socket.write(frame);
      // oxlint-disable-next-line no-await-in-loop
      await delay(1_000 / 90);
    }
  },
  beat() {
    sockets.forEach((socket, n) => void beat(socket, `client-${n}`));
  },
  send(text: string) {
    for (const socket of sockets) socket.send(text);
  },
  async joinWithoutReading({ port, count }: { port: number; count: number }) {
    await times(count, async () => void (await joinWithoutReading(port)));
  },
  /** The round trips since the last call, in milliseconds, sorted. */
  latencies() {
    const sorted = latencies.toSorted((a, b) => a - b);
    latencies = [];
    return sorted;
  },
  open: () => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
};

export type ClientJobs = typeof jobs;

serve(jobs);
