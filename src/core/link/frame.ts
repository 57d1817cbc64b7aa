/** A frame as it arrives: text, or binary in the form that `binaryType` asks for. */
export type Frame = string | ArrayBuffer | Blob;

/** A frame as a socket takes it. */
export type OutFrame = string | Blob | ArrayBufferLike | ArrayBufferView;

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
