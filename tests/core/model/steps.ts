import fc from 'fast-check';
import type { HeartbeatOptions } from '../../../src/core.ts';
import type { Signal } from '../../../src/core/signals.ts';
import { type Answer, ASK, type Dialling, type Setup } from './expected.ts';

/** Something that the application does. */
export type Wish =
  | { readonly wish: 'send'; readonly queue: boolean }
  | { readonly wish: 'open' | 'close' | 'reconnect' | 'retain' | 'release' }
  | { readonly wish: 'point'; readonly at: Setup['url'] }
  | { readonly wish: 'heartbeat'; readonly is: HeartbeatOptions | false };

/** What a handler can be told to do something on. */
export type Moment = 'open' | 'close' | 'message';

/** Something that happens. */
export type Step =
  | Wish
  /** The next time that the event comes, its handler does this. */
  | { readonly on: Moment; readonly do: Wish }
  | { readonly server: 'accepts' | 'breaks' | 'sends' | 'goes silent' | 'starts closing' }
  | { readonly server: 'closes'; readonly code: number }
  | { readonly buffer: number }
  | { readonly older: number; readonly does: 'accepts' | 'breaks' | 'sends' }
  | { readonly pass: number }
  /** Whoever sends afterwards may be faster than the timers. */
  | { readonly holdUp: number; readonly sends: boolean }
  | { readonly sleep: number }
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
  [5, A],
  [2, `${A}?token=2`],
  [2, B],
  [2, ASK],
  [1, null],
]);

/** The options of a connection. */
export const setups: fc.Arbitrary<Setup> = fc.record({
  url: urls,
  scope: one(undefined, undefined, 'ada'),
  reconnect: often<Setup['reconnect']>([
    [6, true],
    [1, { maxAttempts: 2 }],
    [1, false],
  ]),
  maxMessages: one(1, 3, 1_000),
  linger: one(0, 997),
  closeTimeout: one(0, 3_000),
});

const wishes: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ wish: one('send'), queue: fc.boolean() }) },
  {
    weight: 10,
    arbitrary: fc.record({
      wish: often([
        [6, 'open'],
        [4, 'retain'],
        [3, 'release'],
        [3, 'reconnect'],
        [3, 'close'],
      ]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ wish: one('point'), at: urls }) },
  {
    weight: 1,
    arbitrary: fc.record({
      wish: one('heartbeat'),
      is: one<HeartbeatOptions | false>(
        false,
        { interval: 25_000, timeout: 10_000 },
        { interval: 1_000, timeout: 5_000 },
        { interval: 1_000, timeout: 500, ping: null },
      ),
    }),
  },
);

/** What may happen next, the usual more often than the rest. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 22, arbitrary: wishes },
  { weight: 4, arbitrary: fc.record({ on: one('open', 'close', 'message'), do: wishes }) },
  {
    weight: 24,
    arbitrary: fc.record({
      server: often([
        [12, 'accepts'],
        [4, 'sends'],
        [1, 'breaks'],
        [1, 'goes silent'],
        [1, 'starts closing'],
      ]),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      server: one('closes'),
      code: one(1000, 1001, 1006, 1006, 1002, 1008, 4401, 1013, 4999),
    }),
  },
  { weight: 3, arbitrary: fc.record({ buffer: one(0, 0, 900_000, 2_000_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({ older: fc.nat(3), does: one('accepts', 'breaks', 'sends') }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      pass: one(0, 1, 5, 10, 20, 250, 500, 997, 1_750, 3_000, 5_000, 10_000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ holdUp: one(10, 400, 3_000, 60_000), sends: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ sleep: one(4_000, 60_000, 3_600_000, -3_600_000) }) },
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
        [6, 'works'],
        [1, 'throws'],
        [1, 'is blocked'],
      ]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      answer: often([
        [5, A],
        [2, B],
        [1, 'null'],
        [1, 'reject'],
        [1, 'never'],
      ]),
    }),
  },
);

/** Who ends it. */
export const endings = one('release', 'close');
