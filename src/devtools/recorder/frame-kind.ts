import type { Frame, OutFrame } from '../../core/link/frame.ts';
import { isPong } from '../../core/lifeline/lifeline.ts';
import { tryCall } from '../../core/platform/emitter.ts';
import { LIFELINE, PING, PONG } from '../../core/protocol/frames.ts';
import type { Announced } from './announced.ts';
import type { FrameKind } from './types.ts';

type Shared = Announced['shared'];

/** The words of a delivery that carry a message behind them. */
const CARRIES_MESSAGE = /^\{"lifeline":"(message|topic|reply|request|uncounted)"[^\n]*\n/;
const PRESENCE = /^\{"lifeline":"(watch|unwatch|presence|online|offline)"/;

/** What a frame of the library is for; null if it is none. */
function ofLibrary(frame: OutFrame): FrameKind | null {
  if (frame === PING || frame === PONG) return 'heartbeat';
  if (typeof frame !== 'string' || !frame.startsWith(LIFELINE)) return null;
  if (/^\{"lifeline":"(ping|pong|leave)"/.test(frame)) return 'heartbeat';
  if (PRESENCE.test(frame)) return 'presence';
  return CARRIES_MESSAGE.test(frame) ? 'message' : 'delivery';
}

/** Returns what a frame was for that gave no message. It has been handled. */
export function kindOfArrived(frame: Frame, { settings }: Pick<Shared, 'settings'>): FrameKind {
  const { pong, reply } = settings().heartbeat;
  const answered = typeof pong === 'function' && pong !== isPong ? tryCall(pong, frame) : false;
  if (frame === pong || answered === true) return 'heartbeat';
  const kind = ofLibrary(frame);
  if (kind) return kind;
  return answered || (tryCall(reply, frame) ?? null) !== null ? 'heartbeat' : 'message';
}

/** Makes the function that tells what a frame is for that is being sent. */
export function createKindOfSent({
  settings,
  state,
}: Pick<Shared, 'settings' | 'state'>): (frame: OutFrame) => FrameKind {
  let probedAt: number | null = null;
  return (frame) => {
    const { status, probedAt: at } = state();
    if (status === 'handshaking') return 'handshake';
    const isProbe = at !== null && at !== probedAt && settings().heartbeat.ping !== null;
    probedAt = at;
    // The first frame after a probe is planned is the ping, whatever it looks like.
    return isProbe ? 'heartbeat' : (ofLibrary(frame) ?? 'message');
  };
}
