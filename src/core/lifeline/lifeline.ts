import type { Frame } from '../link/frame.ts';
import type { HeartbeatOptions } from '../options/options.ts';
import { LIFELINE, MAX_ID_LENGTH, writeLifelineFrame } from '../protocol/frames.ts';

/** What a {@link lifeline} heartbeat can be told. */
export interface LifelineOptions extends Pick<HeartbeatOptions, 'interval' | 'timeout'> {
  /** The name that the client gives itself in its probes. The server takes it as a name, not as a proof. @defaultValue none */
  readonly id?: string | undefined;
}

/**
 * The heartbeat of a server made with `createLifelineServer()`, for the `heartbeat` option: its probes carry a name and
 * a timestamp. `usePresence()` needs it.
 *
 * @throws TypeError for an id of more than 256 UTF-16 code units.
 */
export function lifeline({ id = '', ...times }: LifelineOptions = {}): HeartbeatOptions {
  if (id.length > MAX_ID_LENGTH)
    throw new TypeError(`lifeline() takes an id of up to ${MAX_ID_LENGTH} characters.`);
  const name = id ? { id } : {};
  return {
    ...times,
    ping: () => writeLifelineFrame({ lifeline: 'ping', ...name, timestamp: Date.now() }),
    pong: isPong,
  };
}

/** Whether a frame answers a probe, or is another of the server's lifeline frames. */
export const isPong = (frame: Frame): boolean | 'control' =>
  typeof frame === 'string' &&
  frame.startsWith(LIFELINE) &&
  (frame.startsWith(`${LIFELINE}"pong"`) || 'control');
