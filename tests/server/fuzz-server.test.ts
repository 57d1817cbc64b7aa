/**
 * Sends 200,000 random frames, text and binary, 1,000,000 with SOAK, to a server with simulated sockets. Clients with
 * random names connect, send frames that are nearly well-formed, subscribe to them as topics, and leave. Another
 * `FUZZ_SEED` gives other frames.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLifelineServer, memoryPresence } from '../../src/server.ts';
import { seededRandom } from '../support/random.ts';
import { FUZZ_SEED, frames, isProbe, isWord, mutate } from '../support/server/fuzz-frames.ts';
import { heapSize } from '../support/server/heap.ts';
import { SimulatedSocket } from '../support/server/simulated-process.ts';

vi.mock(import('ws'), async () => {
  const { SimulatedSocketServer } = await import('../support/server/simulated-process.ts');
  return { WebSocketServer: SimulatedSocketServer as never };
});

const FRAMES = process.env.SOAK ? 1_000_000 : 200_000;
/** How many frames are made of each drawn one, since drawing is slower than reading. */
const MUTANTS = 50;
/** How many frames each client sends: so few that the store reaches its limit of 10,000 names in the middle of a short run. */
const FRAMES_EACH = 10;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test(
  `${FRAMES} random frames do not crash the server, are all counted, and leave no memory in use`,
  { timeout: 120_000 },
  async ({ annotate }) => {
    const random = seededRandom(FUZZ_SEED);
    const drawn = fc.sample(frames, { seed: FUZZ_SEED, numRuns: FRAMES / MUTANTS });
    const server = createLifelineServer({
      origins: () => true,
      authenticate: ({ url }) => url ?? null,
      presence: memoryPresence({ grace: 5 }),
      rate: false,
    });
    const got = { messages: 0, pongs: 0, malformed: 0 };
    const expected = { messages: 0, pongs: 0, malformed: 0 };
    let online = 0;
    server.on('online', () => online++);
    server.on('offline', () => online--);
    server.on('message', (client, data) => {
      got.messages++;
      server.subscribe(client, String(data));
    });
    const errors = vi.fn<(error: Error) => void>();
    server.on('error', errors);

    /** Connects a client with this name, and waits until it is admitted. */
    async function connect(name: string): Promise<SimulatedSocket> {
      const socket = new SimulatedSocket((pong) => pong());
      socket.send = (frame) => {
        if (String(frame).startsWith('{"lifeline":"pong"') || frame === 'pong') got.pongs++;
      };
      const request = { url: name.slice(0, 256) || 'nobody', headers: {} } as IncomingMessage;
      server.handleUpgrade(request, socket as unknown as Duplex, Buffer.alloc(0));
      // oxlint-disable-next-line no-await-in-loop -- a few microtasks
      while (server.clients.size === 0) await Promise.resolve();
      return socket;
    }

    function say(socket: SimulatedSocket, data: Buffer, binary: boolean): void {
      const text = String(data);
      if (binary) expected.messages++;
      else if (text === 'ping') expected.pongs++;
      else if (text.startsWith('{"lifeline":')) {
        if (!isWord(text)) expected.malformed++;
        if (isProbe(text)) expected.pongs++;
      } else expected.messages++;
      socket.emit('message', data, binary);
    }

    let said = 0;
    let before = 0;
    for (const [n, frame] of drawn.entries())
      for (let m = 0; m < MUTANTS; m += FRAMES_EACH) {
        // oxlint-disable-next-line no-await-in-loop -- one client after another
        const socket = await connect(mutate(frame, drawn.at(-n) ?? '', random));
        for (let k = 0; k < FRAMES_EACH; k++) {
          const data = Buffer.from(mutate(frame, drawn.at(-n - m - k) ?? '', random));
          say(socket, data, random() < 0.2);
          said++;
        }
        socket.ends(1000);
        vi.advanceTimersByTime(5);
        if (said >= 100_000) before ||= heapSize();
      }
    vi.advanceTimersByTime(1_000);
    const grown = heapSize() - before;
    got.malformed = server.malformed;
    await annotate(`${JSON.stringify(got)}; the heap grew by ${Math.round(grown / 1_024)} KiB`);
    expect(said).toBe(FRAMES);
    expect(got).toEqual(expected);
    expect(got.pongs).toBeGreaterThan(FRAMES / 200);
    expect([online, server.clients.size, server.presence.list()]).toEqual([0, 0, []]);
    expect(errors).not.toHaveBeenCalled();
    expect(grown).toBeLessThan(2 * 1_024 * 1_024);
    await server.close();
  },
);
