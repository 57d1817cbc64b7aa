import type { OutFrame } from '../../core/link/frame.ts';
import { replaceForJson } from './bytes.ts';
import type { RecordedError, RecordedFrame, RecordedMessage } from './frame-entry.ts';
import type { Redaction } from './redaction.ts';
import { NO_REDACTION } from './redaction.ts';
import type { Entry, ExportOptions, Recording } from './types.ts';

/** Returns what a connection did as JSON, which `server.replay()` of the test kit reads. */
export function exportSession(
  recording: Pick<Recording, 'name' | 'entries'>,
  redaction: Redaction,
  { redact = true }: ExportOptions = {},
): string {
  const hide = redact ? redaction : NO_REDACTION;
  const entries = recording.entries().map((entry) => write(entry, hide, !redact));
  return `{"recording":1,"name":${JSON.stringify(recording.name)},"entries":[\n${entries.join(',\n')}\n]}`;
}

function write(entry: Entry, hide: Redaction, isOpen: boolean): string {
  try {
    return JSON.stringify(plain(entry, hide, isOpen), replaceForJson);
  } catch {
    // A message may be any value. One that cannot be written must not keep the others from being exported.
    const { type, at } = entry;
    return JSON.stringify({ type, at });
  }
}

/** Returns an entry as plain data. @param isOpen - Whether handshakes are shown. */
function plain(entry: Entry, hide: Redaction, isOpen: boolean): object {
  if (entry.type === 'message') {
    const { type, at, id, what, reason, raw } = entry as RecordedMessage;
    return { type, at, id, what, reason, message: hide.value(raw) };
  }
  if (entry.type === 'error') {
    const { type, at } = entry;
    return { type, at, message: (entry as RecordedError).show(hide, isOpen) };
  }
  if (entry.type !== 'frame') return entry;
  const frame = entry as RecordedFrame;
  const { type, at, way, kind, size, failure, isLost } = frame;
  const error = failure && frame.hideError(failure, hide, isOpen);
  return { type, at, way, kind, size, error, isLost, ...dataOf(frame.show(hide, isOpen)) };
}

/** Returns the field with a frame: text, or binary data in base64. A Blob cannot be read at once, and is left out. */
function dataOf(frame: OutFrame): { text: string } | { base64: string } | undefined {
  if (typeof frame === 'string') return { text: frame };
  if (frame instanceof Blob) return undefined;
  const { buffer = frame, byteOffset, byteLength } = frame as Partial<ArrayBufferView>;
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
}
