/**
 * Random requests, frames, floods and resets over real sockets, against a server on its own port and one on a shared
 * HTTP server, for about 4 s; `FUZZ_SECONDS` sets another length, SOAK ten minutes. Another `FUZZ_SEED` draws others; as sockets
 * take their time, the same seed need not give the same order.
 */
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createLifelineServer,
  memoryPresence,
  refuseWith,
  type ServerOptions,
} from '../../src/server.ts';
import { listen } from '../support/listen.ts';
import { seededRandom } from '../support/random.ts';
import { attack, Dice } from '../support/server/attacker.ts';
import { FUZZ_SEED } from '../support/server/fuzz-frames.ts';
import { memoryInUse } from '../support/server/heap.ts';

const SECONDS = Number(process.env.FUZZ_SECONDS ?? (process.env.SOAK ? 600 : 4));
/** How long attackers are waited for before others come, in milliseconds. On a busy machine it takes longer. */
const ROUND = 20;
const PLACES = 10;
const [GRACE, AUTHENTICATE_TIMEOUT] = [100, 200];
/** How long the shared HTTP server waits for a request, in milliseconds. */
const HTTP_TIMEOUT = 500;
/** What code that has become fast takes, in bytes; the same after six seconds and after ten minutes. */
const MAX_GROWTH = 8 * 2 ** 20;
/** What `authenticate` throws, and that it took too long. */
const EXPECTED_ERRORS = /^no idea$|^authenticate did not answer/;

