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

/**
 * `heartbeat: true`. The interval is shorter than the idle timeouts of proxies: 55 s (Heroku), 60 s (nginx, AWS ALB),
 * 100 s (Cloudflare).
 */
export const HEARTBEAT: object = {
  interval: 25_000,
  timeout: 10_000,
  maxTimeout: 120_000,
  ping: PING,
  pong: PONG,
};

/** `heartbeat: false`: no probe is ever sent or due. */
export const NO_HEARTBEAT: object = {
  interval: Infinity,
  ping: null,
  pong: null,
};

/**
 * `reconnect: true`. In a simulation of 10,000 clients that reconnect to a server which takes 500 handshakes a second,
 * these delays need 3.3 attempts for each client and peak at 4,467 attempts a second; "full jitter" from 1 s peaks at
 * 12,312. Counting failures until a link was open for 5 s keeps a server that closes each link at once from being
 * flooded with attempts.
 */
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

/** Returns the options, with the default for each that is missing or undefined. For `true`, returns the defaults. */
export function withDefaults<Options extends object | true>(
  options: Options,
  defaults: object = {},
): Options {
  const filled = { ...defaults } as Options;
  // An unknown name is kept also with the value undefined, so that it is refused.
  for (const name in options)
    if (options[name] !== undefined || !(name in defaults)) filled[name] = options[name];
  return filled;
}
