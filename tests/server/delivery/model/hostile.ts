import fc from 'fast-check';

/** What a peer says that lies. */
export type Lie =
  /** The page itself writes to its socket, past the library. */
  | { readonly lie: 'of the page'; readonly tab: number; readonly frame: string }
  /** The server says something else than it means. */
  | { readonly lie: 'of the server'; readonly tab: number; readonly frame: string }
  /** A stranger has seen the id of the outbox of a page, and begins its session. */
  | {
      readonly lie: 'of a stranger';
      readonly tab: number;
      readonly token: string | undefined;
      readonly frames: readonly string[];
    };

const word = (lifeline: string, rest: object = {}, payload?: string) =>
  JSON.stringify({ lifeline, ...rest }) + (payload === undefined ? '' : `\n${payload}`);

const upward = fc.constantFrom(
  'evil',
  'ping',
  word('uncounted', {}, 'evil'),
  word('message', {}, 'evil'),
  word('message'),
  word('skip', { count: 1 }),
  word('skip', { count: 200 }),
  word('skip', { count: 9_999 }),
  word('session', { outbox: '0'.repeat(32), next: 1 }),
  word('ping', { timestamp: 1, sent: 0 }),
  word('ping', { timestamp: 1, sent: 99 }),
  word('request', { id: 1 }, 'evil'),
  word('request', { id: 9_999 }, 'evil'),
  word('abort', { id: 1 }),
  word('replied', { ids: [1, 2, 3] }),
  word('pending', { ids: [1, 2, 3, 99] }),
  word('positions', { topics: [['gold', 'x', 1]] }),
);

const downward = fc.constantFrom(
  word('taken', { number: 1 }),
  word('taken', { number: 3, failed: [[2, 'evil']] }),
  word('taken', { number: 9_999 }),
  word('miscount', { sent: 1, received: 2 }),
  word('gap', { topic: 'gold', epoch: 'x', number: 5 }),
  word('position', { topic: 'gold', epoch: 'x', number: 1e9 }),
  word('topic', { topic: 'gold', number: 7 }, 'tgold#0'),
  word('topic', { topic: 'iron', number: 1e9 }, 'tiron#0'),
  word('unsubscribed', { topic: 'gold' }),
  word('reply', { id: 1 }, 'reply to nobody'),
  word('refusal', { id: 1, reason: 'evil' }),
  word('lost', { id: 2 }),
  word('running', { id: 3 }),
  word('nonsense'),
  '{"lifeline":',
);

const tab = fc.constantFrom(0, 1);

export const lies: fc.Arbitrary<Lie> = fc.oneof(
  fc.record({ lie: fc.constant('of the page' as const), tab, frame: upward }),
  fc.record({ lie: fc.constant('of the server' as const), tab, frame: downward }),
  {
    weight: 2,
    arbitrary: fc.record({
      lie: fc.constant('of a stranger' as const),
      tab,
      token: fc.constantFrom(undefined, 'f'.repeat(32)),
      frames: fc.array(upward, { maxLength: 4 }),
    }),
  },
);
