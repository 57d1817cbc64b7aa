import type { Cause, Frame, Status } from '../../src/index.ts';

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

/** The status as a sentence. */
export function describeState(status: Status, cause: Cause | null): string {
  if (status === 'open')
    return 'The connection is open. Break it with the buttons: it reconnects by itself.';
  if (status === 'closed' && cause?.kind === 'requested')
    return 'The connection is closed: the page called close(). It stays closed until open() is called.';
  return `The connection is ${status}.${cause ? ` ${describeCause(cause)}` : ''}`;
}

/** A frame as text; for a binary one, its first bytes. */
export function describeFrame(frame: Frame): string {
  if (typeof frame === 'string') return frame;
  if (frame instanceof Blob) return `${frame.size} bytes`;
  const bytes = Array.from(new Uint8Array(frame, 0, Math.min(8, frame.byteLength)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `${frame.byteLength} bytes: ${bytes.join(' ')}${frame.byteLength > 8 ? ' …' : ''}`;
}
