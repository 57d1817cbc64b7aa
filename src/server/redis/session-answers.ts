import { identityOf, type Forgotten, type Reply, type SessionRecord } from '../sessions/store.ts';
import { decodeReply } from './session-claim.ts';

/** What the script `claim` answers. */
export type ClaimAnswer = readonly [
  known: string,
  number: number,
  taken: string,
  failed: string,
  forgotten: readonly string[],
  running: readonly string[],
  replies: readonly string[],
];

/** What has been claimed. */
interface Claimed {
  /** Rises with each claim. */
  readonly number: string;
  /** Null if nobody knows the outbox. */
  readonly record: SessionRecord | null;
  readonly forgotten: readonly Forgotten[];
}

export function readClaim(answer: ClaimAnswer): Claimed {
  const [known, number, taken, failed, forgotten, running, flat] = answer;
  const replies = readPairs(flat, decodeReply);
  const [failures = [], begun = null, epoch = '', excepted = null] = JSON.parse(failed) as [
    SessionRecord['failed']?,
    SessionRecord['begun']?,
    string?,
    SessionRecord['excepted']?,
  ];
  const record: SessionRecord = {
    epoch,
    taken: Number(taken),
    failed: failures,
    begun,
    excepted,
    replies: replies.size > 0 ? replies : null,
    elsewhere: running.length > 0 ? new Set(running.map(Number)) : null,
  };
  return {
    number: String(number),
    record: known === '1' ? record : null,
    forgotten: forgotten.map((name) => ({
      what: 'session',
      of: identityOf(name.slice(0, name.lastIndexOf(' '))),
    })),
  };
}

/** Returns the replies that the script `fetch` has found; null for one of which nobody knows what became. */
export const readFetched = (answer: readonly string[]): Map<number, Reply | null> =>
  readPairs(answer, (text) => (text === '' ? null : decodeReply(text)));

/** Reads a list of ids and values, in the order of the ids. */
function readPairs<Value>(flat: readonly string[], read: (text: string) => Value) {
  const pairs: [number, Value][] = [];
  for (let at = 0; at < flat.length; at += 2)
    pairs.push([Number(flat[at]), read(flat[at + 1] ?? '')]);
  return new Map(pairs.toSorted(([a], [b]) => a - b));
}
