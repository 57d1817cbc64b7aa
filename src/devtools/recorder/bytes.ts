import type { OutFrame } from '../../core/link/frame.ts';
import { byteLength as sizeOf } from '../../core/link/frame.ts';

/** Whether a value is binary data. */
export const isBytes = (value: unknown): value is Exclude<OutFrame, string> =>
  typeof value === 'object' && value !== null && sizeOf(value) !== undefined;

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

/** For `JSON.stringify()`, which knows no big numbers and no bytes. */
export const replaceForJson = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return `${value}n`;
  return isBytes(value) ? describeFrame(value) : value;
};
