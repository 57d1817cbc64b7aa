import type { Frame, OutFrame } from '../link/frame.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

/** Converts messages to frames and frames to messages. Both functions may throw. */
export interface Codec<In, Out> {
  /** Converts a message to a frame. If it throws, `send()` throws the same error. */
  readonly encode: (message: Out) => OutFrame;
  /** Converts a frame to a message. If it throws, an `error` event follows and the link stays open. */
  readonly decode: (frame: Frame) => In;
}

/**
 * A codec for frames that hold several messages, a part of one, or none. One that keeps the rest of a frame for the next one must
 * be made anew for each link: give a function that makes it as the `codec` option.
 */
export interface StreamCodec<In, Out> {
  /** Converts a message to a frame. If it throws, `send()` throws the same error. */
  readonly encode: (message: Out) => OutFrame;
  /**
   * Converts a frame to its messages, such as by a generator. If it throws, the messages before that are delivered, an `error` event
   * follows, and the link stays open. So it is after 1,000,000 messages of one frame. It is not asked for more when a handler has
   * ended the link.
   */
  readonly decodeAll: (frame: Frame) => Iterable<In>;
}

/** A value of the `codec` option: a codec, or a function that makes one for each link. */
export type CodecOption<In, Out> =
  | Codec<In, Out>
  | StreamCodec<In, Out>
  | (() => Codec<In, Out> | StreamCodec<In, Out>);

/** The default codec: messages are the frames themselves. */
export const raw: Codec<Frame, OutFrame> = {
  encode: (message) => message,
  decode: (frame) => frame,
};

/** The error of a frame that the codec could not decode. It arrives as an `error` event, and the link stays open. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** The frame as it arrived. */
  declare readonly frame: Frame;
  /** The issues that the schema found; empty if the frame could not be parsed. */
  declare readonly issues: readonly unknown[];

  constructor(frame: Frame, cause: unknown, issues: readonly unknown[] = []) {
    super(`A frame could not be decoded${FULL_TEXTS ? ': see cause and issues' : ''}.`, { cause });
    this.frame = frame;
    this.issues = issues;
  }
}
