import type { Frame } from '../core/link/frame.ts';
import type { ClientLifelineFrame } from '../core/protocol/frames.ts';
import { LIFELINE, PING, PONG, writeLifelineFrame } from '../core/protocol/frames.ts';

const LIFELINE_PONG = `${LIFELINE}"pong"`;

/** Reads a lifeline frame; null for a frame of the application. A malformed one is `{}`, which means nothing. */
export function readLifeline(frame: Frame): Partial<ClientLifelineFrame> | null {
  if (typeof frame !== 'string' || !frame.startsWith(LIFELINE)) return null;
  try {
    return JSON.parse(frame) as ClientLifelineFrame;
  } catch {
    return {};
  }
}

/** Returns the answer to a ping; undefined for another frame. */
export function pongFor(
  frame: Frame,
  lifeline: Partial<ClientLifelineFrame> | null,
  own: ((frame: Frame) => Frame | undefined) | undefined,
): Frame | undefined {
  if (frame === PING) return PONG;
  return lifeline?.lifeline === 'ping'
    ? writeLifelineFrame({ lifeline: 'pong', timestamp: Number(lifeline.timestamp) })
    : own?.(frame);
}

/** Whether a frame from the server only answers a ping, of which an app sees nothing. */
export const isPong = (frame: unknown): boolean =>
  frame === PONG || (typeof frame === 'string' && frame.startsWith(LIFELINE_PONG));
