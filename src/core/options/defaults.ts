import { shouldReconnect } from '../machine/backoff.ts';
import { raw } from '../messages/codec.ts';
import { browserSignals } from '../platform/signals.ts';
import { PING, PONG } from '../protocol/frames.ts';

/** The default of each option that has one; those of `heartbeat`, `reconnect` and `outbox` are below. */
export const DEFAULTS: object = {
  connectTimeout: 10_000,
  closeTimeout: 3_000,
  linger: 1_000,
  binaryType: 'arraybuffer',
  codec: raw,
  random: () => Math.random(),
  signals: browserSignals,
  clock: {},
};

/** `heartbeat: true` */
export const HEARTBEAT: object = { interval: 25_000, timeout: 10_000, ping: PING, pong: PONG };

/** `heartbeat: false`: it sends nothing, and no silence is too long. */
export const NO_HEARTBEAT: object = { interval: Infinity, timeout: 0, ping: null, pong: null };

/** `reconnect: true` */
export const RECONNECT: object = {
  minDelay: 250,
  baseDelay: 3_000,
  maxDelay: 30_000,
  maxAttempts: Infinity,
  stableAfter: 5_000,
  shouldReconnect,
};

/** `reconnect: false` */
export const NO_RECONNECT: object = { maxAttempts: 0 };

/** `outbox: true` */
export const OUTBOX: object = {
  maxMessages: 1_000,
  maxBytes: 1_048_576,
  overflow: 'drop-oldest',
};

/** `outbox: false` */
export const NO_OUTBOX: object = { maxMessages: 0 };

/** The options, with the defaults in place of what is missing or undefined; of `true`, all the defaults. */
export function withDefaults<Options extends object | true>(
  options: Options,
  defaults: object = {},
): Options {
  const filled = { ...defaults } as Options;
  for (const name in options) if (options[name] !== undefined) filled[name] = options[name];
  return filled;
}
