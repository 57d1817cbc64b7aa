/**
 * Presence over 20,000 simulated connection-hours, 100,000 with SOAK: a server on a simulated clock, and clients that
 * connect, close, go silent, come back before their end is noticed, and answer late. The server sleeps and restarts. Whom it
 * showed online, and in topics, is compared afterwards with who was; a client that watches both must know the same. `MODEL_SEED` repeats a run, `MODEL_HOURS` sets another length.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { createLifelineServer, type LifelineServer, memoryPresence } from '../../src/server.ts';
import { seededRandom } from '../support/random.ts';
import { PresenceLedger, type Stay } from '../support/server/presence-ledger.ts';
import { PresenceObserver, withTopicsHeard } from '../support/server/presence-observer.ts';
import { SimulatedProcess, SimulatedSocket } from '../support/server/simulated-process.ts';

vi.mock(import('ws'), async () => {
  const { SimulatedSocketServer } = await import('../support/server/simulated-process.ts');
  return { WebSocketServer: SimulatedSocketServer as never };
});

const HOURS = Number(process.env.MODEL_HOURS ?? (process.env.SOAK ? 100_000 : 20_000));
const SEED = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 1e9));
const IDENTITIES = 400;
const TABS = 3;
const TOPICS = 20;
/** The topic of an identity such as `id-7`. */
const OBSERVED = 'topic-0';
const OBSERVER = 'observer';
const topicOf = (id: string) =>
  id === OBSERVER ? OBSERVED : `topic-${Number(id.slice(3)) % TOPICS}`;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** As in the documentation: the timeout, two checks, the grace. */
const [TIMEOUT, CHECKS, GRACE] = [60 * SECOND, 2 * SECOND, 5 * SECOND];

afterEach(() => void vi.unstubAllGlobals());

