import type { Frame, OutFrame } from '../link/frame.ts';
import { toHex } from '../platform/hex.ts';
import { LIFELINE } from '../protocol/frames.ts';

const LINE_FEED = 10;
const START = new TextEncoder().encode(LIFELINE);

/** Whether binary data begins like a frame of ours. */
const beginsAsOurs = (bytes: Uint8Array) => START.every((byte, at) => byte === bytes[at]);

type Binary = Exclude<OutFrame, string>;

const bytesOf = (frame: Exclude<Binary, Blob>) => {
  const { buffer = frame, byteOffset, byteLength } = frame as Partial<ArrayBufferView>;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
};

/** The Blob of React Native has few of the methods of others. */
const isBlob = (frame: Binary): frame is Blob => 'size' in frame;

/** Whether the other end would take a payload for a frame of ours. The bytes of a Blob cannot be read at once. */
export const needsHeader = (payload: OutFrame): boolean =>
  typeof payload === 'string'
    ? /^(\uFEFF*\{"lifeline":|p[io]ng$)/.test(payload)
    : isBlob(payload) || beginsAsOurs(bytesOf(payload));

/** Puts a header in front of a payload. */
export function withHeader(header: object, payload: OutFrame): OutFrame {
  const line = `${JSON.stringify(header)}\n`;
  if (typeof payload === 'string') return line + payload;
  if (isBlob(payload)) return new Blob([line, payload]);
  const [start, end] = [new TextEncoder().encode(line), bytesOf(payload)];
  const frame = new Uint8Array(start.length + end.length);
  frame.set(start);
  frame.set(end, start.length);
  return frame.buffer;
}

/** A frame of ours: its words, and the payload behind them, if it has one. */
export interface Heard {
  readonly word: Readonly<Record<string, unknown>>;
  readonly payload?: Frame;
}

/**
 * Reads a frame of the server. Returns null if it is none of ours; one that is malformed has no words.
 *
 * @param hasHeaders - Whether binary frames may be ours, too.
 */
export function readFrame(frame: Frame, hasHeaders: boolean): Heard | null {
  if (typeof frame === 'string') {
    if (!frame.startsWith(LIFELINE)) return null;
    const end = frame.indexOf('\n');
    return end < 0
      ? { word: parse(frame) }
      : { word: parse(frame.slice(0, end)), payload: frame.slice(end + 1) };
  }
  if (!hasHeaders || isBlob(frame)) return null;
  const bytes = bytesOf(frame);
  if (!beginsAsOurs(bytes)) return null;
  const end = bytes.indexOf(LINE_FEED);
  return end < 0
    ? { word: {} }
    : { word: parse(bytes.subarray(0, end)), payload: frame.slice(end + 1) };
}

function parse(line: string | Uint8Array): Readonly<Record<string, unknown>> {
  try {
    // React Native has no TextDecoder.
    return JSON.parse(typeof line === 'string' ? line : decodeURIComponent(toHex(line, '%')));
  } catch {
    return {};
  }
}
