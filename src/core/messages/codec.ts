/** A frame as it arrives: text, or binary in the form that `binaryType` asks for. */
export type Frame = string | ArrayBuffer | Blob;

/** A frame as a socket takes it. */
export type OutFrame = string | Blob | ArrayBufferLike | ArrayBufferView;

/** Turns messages into frames and back. Both functions may throw. */
export interface Codec<In, Out> {
  /** Makes the frame for a message. What it throws reaches the caller of `send()`. */
  readonly encode: (message: Out) => OutFrame;
  /** Reads a message out of a frame. What it throws becomes an `error` event; the link stays. */
  readonly decode: (frame: Frame) => In;
}

/** The codec that leaves frames as they are: the default. */
export const raw: Codec<Frame, OutFrame> = {
  encode: (message) => message,
  decode: (frame) => frame,
};

/** A frame that the codec could not read. It arrives as an `error` event; the link stays. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** The frame as it arrived. */
  declare readonly frame: Frame;
  /** What a schema found wrong with it; empty where the frame could not be parsed at all. */
  declare readonly issues: readonly unknown[];

  constructor(frame: Frame, cause: unknown, issues: readonly unknown[] = []) {
    super('A frame could not be decoded: see cause and issues.', { cause });
    this.frame = frame;
    this.issues = issues;
  }
}

/** The size of a frame in bytes, text as UTF-8; undefined for what no socket takes. */
export function byteLength(frame: unknown): number | undefined {
  if (typeof frame !== 'string') {
    const binary: { byteLength?: number; size?: number } = Object(frame);
    return binary.byteLength ?? binary.size;
  }
  // Counted, not encoded: for short frames an encoder takes ten times as long in a browser.
  let bytes = frame.length;
  for (let at = 0; at < frame.length; at++) {
    const point = frame.codePointAt(at) as number;
    if (point > 0x7f) bytes += point > 0x7ff ? 2 : 1;
    if (point > 0xffff) at++;
  }
  return bytes;
}