test(
  `in ${HOURS} connection-hours, everybody shown online or offline is so, apart from the grace`,
  // It waits for nothing: a busy machine takes several times as long.
  { timeout: 60_000 + 6 * HOURS },
  async ({ annotate }) => {
    const random = seededRandom(SEED);
    const upTo = (ms: number) => random() * ms;
    const computer = new SimulatedProcess();
    const ledger = new PresenceLedger();
    const topicLedger = new PresenceLedger();
    /** When each identity last changed, among everybody and in its topic. */
    const changedAt = new Map<string, number>();
    const wrong: string[] = [];
    const seen = { drops: 0, returns: 0, lateEnds: 0, restarts: 0, questions: 0 };
    let sockets = new Set<SimulatedSocket>();
    function start(): LifelineServer {
      computer.restart();
      const started = createLifelineServer({
        origins: () => true,
        presence: withTopicsHeard(memoryPresence(), (topic, id, isIn) => {
          if (id === OBSERVER) return;
          changedAt.set(`${topic} ${id}`, computer.now);
          topicLedger.showOnline(id, isIn, computer.now);
        }),
        authenticate: ({ url }: IncomingMessage) => url ?? null,
      });
      const onChange = (isOnline: boolean) => (id: string) => {
        if (id === OBSERVER) return;
        changedAt.set(`everybody ${id}`, computer.now);
        ledger.showOnline(id, isOnline, computer.now);
      };
      started.on('online', onChange(true));
      started.on('offline', onChange(false));
      started.on('connection', (client) => void started.subscribe(client, topicOf(client.id)));
      return started;
    }

    async function admit(socket: SimulatedSocket, id: string): Promise<void> {
      const before = server.clients.size;
      server.handleUpgrade(
        { url: id, headers: {} } as IncomingMessage,
        socket as unknown as Duplex,
        Buffer.alloc(0),
      );
      // It is admitted within a few microtasks.
      // oxlint-disable-next-line no-await-in-loop
      while (server.clients.size === before) await Promise.resolve();
    }

    async function observe(): Promise<PresenceObserver> {
      const watching = new PresenceObserver();
      await admit(watching.socket, OBSERVER);
      for (const topic of [undefined, OBSERVED]) watching.watch(topic);
      return watching;
    }

    /** Compares what the observer knows with what is so, apart from the last two seconds. */
    function compare({ known }: PresenceObserver): void {
      for (const topic of [undefined, OBSERVED]) {
        const ids = new Set(
          topic === undefined ? server.presence.list() : server.presence.list(topic),
        );
        const told = known.get(topic) ?? new Set<string>();
        for (const id of new Set([...ids, ...told]))
          if (
            ids.has(id) !== told.has(id) &&
            (changedAt.get(`${topic ?? 'everybody'} ${id}`) ?? 0) < computer.now - 2 * SECOND
          )
            wrong.push(`the observer is wrong about ${id} in ${topic}, at ${computer.now}`);
      }
    }

    /** One tab: it connects, stays for some time, ends in some way, and connects again. */
    async function connect(id: string): Promise<void> {
      const socket = new SimulatedSocket((pong) => {
        if (random() < 0.98) pong();
        else computer.later(upTo(20 * SECOND), pong);
      });
      await admit(socket, id);
      const stay = ledger.arrives(id, computer.now);
      const inTopic = topicLedger.arrives(id, computer.now);
      sockets.add(socket);
      socket.once('close', (code) => {
        sockets.delete(socket);
        if (code !== 1000 && stay.silentAt === Infinity)
          wrong.push(`${id} was terminated at ${computer.now}, although it answered`);
        stay.goneAt = inTopic.goneAt = computer.now;
      });

      computer.later(-Math.log(1 - random()) * 20 * MINUTE, () => {
        const kind = random();
        if (socket.readyState === 3) return again(); // by a restart
        if (kind < 0.6) {
          socket.ends(1000);
          return again();
        }
        seen.drops++;
        socket.answers = null;
        stay.silentAt = inTopic.silentAt = computer.now;
        if (kind < 0.8) {
          seen.lateEnds++;
          computer.later(upTo(50 * SECOND), () => socket.ends(1006));
        }
        return again();
      });

      function again(): void {
        const kind = random();
        let pause = upTo(10 * MINUTE);
        if (kind < 0.4) pause = upTo(GRACE);
        else if (kind < 0.6) pause = GRACE - 50 + upTo(100);
        if (pause <= GRACE) seen.returns++;
        computer.later(pause, () => connect(id));
      }
    }

    /** Until when a connection may count: until its silence or its end is noticed, plus the grace, without sleep. */
    const lastsUntil = ({ silentAt, goneAt }: Stay) =>
      computer.awakeFor(GRACE, Math.min(goneAt, computer.awakeFor(TIMEOUT + CHECKS, silentAt)));
    const settle = () => {
      for (const kept of [ledger, topicLedger])
        wrong.push(...kept.settle(computer.now, GRACE, lastsUntil));
    };

    computer.install();
    let server = start();
    let observer = await observe();
    for (let n = 0; n < IDENTITIES * TABS; n++)
      computer.later(upTo(10 * MINUTE), () => connect(`id-${n % IDENTITIES}`));
    while (ledger.hours < HOURS) {
      // oxlint-disable-next-line no-await-in-loop -- one hour after another
      await computer.runUntil(computer.now + upTo(HOUR));
      compare(observer);
      for (let n = 0; n < 20; n++) {
        const id = `id-${Math.floor(upTo(IDENTITIES))}`;
        seen.questions++;
        if (server.presence.isOnline(id) !== ledger.isShownOnline(id)) wrong.push(`${id} differs`);
      }
      if (random() < 0.3) computer.sleep(upTo(3 * MINUTE));
      if (random() > 0.2) continue;
      seen.restarts++;
      settle();
      server = start();
      const cut = sockets;
      sockets = new Set();
      for (const socket of cut) socket.readyState = 3;
      // oxlint-disable-next-line no-await-in-loop
      observer = await observe();
    }
    settle();
    vi.unstubAllGlobals();
    await annotate(
      `seed ${SEED}: ${Math.round(ledger.hours)} connection-hours, ${ledger.changes} changes, ${JSON.stringify(seen)}`,
    );
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(seen.returns).toBeGreaterThan(HOURS / 10);
    expect(seen.lateEnds).toBeGreaterThan(HOURS / 50);
  },
);
