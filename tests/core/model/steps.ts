import fc from 'fast-check';
import type { Signal } from '../../../src/core.ts';
import { type Answer, ASK, type Dialling, type Heartbeat, type Setup } from './setup.ts';
import { type Culprit, culprits } from './mishaps.ts';

/** Something that the application does. */
export type Wish =
  | { readonly wish: 'send'; readonly queue: boolean }
  | { readonly wish: 'open' | 'close' | 'reconnect' | 'retain' | 'release' }
  | { readonly wish: 'point'; readonly at: Setup['url']; readonly as: Setup['scope'] }
  | { readonly wish: 'heartbeat'; readonly is: Heartbeat }
  | { readonly wish: 'listen' | 'leave'; readonly topic: string };

const followed = ['open', 'close', 'message'] as const;
const others = ['topic', 'flush', 'drop', 'change'] as const;

/** What a handler can be told to do something on. */
export type Moment = (typeof followed | typeof others)[number];

/** Whether the model knows when the moment comes. Where it does not, handlers only send. */
export const isFollowed = (moment: Moment): boolean =>
  (followed as readonly Moment[]).includes(moment);

/** What the server of the newest socket does. */
export type ServerStep =
  | { readonly server: 'accepts' | 'breaks' | 'starts closing' }
  | { readonly server: 'goes silent' | 'stalls' | 'resumes' }
  | { readonly server: 'sends'; readonly topic: string | null }
  | { readonly server: 'closes'; readonly code: number };

/** Something that happens. */
export type Step =
  | Wish
  | ServerStep
  /** The next time that the event comes, its handler does this. */
  | { readonly on: Moment; readonly do: Wish }
  /** The next time that it is called, code of the application throws. */
  | { readonly throws: Culprit }
  | { readonly buffer: number }
  /** What comes late from a socket before the newest. */
  | { readonly older: number; readonly does: 'accepts' | 'breaks' | 'sends' | 'resumes' }
  | { readonly pass: number }
  /** The page is held up. Whoever sends afterwards may be faster than the timers. */
  | { readonly holdUp: number; readonly sends: boolean }
  /** The page is hidden, so that its timers run only once in so many milliseconds; 0: it is shown again. */
  | { readonly hidden: number }
  /** The page is frozen, perhaps in the back/forward cache; its socket may not survive that. */
  | {
      readonly freeze: number;
      readonly cached: boolean;
      readonly meanwhile: readonly ServerStep[];
      readonly order: readonly ('signal' | 'timers' | 'network')[];
      readonly survives: boolean;
    }
  /** The machine sleeps, and the page hears of it. */
  | { readonly sleep: number }
  /** The wall clock is set. */
  | { readonly jump: number }
  | { readonly signal: Signal }
  | { readonly dialling: Dialling }
  | { readonly answer: Answer };

const A = 'ws://a.test/live';
const B = 'ws://b.test/';

const one = <const Value>(...values: Value[]) => fc.constantFrom(...values);
/** One of several things, each as often as its number says. */
const often = <const Value>(weights: readonly (readonly [number, Value])[]) =>
  fc.oneof(...weights.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const urls = often([
  [10, A],
  [4, `${A}?token=2`],
  [4, B],
  [4, ASK],
  [1, null],
]);

const topics = one('gold', 'iron');

const heartbeats = one<Heartbeat>(
  false,
  { interval: 25_000, timeout: 10_000 },
  { interval: 1_000, timeout: 5_000 },
  { interval: 1_000, timeout: 500, ping: null },
);

const scopes = one(undefined, undefined, 'ada', 'bob');

/** The options of a connection. */
export const setups: fc.Arbitrary<Setup> = fc.record({
  url: urls,
  scope: scopes,
  reconnect: often<Setup['reconnect']>([
    [6, true],
    [1, { maxAttempts: 2 }],
    [1, false],
  ]),
  heartbeat: heartbeats,
  maxMessages: one(1, 3, 1_000),
  linger: one(0, 990),
  closeTimeout: one(1, 3_000),
});

const sends = fc.record({ wish: one('send'), queue: fc.boolean() });

const wishes: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 6, arbitrary: sends },
  {
    weight: 10,
    arbitrary: fc.record({
      wish: often([
        [8, 'open'],
        [5, 'retain'],
        [3, 'release'],
        [2, 'reconnect'],
        [2, 'close'],
      ]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ wish: one('point'), at: urls, as: scopes }) },
  {
    weight: 1,
    arbitrary: fc.record({ wish: one('heartbeat'), is: heartbeats }),
  },
  { weight: 4, arbitrary: fc.record({ wish: one('listen', 'leave'), topic: topics }) },
);

const serverSteps: fc.Arbitrary<ServerStep> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      server: often([
        [20, 'accepts'],
        [1, 'breaks'],
        [1, 'goes silent'],
        [1, 'stalls'],
        [1, 'resumes'],
        [1, 'starts closing'],
      ]),
    }),
  },
  { weight: 8, arbitrary: fc.record({ server: one('sends'), topic: fc.option(topics) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      server: one('closes'),
      code: one(1000, 1001, 1006, 1006, 1002, 1008, 4401, 1013, 4999),
    }),
  },
);

/** What may happen next, the usual more often than the rest. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 22, arbitrary: wishes },
  { weight: 4, arbitrary: fc.record({ on: one(...followed), do: wishes }) },
  { weight: 2, arbitrary: fc.record({ on: one(...others), do: sends }) },
  { weight: 3, arbitrary: fc.record({ throws: one(...culprits) }) },
  { weight: 32, arbitrary: serverSteps },
  { weight: 3, arbitrary: fc.record({ buffer: one(0, 0, 900_000, 2_000_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({ older: fc.nat(3), does: one('accepts', 'breaks', 'sends', 'resumes') }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      pass: one(0, 1, 5, 20, 90, 250, 500, 1_000, 1_750, 3_000, 5_000, 10_000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ holdUp: one(10, 400, 3_000, 60_000), sends: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ hidden: one(0, 0, 1_000, 60_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      freeze: one(400, 10_000, 300_000),
      cached: fc.boolean(),
      meanwhile: fc.array(serverSteps, { maxLength: 3 }),
      order: fc.shuffledSubarray(['signal', 'timers', 'network'] as const, { minLength: 3 }),
      survives: often([
        [1, true],
        [1, false],
      ]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ sleep: one(4_000, 60_000, 3_600_000) }) },
  { weight: 1, arbitrary: fc.record({ jump: one(3_600_000, -3_600_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      signal: one('online', 'offline', 'visible', 'pagehide', 'pageshow', 'pageshow'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      dialling: often([
        [16, 'works'],
        [1, 'throws'],
        [1, 'is blocked'],
      ]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      answer: often([
        [8, A],
        [4, B],
        [1, 'null'],
        [1, 'reject'],
        [1, 'never'],
      ]),
    }),
  },
);

/** Who ends it. */
export const endings = one('release', 'close');
