import type { Frame } from '../link/frame.ts';
import type { HeartbeatOptions } from '../options/options.ts';
import { checkNames } from '../platform/check-names.ts';
import { LIFELINE, MAX_ID_LENGTH, writeLifelineFrame } from '../protocol/frames.ts';

/** The options of {@link lifeline}. */
export interface LifelineOptions extends Pick<HeartbeatOptions, 'interval' | 'timeout'> {
  /**
   * A label for this client, at most 256 UTF-16 code units, that the server shows as `client.name`. It is not the identity
   * and proves nothing: the server's `authenticate` decides who the client is. @defaultValue no label
   */
  readonly id?: string | undefined;
}

/**
 * Makes the value of the `heartbeat` option for a server made with `createLifelineServer()`, or one that speaks the same
 * protocol. `usePresence()` needs this heartbeat.
 *
 * @throws TypeError if the id has more than 256 UTF-16 code units, or an option is unknown.
 * @example
 * ```tsx
 * <WebSocketProvider url="wss://example.com/live" heartbeat={lifeline({ id: 'kitchen tablet' })}>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export function lifeline(options: LifelineOptions = {}): HeartbeatOptions {
  checkNames(options, { id: '', interval: '', timeout: '' }, 'an option of lifeline()');
  const { id = '', ...times } = options;
  if (typeof id !== 'string' || id.length > MAX_ID_LENGTH)
    throw new TypeError(
      `lifeline() takes an id that is a text of up to ${MAX_ID_LENGTH} characters.`,
    );
  const name = id ? { id } : {};
  return {
    ...times,
    ping: () => writeLifelineFrame({ lifeline: 'ping', ...name, timestamp: Date.now() }),
    pong: isPong,
    leave: writeLifelineFrame({ lifeline: 'leave' }),
  };
}

/** Returns true for a pong, `'control'` for another lifeline frame of the server, and false for all other frames. */
export const isPong = (frame: Frame): boolean | 'control' =>
  typeof frame === 'string' &&
  frame.startsWith(LIFELINE) &&
  (frame.startsWith(`${LIFELINE}"pong"`) || 'control');