/** Starts a server, and follows its events. */
function startWatched(dice: Dice, options: ServerOptions) {
  const server = createLifelineServer({
    origins: [null],
    protocols: ['a', 'b'],
    compression: true,
    maxConnections: PLACES,
    maxConnectionsPerIdentity: 5,
    maxPayload: 16_384,
    rate: { perSecond: 200, burst: 300 },
    presence: memoryPresence({ grace: GRACE }),
    authenticateTimeout: AUTHENTICATE_TIMEOUT,
    describe: (id) => ({ id }),
    visible: (_viewer, id) => id.length % 3 !== 0,
    async authenticate({ url = '' }) {
      if (dice.chance(0.3)) await delay(dice.upTo(AUTHENTICATE_TIMEOUT * 1.2));
      if (dice.chance(0.05)) throw new Error('no idea');
      if (dice.chance(0.05)) return refuseWith(4401, 'log in');
      return dice.chance(0.05) ? null : (url.split('id=')[1] ?? '').slice(0, 256) || null;
    },
    ...options,
  });
  const wrong: string[] = [];
  const errors = new Set<string>();
  const online = new Set<string>();
  const told = { connection: 0, disconnection: 0, refusal: 0 };
  const seen = { connection: new WeakSet(), disconnection: new WeakSet(), refusal: new WeakSet() };
  const tell = (event: keyof typeof told, about: object) => {
    if (seen[event].has(about)) wrong.push(`${event} twice`);
    seen[event].add(about);
    told[event]++;
  };
  server.on('connection', (client) => tell('connection', client));
  server.on('disconnection', (client) => {
    tell('disconnection', client);
    if (!seen.connection.has(client)) wrong.push('disconnection without connection');
  });
  server.on('refusal', (_refusal, request) => tell('refusal', request));
  server.on('online', (id) => {
    if (online.has(id)) wrong.push('online twice');
    online.add(id);
  });
  server.on('offline', (id) => {
    if (!online.delete(id)) wrong.push('offline twice');
  });
  server.on('error', ({ message }) => errors.add(message.replace(/:.*/, '')));
  server.on('message', (client, data) => {
    const [word, rest = ''] = String(data).split(' ', 2);
    if (word === 'subscribe') server.subscribe(client, rest);
    else if (word === 'unsubscribe') server.unsubscribe(client, rest);
    else if (word === 'broadcast') server.broadcast(data, { topic: 'a' });
    else if (word === 'disconnect') server.disconnect(rest);
    else client.send(data);
  });
  return {
    server,
    /** The laws that hold at any moment. */
    check(): void {
      const { clients, presence } = server;
      const { admitted, connections, refused, malformed } = server.stats();
      expect(wrong).toEqual([]);
      expect(clients.size).toBeLessThanOrEqual(PLACES);
      expect(new Set(presence.list())).toEqual(online);
      expect([...clients].filter(({ id }) => !online.has(id))).toEqual([]);
      expect([connections, admitted]).toEqual([clients.size, told.connection]);
      expect(told.connection - told.disconnection).toBe(clients.size);
      expect(Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(told.refusal);
      expect(malformed).toBe(server.malformed);
      expect([...errors].filter((text) => !EXPECTED_ERRORS.test(text))).toEqual([]);
    },
  };
}

test(
  `${SECONDS} s of random requests, frames and resets hold no socket, tell nothing twice, and leave no memory in use`,
  { timeout: SECONDS * 5_000 + 30_000 },
  async ({ annotate }) => {
    const dice = new Dice(seededRandom(FUZZ_SEED));
    const limits = { headersTimeout: HTTP_TIMEOUT, requestTimeout: HTTP_TIMEOUT };
    const http = createServer(
      { ...limits, connectionsCheckingInterval: 100, keepAliveTimeout: 100 },
      (request, response) => {
        request.resume();
        setTimeout(() => response.end('late'), dice.upTo(50));
      },
    );
    /** The sockets that the HTTP server has open, upgraded ones included. */
    const sockets = new Set<Socket>();
    http.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    const shared = startWatched(dice, { server: http, path: '/live' });
    const own = startWatched(dice, { port: 0, host: '127.0.0.1' });
    const ports = await Promise.all([
      listen(http, 0),
      new Promise<number>((resolve) => own.server.on('listening', resolve)),
    ]);
    onTestFinished(() => void http.close());
    const attackers = new Set<Socket>();
    let attacks = 0;

    async function attackTimes(rounds: number): Promise<void> {
      for (let round = 1; round <= rounds; round++) {
        // Now and then a flood of clients that reconnect.
        const most = round % 50 === 0 ? 100 : dice.upTo(6);
        for (let n = most; n > 0 && attackers.size < 150; n--) {
          const socket = attack(dice.pick(ports), dice);
          attackers.add(socket);
          socket.once('close', () => attackers.delete(socket));
          attacks++;
        }
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await delay(ROUND);
        for (const { server, check } of [shared, own]) {
          server.broadcast('x'.repeat(dice.upTo(3_000)));
          check();
        }
      }
    }

    /** Lets the servers end what they hold. Returns the memory in use then. */
    async function rest(): Promise<number> {
      // Nobody helps them: only clients keep their sockets.
      await vi.waitFor(() => expect(sockets.size).toBe(shared.server.clients.size));
      for (const socket of attackers) socket.destroy();
      await vi.waitFor(() => {
        for (const { server } of [shared, own])
          expect([server.clients.size, server.presence.list()]).toEqual([0, []]);
      });
      for (const { check } of [shared, own]) check();
      return memoryInUse();
    }

    await attackTimes((SECONDS * 300) / ROUND);
    const before = await rest();
    await attackTimes((SECONDS * 700) / ROUND);
    const grown = (await rest()) - before;
    const stats = [shared, own].map(({ server }) => server.stats());
    await annotate(
      `${attacks} attacks, the memory grew by ${Math.round(grown / 1_024)} KiB: ${JSON.stringify(stats)}`,
    );
    expect(grown).toBeLessThan(MAX_GROWTH);
    expect(stats.some(({ full }) => full > 0)).toBe(true);
    for (const { admitted, messagesReceived } of stats) {
      expect(admitted).toBeGreaterThan(attacks / 50);
      expect(messagesReceived).toBeGreaterThan(attacks / 50);
    }
    await Promise.all([shared, own].map(async ({ server }) => server.close()));
  },
);
