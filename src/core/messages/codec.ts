import type { Frame, OutFrame } from '../link/frame.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

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
    super(`A frame could not be decoded${FULL_TEXTS ? ': see cause and issues' : ''}.`, { cause });
    this.frame = frame;
    this.issues = issues;
  }
}
