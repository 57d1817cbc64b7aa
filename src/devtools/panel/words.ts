import type { OutFrame } from '../../core/link/frame.ts';
import type { Cause } from '../../core/machine/cause.ts';
import type { Status } from '../../core/machine/snapshot.ts';

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

/** A frame as text; for a binary one, its first bytes. */
export function describeFrame(frame: OutFrame): string {
  if (typeof frame === 'string') return frame;
  if (frame instanceof Blob) return `${frame.size} bytes`;
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(frame)
    ? frame
    : { buffer: frame, byteOffset: 0, byteLength: frame.byteLength };
  const bytes = Array.from(new Uint8Array(buffer, byteOffset, Math.min(8, byteLength)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `${byteLength} bytes: ${bytes.join(' ')}${byteLength > 8 ? ' …' : ''}`;
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

/** A number and its noun: "1 frame", "2 frames". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Any value as text: texts as they are, others as JSON where that is possible. */
export function describeValue(value: unknown, indent?: number): string {
  if (typeof value === 'string') return value;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob)
    return describeFrame(value);
  try {
    return JSON.stringify(value, toJson, indent) ?? String(value);
  } catch {
    return 'a value that cannot be converted to text';
  }
}

/** JSON knows no big numbers and no bytes. */
const toJson = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return `${value}n`;
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? describeFrame(value) : value;
};
