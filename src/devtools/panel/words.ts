import type { Cause } from '../../core/machine/cause.ts';
import type { Status } from '../../core/machine/snapshot.ts';
import { describeFrame, isBytes, replaceForJson } from '../recorder/bytes.ts';
import type { FrameEntry } from '../recorder/types.ts';

const CODES: Record<number, string> = {
  1000: 'normal closure',
  1001: 'going away',
  1005: 'no code',
  1006: 'no close frame',
  1008: 'policy violation',
  1011: 'server error',
  1012: 'server restart',
  1013: 'try again later',
  4401: 'log in again',
};

/** The cause as a sentence. */
export function describeCause(cause: Cause): string {
  if (cause.kind === 'requested') return 'Requested by the page.';
  if (cause.kind === 'error') return `${cause.name}: ${cause.message}`;
  if (cause.kind === 'timeout')
    return cause.phase === 'heartbeat'
      ? 'The heartbeat timed out: no answer to a ping.'
      : 'The server did not accept the connection in time.';
  const meaning = cause.reason || CODES[cause.code];
  return `It was closed with ${cause.code}${meaning ? `: ${meaning}` : ''}.`;
}

/** The name of a connection: its number, since several may have the same url, and its url, once it has one. */
export const nameOf = ({ id, name }: { readonly id: number; readonly name: string }): string =>
  name ? `${id}: ${name}` : `Connection ${id}`;

/** The status as a word. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Open',
  reconnecting: 'Reconnecting',
  closing: 'Closing',
  closed: 'Closed',
};

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** A time of `performance.now()` as the time of day. */
export const describeTime = (at: number): string => clock.format(performance.timeOrigin + at);

/** A number of bytes. */
export function describeSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A duration in milliseconds. */
export const describeDuration = (ms: number): string =>
  `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;

/** A topic of a gap as it is shown: the empty one has what the server sends to the user alone. */
export const topicOrUser = (topic: string): string => topic || 'messages to this user';

/** A number and its noun: "1 frame", "2 frames". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** A value as text: texts as they are, others as JSON; undefined if JSON cannot write it. */
function toText(value: unknown, indent?: number): string | undefined {
  if (typeof value === 'string') return value;
  if (isBytes(value)) return describeFrame(value);
  try {
    return JSON.stringify(value, replaceForJson, indent) ?? String(value);
  } catch {
    return undefined;
  }
}

/** Any value as text: texts as they are, others as JSON where that is possible. */
export const describeValue = (value: unknown, indent?: number): string =>
  toText(value, indent) ?? 'a value that cannot be converted to text';

/** Above so many letters, a frame is shown as it is: to write its message as JSON for each row takes too long. */
const LONG = 10_000;

/** What a frame says, in one line. */
export function describeFrameValue(frame: Pick<FrameEntry, 'data' | 'decoded'>): string {
  const { data } = frame;
  if (typeof data === 'string' && data.length > LONG) return data;
  return toText(frame.decoded ?? data) ?? describeValue(data);
}

/** A row has room for no more letters, and a frame may have millions. */
export const ROW_LETTERS = 300;

/** What cannot be seen, or turns the order of letters around. The two that join letters are a part of words and emoji. */
const INVISIBLE = /(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** A text of the network as it is shown: what cannot be seen in it as JSON may write it, and no more than so many letters. */
export const show = (text: string, letters: number = Infinity): string =>
  text.slice(0, letters).replace(INVISIBLE, escapeLetter);

/** JSON has four digits for each half of a letter above U+FFFF. */
const escapeLetter = (letter: string) =>
  letter.replace(
    /./gs,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
