import type { Frame } from './codec.ts';
import type { HeartbeatOptions } from './options.ts';
import { LIFELINE, writeWord } from './protocol.ts';

/** What a {@link lifeline} heartbeat can be told. */
export interface LifelineOptions extends Pick<HeartbeatOptions, 'interval' | 'timeout'> {
  /** The name that the client gives itself in its probes. The server takes it as a name, not as a proof. */
  readonly id?: string | undefined;
}

/**
 * The heartbeat of a server made with `createLifelineServer()`, for the `heartbeat` option: its probes carry a name and
 * a timestamp. `usePresence()` needs it.
 */
export const lifeline = ({ id, ...times }: LifelineOptions = {}): HeartbeatOptions => ({
  ...times,
  ping: () =>
    writeWord({ lifeline: 'ping', ...(id !== undefined && { id }), timestamp: Date.now() }),
  pong: isPong,
});

/** Whether a frame answers a probe, or is another of the server's lifeline frames. */
export const isPong = (frame: Frame): boolean | 'control' =>
  typeof frame === 'string' &&
  frame.startsWith(LIFELINE) &&
  (frame.startsWith(`${LIFELINE}"pong"`) || 'control');
