import fc from 'fast-check';
import type { Signal } from '../../../src/core.ts';
import { type Answer, URL_FUNCTION, type NewSocket, type Heartbeat, type Setup } from './setup.ts';
import { type UserCode, USER_CODE } from './app-errors.ts';

/** A call of the application. */
export type Action =
  | { readonly action: 'send'; readonly queue: boolean }
  | { readonly action: 'open' | 'close' | 'reconnect' | 'retain' | 'release' }
  | { readonly action: 'update'; readonly url: Setup['url']; readonly scope: Setup['scope'] }
  | { readonly action: 'configure'; readonly heartbeat: Heartbeat }
  | { readonly action: 'limit'; readonly reconnect: Setup['reconnect'] }
  | { readonly action: 'listen' | 'leave'; readonly topic: string };

const modelled = ['open', 'close', 'message'] as const;
const others = ['topic', 'flush', 'drop', 'change'] as const;

/** An event whose handler can perform an action. */
export type Trigger = (typeof modelled | typeof others)[number];

/** Whether the model knows when this event comes. If not, its handler only sends. */
export const isModelled = (trigger: Trigger): boolean =>
  (modelled as readonly Trigger[]).includes(trigger);

/** Something that the server of the newest socket does. */
export type ServerStep =
  | { readonly server: 'accepts' | 'breaks' | 'starts closing' }
  | { readonly server: 'goes silent' | 'stalls' | 'resumes' }
  | { readonly server: 'refuses the login' }
  | { readonly server: 'sends'; readonly topic: string | null }
  | { readonly server: 'closes'; readonly code: number };

/** Something that happens. */
export type Step =
  | Action
  | ServerStep
  /** The handler performs this action at the next such event. */
  | { readonly on: Trigger; readonly do: Action }
  /** This code of the application throws when it is called next. */
  | { readonly throws: UserCode }
  /** The send buffer of the socket has this many bytes. */
  | { readonly buffer: number }
  /** A late event of a socket before the newest. */
  | { readonly olderSocket: number; readonly does: 'accepts' | 'breaks' | 'sends' | 'resumes' }
  /** Time passes, in milliseconds. */
  | { readonly advance: number }
  /** The page is blocked for some time. A send afterwards may come before the timers. */
  | { readonly block: number; readonly sends: boolean }
  /** The page is hidden, and its timers fire only once in so many milliseconds. 0: it is shown again. */
  | { readonly hidden: number }
  /** The page is frozen, perhaps in the back/forward cache. Its socket may not survive that. */
  | {
      readonly freeze: number;
      readonly cached: boolean;
      readonly meanwhile: readonly ServerStep[];
      readonly order: readonly ('signal' | 'timers' | 'network')[];
      readonly socketSurvives: boolean;
    }
  /** The computer sleeps, and the page becomes visible afterwards. */
  | { readonly sleep: number }
  /** The wall clock jumps. */
  | { readonly jump: number }
  | { readonly signal: Signal }
  | { readonly newSocket: NewSocket }
  | { readonly answer: Answer };

const A = 'ws://a.test/live';
const B = 'ws://b.test/';

const one = <const Value>(...values: Value[]) => fc.constantFrom(...values);
/** One of several values, each as often as its number says. */
const weighted = <const Value>(weights: readonly (readonly [number, Value])[]) =>
  fc.oneof(...weights.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const urls = weighted([
  [10, A],
  [4, `${A}?token=2`],
  [4, B],
  [4, URL_FUNCTION],
  [1, null],
]);

const topics = one('gold', 'iron');

const heartbeats = one<Heartbeat>(
  false,
  { interval: 25_000, timeout: 10_000 },
  { interval: 1_000, timeout: 5_000 },
  { interval: 1_000, timeout: 500, ping: null },
);

const reconnects = weighted<Setup['reconnect']>([
  [6, true],
  [1, { maxAttempts: 2 }],
  [1, false],
]);

const scopes = one(undefined, undefined, 'ada', 'bob');

/** The options of a connection. */
export const setups: fc.Arbitrary<Setup> = fc.record({
  url: urls,
  scope: scopes,
  reconnect: reconnects,
  heartbeat: heartbeats,
  maxMessages: one(1, 3, 1_000),
  hasHandshake: weighted([
    [2, false],
    [1, true],
  ]),
  linger: one(1, 990),
  closeTimeout: one(1, 3_000),
  isPrerendered: weighted([
    [9, false],
    [1, true],
  ]),
});

const sends = fc.record({ action: one('send'), queue: fc.boolean() });

const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: sends },
  {
    weight: 10,
    arbitrary: fc.record({
      action: weighted([
        [8, 'open'],
        [5, 'retain'],
        [3, 'release'],
        [2, 'reconnect'],
        [2, 'close'],
      ]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ action: one('update'), url: urls, scope: scopes }) },
  {
    weight: 1,
    arbitrary: fc.record({ action: one('configure'), heartbeat: heartbeats }),
  },
  { weight: 1, arbitrary: fc.record({ action: one('limit'), reconnect: reconnects }) },
  { weight: 4, arbitrary: fc.record({ action: one('listen', 'leave'), topic: topics }) },
);

const serverSteps: fc.Arbitrary<ServerStep> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      server: weighted([
        [20, 'accepts'],
        [1, 'breaks'],
        [1, 'goes silent'],
        [1, 'stalls'],
        [1, 'resumes'],
        [1, 'starts closing'],
        [1, 'refuses the login'],
      ]),
    }),
  },
  { weight: 8, arbitrary: fc.record({ server: one('sends'), topic: fc.option(topics) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      server: one('closes'),
      code: one(1000, 1001, 1006, 1006, 1002, 1008, 3000, 3003, 4401, 4403, 1013, 4999),
    }),
  },
);

/** The next step: common ones more often than rare ones. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 22, arbitrary: actions },
  { weight: 4, arbitrary: fc.record({ on: one(...modelled), do: actions }) },
  { weight: 2, arbitrary: fc.record({ on: one(...others), do: sends }) },
  { weight: 3, arbitrary: fc.record({ throws: one(...USER_CODE) }) },
  { weight: 32, arbitrary: serverSteps },
  { weight: 3, arbitrary: fc.record({ buffer: one(0, 0, 900_000, 2_000_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      olderSocket: fc.nat(3),
      does: one('accepts', 'breaks', 'sends', 'resumes'),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      advance: one(0, 1, 5, 20, 90, 250, 500, 1_000, 1_750, 3_000, 5_000, 10_000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ block: one(10, 400, 3_000, 60_000), sends: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ hidden: one(0, 0, 1_000, 60_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      freeze: one(400, 10_000, 300_000),
      cached: fc.boolean(),
      meanwhile: fc.array(serverSteps, { maxLength: 3 }),
      order: fc.shuffledSubarray(['signal', 'timers', 'network'] as const, { minLength: 3 }),
      socketSurvives: weighted([
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
      newSocket: weighted([
        [16, 'works'],
        [1, 'throws'],
        [1, 'is blocked'],
      ]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      answer: weighted([
        [8, A],
        [4, B],
        [1, 'null'],
        [1, 'reject'],
        [1, 'never'],
      ]),
    }),
  },
);

/** How a history ends. */
export const endings = one('release', 'close');
