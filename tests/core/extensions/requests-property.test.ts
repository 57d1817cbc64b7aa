import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { json, requests } from '../../../src/core.ts';
import { settle, simulate, URL_A, URL_B } from '../../support/simulation/world.ts';

interface Call {
  readonly n: number;
  readonly id?: number;
}
interface Reply {
  readonly id: number;
  readonly error?: string;
}
interface Asked {
  readonly again: boolean;
  readonly controller: AbortController;
  /** How often the server has got it. */
  arrived: number;
  ends: { kind: 'reply' | 'refused' | 'given up'; uncertain: boolean }[];
}

/** A connection, a server that gets requests, and the account of both. */
function createWorld() {
  const world = simulate<Reply, Call>({
    heartbeat: false,
    outbox: { maxMessages: 20_000, maxBytes: Infinity },
    codec: json<Reply, Call>(),
    requests: {
      tag: (message, id) => ({ ...message, id }),
      reply: ({ id, error }) => ({ id, error }),
    },
  });
  const { connection, network, clock } = world;
  const request = connection.extend(requests);
  const asked: Asked[] = [];
  const shared = new AbortController();
  let read = 0;
  let socket: unknown;

  /** The server reads what has arrived on the present link. Returns the ids. */
  function serve(): number[] {
    if (network.sockets.length === 0) return [];
    if (network.socket !== socket) read = 0;
    socket = network.socket;
    const frames = network.server.received.slice(read);
    read += frames.length;
    return frames.map((frame) => {
      const { n, id } = JSON.parse(frame as string) as Required<Call>;
      const entry = asked[n] as Asked;
      // It must not run after its promise has been rejected.
      expect(entry.ends).toEqual([]);
      entry.arrived++;
      return id;
    });
  }

  function ask(again: boolean, timeout: number, isShared = false): void {
    const controller = isShared ? shared : new AbortController();
    const entry: Asked = { again, controller, arrived: 0, ends: [] };
    const n = asked.push(entry) - 1;
    request({ n }, { again, timeout, signal: controller.signal }).then(
      () => entry.ends.push({ kind: 'reply', uncertain: false }),
      (error: { reason?: string; uncertain: boolean }) =>
        entry.ends.push({
          kind: error.reason === 'refused' ? 'refused' : 'given up',
          uncertain: error.uncertain,
        }),
    );
  }

  /** All has ended: each request once, and as it was. */
  async function check(): Promise<void> {
    connection.close();
    await settle();
    clock.advance(5_000);
    await settle();
    for (const { again, arrived, ends, controller } of asked) {
      expect(ends).toHaveLength(1);
      const [{ kind, uncertain } = { kind: 'given up', uncertain: false }] = ends;
      if (!again) expect(arrived).toBeLessThanOrEqual(1);
      if (kind !== 'given up') expect(arrived).toBeGreaterThan(0);
      // Whoever is told that it was not sent may rely on it.
      if (kind === 'given up') expect(uncertain).toBe(arrived > 0);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    }
    expect(clock.pendingTimers).toBe(0);
  }

  return { ...world, asked, ask, serve, check };
}

test('10,000 requests over a link that is cut 20 times: none hangs, and each settles once (fault 113)', async () => {
  const { connection, network, clock, asked, ask, serve, check } = createWorld();
  connection.open();
  for (let cut = 0; cut <= 20; cut++) {
    for (let n = 0; n < 238; n++) ask(n % 2 === 0, 30_000, n % 3 === 0);
    network.server.accepts();
    for (let n = 0; n < 239 && asked.length < 10_000; n++) ask(n % 2 === 0, 30_000, n % 3 === 0);
    const ids = serve();
    // Two thirds get a reply in time, one of ten a refusal.
    for (const id of ids)
      if (id % 3 > 0)
        network.server.sends(JSON.stringify(id % 10 ? { id } : { id, error: 'refused' }));
    await settle();
    if (cut === 20) break;
    network.server.breaks();
    await settle();
    clock.advance(8_000);
  }
  expect(asked.length).toBeGreaterThanOrEqual(10_000);
  await check();
  const count = (kind: string) => asked.filter(({ ends }) => ends[0]?.kind === kind).length;
  expect(count('reply')).toBeGreaterThan(5_000);
  expect(count('given up')).toBeGreaterThan(1_000);
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ ask: fc.boolean(), timeout: fc.constantFrom(50, 3_000, Infinity) }),
  },
  { weight: 2, arbitrary: fc.record({ reply: fc.nat(20), refuses: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ abort: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(0, 60, 2_000, 10_000) }) },
  { weight: 4, arbitrary: fc.constantFrom('accepts', 'serves') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'breaks',
      'silent',
      'reconnect',
      'close',
      'open',
      'retain',
      'release',
      'scope',
      'sleep',
    ),
  },
);

// oxlint-disable-next-line vitest/expect-expect -- check() has them
test('whatever happens, each request settles once, is told what became of it, and leaves nothing behind (fault 113)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { connection, network, clock, asked, ask, serve, check } = createWorld();
      let releases: (() => void)[] = [];
      let isFirst = true;
      connection.retain();
      for (const each of steps) {
        const hasSocket = network.sockets.length > 0;
        if (typeof each === 'object') {
          if ('ask' in each) ask(each.ask, each.timeout);
          else if ('reply' in each && hasSocket)
            network.server.sends(
              JSON.stringify({ id: each.reply, error: each.refuses ? 'no' : undefined }),
            );
          else if ('abort' in each) asked[each.abort]?.controller.abort();
          else if ('wait' in each) clock.advance(each.wait);
        } else if (each === 'accepts' && hasSocket) network.server.accepts();
        else if (each === 'breaks' && hasSocket) network.server.breaks();
        else if (each === 'silent' && hasSocket) network.server.goesSilent();
        else if (each === 'reconnect') connection.reconnect();
        else if (each === 'close') connection.close();
        else if (each === 'open') connection.open();
        else if (each === 'retain') releases.push(connection.retain());
        else if (each === 'release') {
          for (const release of releases) release();
          releases = [];
        } else if (each === 'scope') {
          connection.update({ url: isFirst ? URL_B : URL_A });
          isFirst = !isFirst;
        } else if (each === 'sleep') clock.sleep(5_000);
        serve();
        await settle();
      }
      await check();
    }),
    { numRuns: 400 },
  );
});
