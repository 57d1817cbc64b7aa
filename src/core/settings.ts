import type { Backoff } from './backoff.ts';
import { shouldReconnect } from './backoff.ts';
import type { Codec, Frame, OutFrame } from './codec.ts';
import { raw } from './codec.ts';
import type { Clock } from './clock.ts';
import type { Signals } from './signals.ts';
import { browserSignals } from './signals.ts';
import type { ConnectionOptions } from './options.ts';
import type { OutboxLimits } from './outbox.ts';
import { PING, PONG } from './protocol.ts';

/** The options with the defaults filled in. Without reconnect or outbox, their bounds are 0. */
export interface Settings<In, Out> extends Omit<
  ConnectionOptions<In, Out>,
  'heartbeat' | 'reconnect' | 'outbox' | 'clock' | 'signals'
> {
  readonly clock: Partial<Clock>;
  readonly signals: Signals;
  readonly heartbeat:
    | {
        readonly interval: number;
        readonly timeout: number;
        readonly ping: OutFrame | (() => OutFrame) | null;
        readonly pong: string | ((frame: Frame) => boolean);
      }
    | false;
  readonly reconnect: Backoff;
  readonly outbox: OutboxLimits;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly linger: number;
  readonly binaryType: 'arraybuffer' | 'blob';
  readonly codec: Codec<In, Out>;
  readonly random: () => number;
}

const DEFAULTS = {
  heartbeat: false,
  reconnect: true,
  outbox: true,
  connectTimeout: 10_000,
  closeTimeout: 3_000,
  linger: 1_000,
  binaryType: 'arraybuffer',
  codec: raw,
  random: () => Math.random(),
  signals: browserSignals,
  clock: {},
};

const HEARTBEAT = { interval: 25_000, timeout: 10_000, ping: PING, pong: PONG };

const RECONNECT: Backoff = {
  minDelay: 250,
  baseDelay: 3_000,
  maxDelay: 30_000,
  maxAttempts: Infinity,
  stableAfter: 5_000,
  shouldReconnect,
};

const OUTBOX: OutboxLimits = { maxMessages: 1_000, maxBytes: 1_048_576, overflow: 'drop-oldest' };

const SWITCH = 'a boolean or object';
const PERIOD = 'a number above zero';
const DURATION = 'a number from 0';
const COUNT = 'a number from 0 to Infinity';
const FUNCTION = 'a function';

/** What an option must be: the very words that an error repeats name the kinds (see {@link kindOf}) and, quoted, the values. */
const EXPECTED: Readonly<Record<string, string>> = {
  url: 'a string, object (URL), null or function',
  protocols: 'a string, object (list) or function',
  scope: 'a string',
  heartbeat: SWITCH,
  reconnect: SWITCH,
  outbox: SWITCH,
  interval: PERIOD,
  timeout: PERIOD,
  connectTimeout: PERIOD,
  closeTimeout: DURATION,
  linger: DURATION,
  minDelay: DURATION,
  baseDelay: DURATION,
  maxDelay: DURATION,
  stableAfter: DURATION,
  maxAttempts: COUNT,
  maxMessages: COUNT,
  maxBytes: COUNT,
  ping: 'a string, object (binary), null or function',
  pong: 'a string or function',
  overflow: "'drop-oldest' or 'drop-newest'",
  binaryType: "'arraybuffer' or 'blob'",
  clock: 'an object',
  codec: 'an object',
  topics: 'an object',
  WebSocket: FUNCTION,
  signals: FUNCTION,
  random: FUNCTION,
  shouldReconnect: FUNCTION,
  encode: FUNCTION,
  decode: FUNCTION,
};

/** The type of a value, or the value itself where a number is none that every option for numbers takes. */
const kindOf = (value: unknown) =>
  value === null || value === Infinity || (typeof value === 'number' && !(value > 0))
    ? String(value)
    : typeof value;

function check(name: string, value: unknown, path = ''): void {
  const kind = kindOf(value);
  const expected = EXPECTED[name] ?? (/^on[A-Z]/.test(name) ? FUNCTION : kind);
  // What a text or an object holds may be secret.
  if (!expected.includes(kind) && !expected.includes(`'${String(value)}'`))
    throw new TypeError(`${path}${name} must be ${expected}, not ${kind}.`);
}

/** Checks the options and puts the defaults in place of what is undefined. */
function fill(defaults: object, given: object | true, path?: string): object {
  const filled: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    check(name, value, path);
    filled[name] = value;
  }
  return filled;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option and says what was expected.
 */
export function resolveOptions<In, Out>(options: ConnectionOptions<In, Out>): Settings<In, Out> {
  const settings = fill(DEFAULTS, options) as typeof DEFAULTS;
  const { codec, heartbeat, reconnect, outbox } = settings;
  check('encode', codec.encode, 'codec.');
  check('decode', codec.decode, 'codec.');
  return {
    ...settings,
    heartbeat: heartbeat && fill(HEARTBEAT, heartbeat, 'heartbeat.'),
    reconnect: fill(RECONNECT, reconnect || { maxAttempts: 0 }, 'reconnect.'),
    outbox: fill(OUTBOX, outbox || { maxMessages: 0 }, 'outbox.'),
  } as unknown as Settings<In, Out>;
}

/** What the options say the data belongs to: null for nothing, undefined where a url function has yet to tell. */
export function scopeOf({
  url,
  scope,
}: Pick<ConnectionOptions<never, never>, 'url' | 'scope'>): string | null | undefined {
  if (url === null || url === undefined) return null;
  return scope ?? (typeof url === 'function' ? undefined : String(url));
}
