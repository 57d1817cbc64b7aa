import { FULL_TEXTS } from '../platform/texts.ts';

/** A frame that arrives: text, or binary data in the form that the `binaryType` option names. */
export type Frame = string | ArrayBuffer | Blob;

/** A frame that can be sent: text or binary data. No socket takes shared or resizable memory. */
export type OutFrame = string | Blob | ArrayBufferLike | ArrayBufferView;

/** Returns the size of a frame in bytes, text as UTF-8; undefined for a value that a socket cannot send. */
export function byteLength(frame: unknown): number | undefined {
  if (typeof frame !== 'string') {
    const memory = ArrayBuffer.isView(frame) ? frame.buffer : frame;
    // Values of another realm, such as an iframe, have another class but the same tag. A Blob of React Native has no tag.
    const isBinary =
      / (ArrayBuffer|Blob|File)]/.test({}.toString.call(memory)) || memory instanceof Blob;
    if (!isBinary || (memory as { resizable?: boolean }).resizable) return undefined;
    return (frame as Partial<ArrayBuffer>).byteLength ?? (frame as Blob).size;
  }
  // For short frames, TextEncoder takes ten times as long in a browser (measured).
  let bytes = frame.length;
  // Most texts are printable ASCII, and this tells it four times as fast as the loop (measured).
  if (!/[^ -~]/.test(frame)) return bytes;
  for (let at = 0; at < frame.length; at++) {
    const point = frame.codePointAt(at) as number;
    if (point > 0x7f) bytes += point > 0x7ff ? 2 : 1;
    if (point > 0xffff) at++;
  }
  return bytes;
}

/**
 * Returns the frame.
 *
 * @throws TypeError if a socket cannot send it. Browsers would send most such values as a text like `[object Object]`.
 */
export function checkFrame(frame: OutFrame): OutFrame {
  // The bytes of a text are counted only if it has to wait: that takes time.
  if (typeof frame !== 'string' && byteLength(frame) === undefined)
    throw new TypeError(
      `A frame must be text or binary${FULL_TEXTS ? ' (ArrayBuffer, a view of one, Blob; not shared or resizable): use a codec for other values' : ''}.`,
    );
  return frame;
}

/** Returns the frame as it is now, with a copy of bytes that the application may change later. */
export function copyFrame(frame: OutFrame): OutFrame {
  const { buffer = frame, byteOffset, byteLength: length } = frame as Partial<ArrayBufferView>;
  return length ? new Uint8Array(buffer as ArrayBuffer, byteOffset, length).slice().buffer : frame;
}
