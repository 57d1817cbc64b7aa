/** 10⁶ random frames, half of them nearly right, for what reads them without a network; some thousands over a socket. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { LIFELINE } from '../../src/core/protocol.ts';
import { memoryPresence } from '../../src/server.ts';
import { isLifelineFrame, readWord } from '../../src/server/words.ts';
import { seededRandom } from '../support/random.ts';
import { test } from './fixtures.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 6);
const MANY = 1_000_000;
const MUTANTS = 50;

const names = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'ada',
  '',
  'x'.repeat(257),
  '{"toString":1}',
);
const values = fc.oneof(
  names,
  fc.double(),
  fc.constantFrom(null, true, {}, [], { toString: 1 }),
  fc.string(),
);
const words = fc.constantFrom('ping', 'watch', 'unwatch', 'pong', 'presence', '__proto__');
const nearly = fc.record(
  {
    lifeline: fc.oneof({ weight: 4, arbitrary: words }, values),
    id: values,
    timestamp: values,
    other: values,
  },
  { requiredKeys: ['lifeline'] },
);
const cut = fc
  .tuple(nearly, fc.nat(60))
  .map(([word, at]) => JSON.stringify(word).slice(0, LIFELINE.length + at));
const frames = fc.oneof(
  nearly.map((word) => JSON.stringify(word)),
  cut,
  fc.string(),
  fc.json({ maxDepth: 2 }),
);

/** Another way to say what is well-formed. */
function isWord(text: string): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof parsed !== 'object' || parsed === null || Object.keys(parsed)[0] !== 'lifeline')
    return false;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const [word, id, time] = ['lifeline', 'id', 'timestamp'].map((name) => fields.get(name));
  if (word !== 'ping') return word === 'watch' || word === 'unwatch';
  const isNamed =
    !fields.has('id') || (typeof id === 'string' && id.length >= 1 && id.length <= 256);
  return isNamed && typeof time === 'number';
}

/** What is left of the heap when all garbage is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** One of the many frames that lie between two others. */
function mutate(one: string, other: string, random: () => number): string {
  const at = Math.floor(random() * (one.length + 1));
  const from = Math.floor(random() * (other.length + 1));
  const kind = random();
  if (kind < 0.3) return one.slice(0, at) + other.slice(from);
  if (kind < 0.6) return one.slice(0, at) + String.fromCharCode(random() * 256) + one.slice(at + 1);
  if (kind < 0.8) return LIFELINE + other.slice(from);
  return one.replace('"timestamp":', `"timestamp":${Math.floor(random() * 10)}`);
}

test(
  `${MANY} random frames and names crash neither reader nor store, and leave no memory behind`,
  { timeout: 60_000 },
  async ({ annotate }) => {
    vi.useFakeTimers();
    // To draw takes longer than to read: from each frame that is drawn, others are made.
    const drawn = fc.sample(frames, { seed: SEED, numRuns: MANY / MUTANTS });
    const random = seededRandom(SEED);
    const store = memoryPresence({ grace: 5 });
    let online = 0;
    store.start({ online: () => online++, offline: () => online--, error: () => {} });
    let read = 0;
    let understood = 0;
    let before = 0;

    function hear(text: string): void {
      const word = isLifelineFrame(text) ? readWord(text).word : null;
      if (word !== null) understood++;
      const id = word?.lifeline === 'ping' ? (word.id ?? text) : text;
      const connection = String(read % 7);
      if (read % 3 === 0) store.join(id, connection);
      else if (read % 3 === 1) store.leave(id, connection);
      else store.seen(id, connection);
      read++;
    }

    drawn.forEach((frame, n) => {
      for (let m = 0; m < MUTANTS; m++) hear(mutate(frame, drawn.at(-n - m) ?? '', random));
      if (n % 100 > 0) return;
      for (const id of store.list()) for (let c = 0; c < 7; c++) store.leave(id, String(c));
      vi.advanceTimersByTime(5);
      // From here on, those who are remembered after they left are as many as they may be.
      if (read >= MANY / 10) before ||= heap();
    });
    for (const id of store.list()) for (let c = 0; c < 7; c++) store.leave(id, String(c));
    vi.advanceTimersByTime(5);
    vi.useRealTimers();
    expect(read).toBe(MANY);
    expect(understood).toBeGreaterThan(MANY / 100);
    expect([online, store.list()]).toEqual([0, []]);
    const grown = heap() - before;
    await annotate(`${understood} understood; the heap grew by ${Math.round(grown / 1024)} KiB`);
    expect(grown).toBeLessThan(2 * 1024 * 1024);
  },
);

test('reads exactly what is well-formed', () => {
  fc.assert(
    fc.property(frames, (text) => {
      expect(isLifelineFrame(text) && !readWord(text).isMalformed).toBe(
        isLifelineFrame(text) && isWord(text),
      );
    }),
    { seed: SEED, numRuns: 20_000 },
  );
});

test('5,000 random frames over a socket leave the server and the connection as they were', async ({
  start,
}) => {
  const { server, visit, errors } = await start({ rate: false });
  let heard = 0;
  server.on('message', () => heard++);
  const ada = await visit();
  const [client] = server.clients;
  const said = fc.sample(fc.oneof(frames, fc.uint8Array({ maxLength: 200 })), {
    seed: SEED,
    numRuns: 5_000,
  });
  for (const frame of said) ada.say(frame);
  await ada.roundTrip();
  const ours = said.filter(
    (frame) => typeof frame === 'string' && isLifelineFrame(frame),
  ) as string[];
  expect(heard).toBe(said.length - ours.length);
  expect(server.malformed).toBe(ours.filter((text) => !isWord(text)).length);
  expect([...server.clients]).toEqual([client]);
  expect(errors).toEqual([]);
});
