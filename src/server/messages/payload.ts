import { LIFELINE } from '../../core/protocol/frames.ts';
import { type DeliveryFrame, writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import { looksLikeOurs } from '../protocol/delivery-words.ts';

/** A frame that was cut at its first line feed. */
export interface CutFrame {
  readonly header: string;
  /** What follows the line feed; undefined if there is none. */
  readonly payload: string | Buffer | undefined;
}

const LINE_FEED = 0x0a;
const BRACE = 0x7b;
const LIFELINE_BYTES = Buffer.from(LIFELINE);

/** Whether binary data begins like a frame of ours. */
const beginsLikeOurs = (data: Uint8Array) =>
  data[0] === BRACE &&
  data.length >= LIFELINE_BYTES.length &&
  LIFELINE_BYTES.equals(data.subarray(0, LIFELINE_BYTES.length));

/** Cuts a frame that is one of ours on a link with a session; null for a payload of the application. */
export function cutFrame(data: string | Buffer): CutFrame | null {
  if (typeof data === 'string') {
    if (!looksLikeOurs(data)) return null;
    const end = data.indexOf('\n');
    return end < 0
      ? { header: data, payload: undefined }
      : { header: data.slice(0, end), payload: data.slice(end + 1) };
  }
  if (!beginsLikeOurs(data)) return null;
  const end = data.indexOf(LINE_FEED);
  return end < 0
    ? { header: String(data), payload: undefined }
    : { header: String(data.subarray(0, end)), payload: data.subarray(end + 1) };
}

/** Puts a header in front of a payload. */
export function withHeader(
  header: DeliveryFrame,
  payload: string | Uint8Array,
): string | Uint8Array {
  const line = `${writeDeliveryFrame(header)}\n`;
  return typeof payload === 'string' ? line + payload : Buffer.concat([Buffer.from(line), payload]);
}

/** Returns a payload as it may be sent on a link with a session: with a header if it looks like one of our frames. */
export function toPayload(message: string | Uint8Array): string | Uint8Array {
  const isAlike = typeof message === 'string' ? looksLikeOurs(message) : beginsLikeOurs(message);
  return isAlike ? withHeader({ lifeline: 'message' }, message) : message;
}

/** Whether a frame is one of ours without a payload. */
export const isWithoutPayload = (frame: CutFrame | null): boolean =>
  frame !== null && frame.payload === undefined;
