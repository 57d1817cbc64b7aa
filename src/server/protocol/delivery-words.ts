import { LIFELINE, PING, PONG } from '../../core/protocol/frames.ts';
import { isId } from './id.ts';
import { isLifelineFrame } from './lifeline-frame.ts';

/** What a client with a session says: the content of a lifeline frame, or of the header of a frame with a payload. */
export type DeliveryWord =
  | {
      readonly lifeline: 'session';
      readonly outbox: string;
      readonly token: string | null;
      /** The identity that the client was told last, whose positions it tells; null if it was told none. */
      readonly id: string | null;
      /** The epoch that the client was answered with last; null for none. */
      readonly epoch: string | null;
      /** The first number that is not confirmed. */
      readonly next: number;
    }
  | { readonly lifeline: 'positions'; readonly topics: readonly ToldPosition[] }
  | { readonly lifeline: 'skip'; readonly count: number }
  | { readonly lifeline: 'pending' | 'replied'; readonly ids: readonly number[] }
  | { readonly lifeline: 'abort'; readonly id: number }
  | { readonly lifeline: 'request'; readonly id: number }
  | { readonly lifeline: 'message' | 'uncounted' }
  | { readonly lifeline: 'ping'; readonly sent: number | null };

/** A position of a topic as a client tells it: its name, which is empty for the identity's own, the epoch and the number. */
export type ToldPosition = readonly [topic: string, epoch: string, number: number];

/** 128 bits in hexadecimal digits. */
const RANDOM_ID = /^[\da-f]{32}$/;

/** The longest epoch, in UTF-16 code units. */
const MAX_EPOCH_LENGTH = 64;

/** Whether a text or the beginning of one could be taken for a frame of ours on a link with a session. */
export const looksLikeOurs = (text: string): boolean =>
  text === PING || text === PONG || isLifelineFrame(text);

/** Reads a lifeline frame or a header. Returns null for what is no word of delivery, or a malformed one. */
export function readDeliveryWord(line: string): DeliveryWord | null {
  if (!line.startsWith(LIFELINE)) return null;
  try {
    return check(JSON.parse(line) as Readonly<Record<string, unknown>>);
  } catch {
    return null;
  }
}

function check(word: Readonly<Record<string, unknown>>): DeliveryWord | null {
  const { lifeline } = word;
  switch (lifeline) {
    case 'message':
    case 'uncounted':
      return { lifeline };
    case 'ping':
      return { lifeline, sent: isNumber(word.sent) ? word.sent : null };
    case 'request':
    case 'abort':
      return isNumber(word.id) ? { lifeline, id: word.id } : null;
    case 'pending':
    case 'replied':
      return isListOf(word.ids, isNumber) ? { lifeline, ids: word.ids } : null;
    case 'skip':
      return isNumber(word.count) && word.count > 0 ? { lifeline, count: word.count } : null;
    case 'positions':
      return isListOf(word.topics, isToldPosition) ? { lifeline, topics: word.topics } : null;
    case 'session':
      return checkSession(word);
    default:
      return null;
  }
}

function checkSession(word: Readonly<Record<string, unknown>>) {
  const { outbox, next } = word;
  if (!isRandomId(outbox) || !isNumber(next) || next < 1) return null;
  return {
    lifeline: 'session',
    outbox,
    next,
    token: isRandomId(word.token) ? word.token : null,
    id: isId(word.id) ? word.id : null,
    epoch: isEpoch(word.epoch) ? word.epoch : null,
  } as const;
}

const isRandomId = (id: unknown): id is string => typeof id === 'string' && RANDOM_ID.test(id);

/** Half of the safe integers: one more, or a window more, can still be counted. */
const isNumber = (number: unknown): number is number =>
  Number.isInteger(number) && (number as number) >= 0 && (number as number) <= 2 ** 52;

function isListOf<Item>(
  list: unknown,
  isItem: (item: unknown) => item is Item,
): list is readonly Item[] {
  return Array.isArray(list) && list.every(isItem);
}

function isToldPosition(told: unknown): told is ToldPosition {
  if (!Array.isArray(told) || told.length !== 3) return false;
  const [topic, epoch, number] = told as unknown[];
  return (topic === '' || isId(topic)) && isEpoch(epoch) && isNumber(number);
}

const isEpoch = (epoch: unknown): epoch is string =>
  typeof epoch === 'string' && epoch !== '' && epoch.length <= MAX_EPOCH_LENGTH;
