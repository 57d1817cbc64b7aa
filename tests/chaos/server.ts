// A server in a process of its own, which can be killed and stopped. The test tells it over IPC what to say.
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import {
  createLifelineServer,
  memoryHistory,
  memorySessions,
  redisHistory,
  redisSessions,
} from '../../src/server.ts';
import { seededRandom } from '../support/random.ts';
import { inMemory, inRedis } from './database.ts';
import { type FromServer, roomOf, type ServerStart, type ToServer } from './words.ts';

const { seed, redis, database: databaseUrl } = JSON.parse(process.argv[2] ?? '') as ServerStart;
const random = seededRandom(seed);
const database = databaseUrl === null ? inMemory() : await inRedis(databaseUrl);
/** How long the sessions of a server belong to it after it was killed, in milliseconds. */
const LEASE = 1_000;

const tell = (words: FromServer) => process.send?.(words);

const server = createLifelineServer({
  port: 0,
  host: '127.0.0.1',
  origins: [null],
  authenticate: ({ url = '/' }) => url.slice(1),
  ...storesOf(redis),
});

function storesOf(url: string | null) {
  const bounds = { perTopic: 10_000, bytesPerTopic: 16_777_216 };
  if (url === null) return { sessions: memorySessions(), history: memoryHistory(bounds) };
  const client = createClient({ url });
  return {
    sessions: redisSessions(client, { lease: LEASE }),
    history: redisHistory(client, bounds),
  };
}

/** Handles a message or a request in random time, in which a server may be killed. */
async function handle(identity: string, text: string, id: string | null): Promise<void> {
  const run = { server: process.pid, identity, id, text };
  await database.begin(run);
  if (random() < 0.3) await delay(random() * 20);
  await database.commit(run);
  if (random() < 0.1) await delay(random() * 20);
}

server.on('connection', (client) => void server.subscribe(client, roomOf(client.id)));
server.on('message', (client, message, { outbox, number }) =>
  handle(client.id, String(message), `${outbox} ${number}`),
);
server.on('request', async (client, message) => {
  await handle(client.id, String(message), null);
  return `reply to ${String(message)}`;
});
server.on('listening', (port) => tell({ port }));

process.on('message', async (words: ToServer) => {
  if ('report' in words) return tell({ records: await database.read() });
  if ('close' in words) return process.disconnect();
  const [topic, text] = words.say;
  try {
    await server.broadcast(text, { topic });
    tell({ said: text });
  } catch {
    // It may not have been recorded.
  }
});
process.once('disconnect', () => process.exit());
