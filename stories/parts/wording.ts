import type { Cause, Frame, Status } from '../../src/index.ts';

const CODES: Record<number, string> = {
  1000: 'normal closure',
  1001: 'going away',
  1005: 'no code given',
  1006: 'no close frame came',
  1008: 'policy violation',
  1011: 'server error',
  1012: 'server restarts',
  1013: 'try again later',
  4401: 'log in again',
};

/** Why a connection ended, for people. */
export function describeCause(cause: Cause): string {
  if (cause.kind === 'requested') return 'The page asked for it.';
  if (cause.kind === 'error') return `${cause.name}: ${cause.message}`;
  if (cause.kind === 'timeout')
    return cause.phase === 'heartbeat'
      ? 'The heartbeat found the peer dead: no answer in time.'
      : 'The server did not take the connection in time.';
  const meaning = cause.reason || CODES[cause.code];
  return `The link was closed with ${cause.code}${meaning ? `: ${meaning}` : ''}.`;
}

/** The state of a connection, for people. */
export function describeState(status: Status, cause: Cause | null): string {
  if (status === 'open') return 'The connection is open. Break it, and watch it come back.';
  return `The connection is ${status}.${cause ? ` ${describeCause(cause)}` : ''}`;
}

/** A frame as text; for binary, its first bytes. */
export function describeFrame(frame: Frame): string {
  if (typeof frame === 'string') return frame;
  if (frame instanceof Blob) return `${frame.size} bytes`;
  const bytes = Array.from(new Uint8Array(frame, 0, Math.min(8, frame.byteLength)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `${frame.byteLength} bytes: ${bytes.join(' ')}${frame.byteLength > 8 ? ' …' : ''}`;
}
