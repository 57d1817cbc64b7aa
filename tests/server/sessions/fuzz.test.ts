/**
 * Sends 100,000 random frames, text and binary, 1,000,000 with SOAK, to clients with a session, on simulated sockets. Most are
 * nearly well-formed words of delivery. Another `FUZZ_SEED` gives other frames.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LIFELINE } from '../../../src/core/protocol/frames.ts';
import { createLifelineServer, memoryHistory, memorySessions } from '../../../src/server.ts';
import { seededRandom } from '../../support/random.ts';
import { FUZZ_SEED, mutate } from '../../support/server/fuzz-frames.ts';
import { memoryInUse } from '../../support/server/heap.ts';
import { SimulatedSocket } from '../../support/server/simulated-process.ts';

vi.mock(import('ws'), async () => {
  const { SimulatedSocketServer } = await import('../../support/server/simulated-process.ts');
  return { WebSocketServer: SimulatedSocketServer as never };
});

const FRAMES = process.env.SOAK ? 1_000_000 : 100_000;
const FRAMES_EACH = 40;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test(
  `${FRAMES} random frames in sessions: nothing is thrown, what is ours is never a message, and memory is bounded`,
  { timeout: 240_000 },
  async ({ annotate }) => {
    const random = seededRandom(FUZZ_SEED);
    const pick = <Item>(items: readonly Item[]) =>
      items[Math.floor(random() * items.length)] as Item;
    const server = createLifelineServer({
      origins: () => true,
      authenticate: ({ url }) => url ?? null,
      rate: false,
      sessions: memorySessions({ max: 500 }),
      history: memoryHistory({ topics: 100, bytes: 1_000_000 }),
    });
    const errors = vi.fn<(error: Error) => void>();
    server.on('error', errors);
    const closes = new Map<number, number>();
    let forged = 0;
    let frame = '';
    /** Where topics stand, as the server has told. */
    const positions = new Map<string, { epoch: string; number: number }>();
    let numbers = 0;
    server.on('message', (client, message, { number }) => {
      if (number !== null) numbers++;
      if (number !== null && frame.startsWith(LIFELINE) && String(message) === frame) forged++;
      server.subscribe(client, pick(['room', 'news', '__proto__', String(message)]));
      server.broadcast(message, { topic: 'room', except: client });
      server.sendTo(client.id, message);
      if (random() < 0.1) server.unsubscribe(client, 'room');
    });
    server.on('request', (_client, message) =>
      random() < 0.2 ? new Promise<string>(() => {}) : String(message),
    );

    const outboxes = Array.from({ length: 50 }, () =>
      Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join(''),
    );
    const values = [0, 1, 2, 7, -1, 1.5, 1e9, 2 ** 52, 2 ** 53, 1e308, null, '1', [], {}, true];
    const small = () => Math.floor(random() * 5);
    const value = () => (random() < 0.7 ? small() : pick<unknown>(values));
    const list = () => Array.from({ length: small() }, value);
    const told = () => {
      const topic = pick(['room', 'news', '', '__proto__', 7]);
      const position = positions.get(String(topic));
      if (!position || random() < 0.2) return [topic, pick(['a1', '', 7]), value()];
      return [topic, position.epoch, position.number - small()];
    };
    const payload = () =>
      pick(['hello', '', '{"lifeline":"leave"}', '\uFEFF{"lifeline":"x"}', '{', 'x'.repeat(3_000)]);
    const word = (): string => {
      const lifeline = pick([
        'session',
        'positions',
        'message',
        'uncounted',
        'skip',
        'ping',
        'pong',
        'request',
        'pending',
        'replied',
        'abort',
        'watch',
        'taken',
        'topic',
        '__proto__',
      ]);
      const content = {
        lifeline,
        ...(random() < 0.5 && { id: value(), ids: list(), count: value() }),
        ...(lifeline === 'session' && { outbox: pick(outboxes), next: value() }),
        ...(lifeline === 'positions' && { topics: Array.from({ length: small() }, told) }),
        ...(lifeline === 'ping' && { timestamp: 1, ...(random() < 0.05 && { sent: value() }) }),
        ...(['request', 'abort'].includes(lifeline) && { id: value() }),
        ...(['pending', 'replied'].includes(lifeline) && { ids: list() }),
        ...(lifeline === 'skip' && { count: value() }),
      };
      return JSON.stringify(content) + (random() < 0.4 ? `\n${payload()}` : '');
    };

    async function connect(): Promise<SimulatedSocket> {
      const socket = new SimulatedSocket((pong) => pong());
      socket.send = (data) => {
        const [, topic = '', epoch, number] =
          /"topic":"(.*?)",(?:"epoch":"(.*?)",)?"number":(\d+)/.exec(String(data)) ?? [];
        if (epoch !== undefined) positions.set(topic, { epoch, number: Number(number) });
        else if (number !== undefined)
          positions.set(topic, {
            epoch: positions.get(topic)?.epoch ?? '?',
            number: Number(number),
          });
      };
      socket.close = (code = 1005) => {
        closes.set(code, (closes.get(code) ?? 0) + 1);
        socket.readyState = 2;
      };
      const request = { url: pick(['ada', 'grace', 'alan']), headers: {} } as IncomingMessage;
      server.handleUpgrade(request, socket as unknown as Duplex, Buffer.alloc(0));
      const before = server.stats().admitted;
      // oxlint-disable-next-line no-await-in-loop -- a few microtasks
      while (server.stats().admitted === before) await Promise.resolve();
      return socket;
    }

    let before = 0;
    // Two clients at a time, so that they take sessions from each other, and hear each other.
    let older = await connect();
    for (let said = 0; said < FRAMES;) {
      // oxlint-disable-next-line no-await-in-loop -- one client after another
      const socket = await connect();
      const topics = Array.from({ length: small() }, told);
      const tell = JSON.stringify({ lifeline: 'positions', topics });
      const first = JSON.stringify({ lifeline: 'session', outbox: pick(outboxes), next: 1 });
      if (random() < 0.5) socket.emit('message', Buffer.from(tell), false);
      if (random() < 0.9) socket.emit('message', Buffer.from(first), false);
      for (let n = 0; n < FRAMES_EACH; n++, said++) {
        frame = random() < 0.7 ? word() : mutate(word(), word(), random);
        const end = random() < 0.1 && older.readyState === 1 ? older : socket;
        end.emit('message', Buffer.from(frame), random() < 0.2);
      }
      older.ends(1006);
      older = socket;
      vi.advanceTimersByTime(100);
      // oxlint-disable-next-line no-await-in-loop -- promises of handlers
      await Promise.resolve();
      if (said >= FRAMES / 2) before ||= memoryInUse();
    }
    older.ends(1006);
    vi.advanceTimersByTime(200_000);
    const grown = memoryInUse() - before;
    const stats = server.stats();
    await annotate(
      `${JSON.stringify({ ...stats, closes: Object.fromEntries(closes) })}; grew by ${Math.round(grown / 1_024)} KiB`,
    );
    expect(errors).not.toHaveBeenCalled();
    expect(forged).toBe(0);
    expect([...closes.keys()].every((code) => [4400, 4409, 1013].includes(code))).toBe(true);
    expect(numbers).toBeGreaterThan(FRAMES / 50);
    expect(stats.requests).toBeGreaterThan(FRAMES / 200);
    expect(stats.replayed).toBeGreaterThan(0);
    expect(stats.sessions).toBeLessThanOrEqual(151);
    expect(grown).toBeLessThan(4 * 1_024 * 1_024);
    await server.close();
  },
);
