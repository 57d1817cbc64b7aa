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
const urls = fc.constantFrom<Setup['url']>(A, A, `${A}?token=2`, 'ws://b.test/', ASK, null);
const sometimes = fc.boolean();

/** The options of a connection. */
export const setups = fc.record<Setup>({
  url: urls,
  scope: fc.constantFrom(undefined, undefined, 'ada'),
  reconnect: fc.constantFrom<Setup['reconnect'][]>(true, true, { maxAttempts: 2 }, false),
  maxMessages: fc.constantFrom(1, 3, 1_000),
  linger: fc.constantFrom(0, 997),
  closeTimeout: fc.constantFrom(0, 3_000),
});

const wishes = fc.oneof(
  { weight: 6, arbitrary: fc.record({ wish: fc.constant('send' as const), queue: sometimes }) },
  {
    weight: 8,
    arbitrary: fc.record({
      wish: fc.constantFrom(
        'open' as const,
        'retain' as const,
        'retain' as const,
        'release' as const,
        'reconnect' as const,
        'close' as const,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ wish: fc.constant('point' as const), at: urls }) },
  {
    weight: 1,
    arbitrary: fc.record({
      wish: fc.constant('heartbeat' as const),
      is: fc.constantFrom(
        false as const,
        { interval: 25_000, timeout: 10_000 },
        { interval: 1_000, timeout: 5_000 },
        { interval: 1_000, timeout: 500, ping: null },
      ),
    }),
  },
) satisfies fc.Arbitrary<Wish>;

/** What may happen next, the usual more sometimes than the rest. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 18, arbitrary: wishes },
  {
    weight: 4,
    arbitrary: fc.record({
      on: fc.constantFrom('open' as const, 'close' as const, 'message' as const),
      do: wishes,
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      server: fc.constantFrom(
        'accepts' as const,
        'accepts' as const,
        'accepts' as const,
        'sends' as const,
        'breaks' as const,
        'goes silent' as const,
        'starts closing' as const,
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      server: fc.constant('closes' as const),
      code: fc.constantFrom(1000, 1001, 1006, 1002, 1008, 4401, 1013, 4999),
    }),
  },
  { weight: 3, arbitrary: fc.record({ buffer: fc.constantFrom(0, 0, 900_000, 2_000_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      older: fc.nat(3),
      does: fc.constantFrom('accepts' as const, 'breaks' as const, 'sends' as const),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      pass: fc.constantFrom(0, 1, 10, 20, 250, 500, 997, 1_750, 3_000, 5_000, 10_000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ holdUp: fc.constantFrom(10, 400, 3_000, 60_000), sends: sometimes }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ sleep: fc.constantFrom(4_000, 60_000, 3_600_000, -3_600_000) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      signal: fc.constantFrom(
        'online' as const,
        'offline' as const,
        'visible' as const,
        'pagehide' as const,
        'pageshow' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      dialling: fc.constantFrom(
        'works' as const,
        'works' as const,
        'throws' as const,
        'is blocked' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      answer: fc.constantFrom(A, A, 'ws://b.test/', 'null', 'reject', 'never'),
    }),
  },
);

/** Who ends it. */
export const endings = fc.constantFrom('release' as const, 'close' as const);
