import fc from 'fast-check';
import type { Form } from './payloads.ts';
import type { Plan } from './sent.ts';

/** A call of the application of a page. */
export type Call =
  | {
      readonly call: 'send';
      readonly form: Form;
      readonly plan: Plan;
      readonly expires: number | null;
      readonly signal: boolean;
    }
  | { readonly call: 'send many'; readonly count: number }
  | {
      readonly call: 'request';
      readonly form: Form;
      readonly plan: Plan;
      readonly timeout: number;
      readonly signal: boolean;
    }
  | { readonly call: 'abort'; readonly which: number }
  | { readonly call: 'open' | 'close' | 'reconnect' }
  | { readonly call: 'listen' | 'leave'; readonly topic: string }
  | { readonly call: 'scope'; readonly scope: string }
  | { readonly call: 'throw' };

const events = [
  'confirm',
  'failed',
  'uncertain',
  'drop',
  'message',
  'gap',
  'close',
  'open',
] as const;

/** Something that happens. */
export type Step =
  | (Call & { readonly tab: number })
  /** A handler of the page calls something at the next such event. */
  | { readonly on: (typeof events)[number]; readonly tab: number; readonly do: Call }
  /** The page ends, and another one comes in its place. */
  | {
      readonly page: 'crash';
      readonly tab: number;
      readonly arriving: number;
      readonly told: boolean;
    }
  | { readonly page: 'freezes'; readonly tab: number }
  | { readonly page: 'goes on'; readonly tab: number }
  | { readonly page: 'jump'; readonly tab: number; readonly ms: number }
  /** Who is logged in from now on. */
  | { readonly login: string }
  | {
      readonly server: 'says';
      readonly topic: string;
      readonly count: number;
      readonly except: number | null;
    }
  | { readonly server: 'kill'; readonly arriving: number; readonly told: boolean }
  | { readonly server: 'start' }
  | { readonly server: 'restart'; readonly drain: number }
  | { readonly server: 'disconnect'; readonly tab: number; readonly code: number }
  | {
      readonly server: 'subscribes';
      readonly tab: number;
      readonly topic: string;
      readonly replay: boolean;
    }
  | { readonly server: 'unsubscribes'; readonly tab: number; readonly topic: string }
  /** A link: the newest one of a tab, or one before it. */
  | {
      readonly link: 'cut';
      readonly tab: number;
      readonly age: number;
      readonly up: number;
      readonly down: number;
      readonly tells: 'page' | 'server' | 'both' | 'nobody';
    }
  | {
      readonly link: 'stalls' | 'stalls up' | 'stalls down' | 'resumes';
      readonly tab: number;
      readonly age: number;
    }
  | { readonly link: 'latency'; readonly tab: number; readonly ms: number }
  | { readonly advance: number };

const one = <const Value>(...values: Value[]) => fc.constantFrom(...values);
const tabs = one(0, 0, 1);
const topics = one('gold', 'iron');
const forms: fc.Arbitrary<Form> = one(
  'plain',
  'plain',
  'plain',
  'plain',
  'words',
  'lines',
  'mark',
  'binary',
  'binary words',
  'does not fit',
  'too large',
  'large',
);
const plans: fc.Arbitrary<Plan> = fc.record({
  does: one(
    'takes',
    'takes',
    'takes',
    'takes',
    'takes',
    'throws',
    'refuses',
    'asks for later',
    'hangs',
  ),
  after: one(0, 0, 0, 1, 40, 300, 1_500, 5_000),
});

const calls: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      call: one('send'),
      form: forms,
      plan: plans,
      expires: one(null, null, null, 20, 1_000),
      signal: one(false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ call: one('send many'), count: one(5, 5, 5, 20, 20, 20, 20, 300) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      call: one('request'),
      form: forms,
      plan: plans,
      timeout: one(30_000, 30_000, 400, 30),
      signal: one(false, false, true),
    }),
  },
  { weight: 4, arbitrary: fc.record({ call: one('abort'), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ call: one('open', 'open', 'open', 'reconnect', 'close') }) },
  { weight: 5, arbitrary: fc.record({ call: one('listen', 'listen', 'leave'), topic: topics }) },
  { weight: 1, arbitrary: fc.record({ call: one('throw') }) },
  { weight: 1, arbitrary: fc.record({ call: one('scope'), scope: one('first', 'second') }) },
);

/** What handlers of `open` send has no number, and is not covered. */
const hasNumber = (event: string, { call }: Call) => event !== 'open' || !call.startsWith('send');

const tabbed = <Value extends object>(arbitrary: fc.Arbitrary<Value>) =>
  fc.tuple(tabs, arbitrary).map(([tab, value]) => ({ ...value, tab }));

const ages = one(0, 0, 0, 1, 2);
const few = one(0, 0, 1, 2, 3, 99);

export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: tabbed(calls) },
  {
    weight: 2,
    arbitrary: fc
      .record({ on: one(...events), tab: tabs, do: calls })
      .filter((step) => hasNumber(step.on, step.do)),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ page: one('crash'), tab: tabs, arriving: few, told: fc.boolean() }),
      fc.record({ page: one('freezes', 'goes on', 'goes on'), tab: tabs }),
      fc.record({ page: one('jump'), tab: tabs, ms: one(-86_400_000, -5_000, 5_000, 86_400_000) }),
      fc.record({ login: one('ada', 'ada', 'bob') }),
    ),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      server: one('says'),
      topic: one('tgold', 'tgold', 'tiron', 'iada', 'ibob'),
      count: one(1, 1, 1, 3, 8),
      except: one(null, null, null, 0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.record({ server: one('kill'), arriving: few, told: fc.boolean() }),
      fc.record({ server: one('start') }),
      fc.record({ server: one('start') }),
      fc.record({ server: one('restart'), drain: one(0, 0, 2_000) }),
      fc.record({ server: one('disconnect'), tab: tabs, code: one(1013, 4401, 4403, 3000, 4000) }),
      fc.record({ server: one('subscribes'), tab: tabs, topic: topics, replay: fc.boolean() }),
      fc.record({ server: one('unsubscribes'), tab: tabs, topic: topics }),
    ),
  },
  {
    weight: 10,
    arbitrary: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          link: one('cut'),
          tab: tabs,
          age: ages,
          up: few,
          down: few,
          tells: one('both', 'page', 'server', 'nobody'),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          link: one('stalls', 'stalls up', 'stalls down', 'resumes', 'resumes', 'resumes'),
          tab: tabs,
          age: ages,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ link: one('latency'), tab: tabs, ms: one(0, 1, 5, 40, 700) }),
      },
    ),
  },
  {
    weight: 32,
    arbitrary: fc.record({
      advance: fc.oneof(
        { weight: 16, arbitrary: one(0, 1, 3, 5, 5, 10, 10, 20, 50, 60, 250) },
        { weight: 3, arbitrary: one(1_000, 1_000, 3_500) },
        { weight: 1, arbitrary: one(12_000, 40_000) },
      ),
    }),
  },
);
