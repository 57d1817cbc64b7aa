import fc from 'fast-check';
import type { Rate } from '../../../../src/server/limits/rate.ts';

/** What a history has from its beginning. */
export interface Setup {
  readonly authenticates: boolean;
  /** How far the database of the sessions is away, in milliseconds; null: they are in memory. */
  readonly storeLatency: number | null;
  /** The same for the history. */
  readonly historyLatency: number | null;
  /** Whether each link begins with a message that the server answers. */
  readonly hasHandshake: boolean;
  readonly sessions: { readonly ttl: number; readonly numberTtl: number; readonly max: number };
  readonly history: { readonly perTopic: number; readonly ttl: number; readonly topics: number };
  readonly rate: Rate | false;
  readonly handlerTimeout: number;
  readonly outbox: {
    readonly maxMessages: number;
    readonly overflow: 'drop-oldest' | 'drop-newest';
  };
  readonly interval: number;
  /** How fast the clocks run. */
  readonly serverSpeed: number;
  readonly pageSpeed: number;
}

const one = <const Value>(...values: Value[]) => fc.constantFrom(...values);

export const setups: fc.Arbitrary<Setup> = fc.record({
  authenticates: fc.boolean(),
  storeLatency: one(null, null, 0, 4, 90),
  historyLatency: one(null, null, 0, 4, 90),
  hasHandshake: one(false, false, true),
  sessions: one(
    { ttl: 120_000, numberTtl: 86_400_000, max: 100 },
    { ttl: 2_000, numberTtl: 86_400_000, max: 100 },
    { ttl: 2_000, numberTtl: 20_000, max: 100 },
    { ttl: 120_000, numberTtl: 86_400_000, max: 2 },
  ),
  history: one(
    { perTopic: 100, ttl: 120_000, topics: 100 },
    { perTopic: 3, ttl: 120_000, topics: 100 },
    { perTopic: 100, ttl: 3_000, topics: 100 },
    { perTopic: 100, ttl: 120_000, topics: 1 },
  ),
  rate: one<Rate | false>(
    false,
    false,
    { perSecond: 100, burst: 2_000 },
    { perSecond: 10, burst: 20 },
  ),
  handlerTimeout: one(2_000, 2_000, 30_000),
  outbox: one(
    { maxMessages: 1_000, overflow: 'drop-oldest' },
    { maxMessages: 4, overflow: 'drop-oldest' },
    { maxMessages: 4, overflow: 'drop-newest' },
  ),
  interval: one(25_000, 25_000, 4_000),
  serverSpeed: one(1, 1, 0.7, 1.5),
  pageSpeed: one(1, 1, 0.6, 2),
});
