import type { Backoff } from '../machine/backoff.ts';
import { shouldReconnect } from '../machine/backoff.ts';
import type { Codec, Frame, OutFrame } from '../messages/codec.ts';
import { raw } from '../messages/codec.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signals } from '../platform/signals.ts';
import { browserSignals } from '../platform/signals.ts';
import type { ConnectionOptions, TopicOptions } from './options.ts';
import type { OutboxLimits } from '../messages/outbox.ts';
import { PING, PONG } from '../protocol/words.ts';

/**
 * The options with the defaults filled in. Without reconnect or outbox, their bounds are 0; without a heartbeat, it
 * only listens, and endlessly.
 */
export interface Settings<In, Out> extends Omit<
  ConnectionOptions<In, Out>,
  'heartbeat' | 'reconnect' | 'outbox' | 'clock' | 'signals' | 'topics'
> {
  readonly topics?: TopicOptions<In, Out> | undefined;
  readonly clock: Partial<Clock>;
  readonly signals: Signals;
  readonly heartbeat: {
    readonly interval: number;
    readonly timeout: number;
    readonly ping: OutFrame | (() => OutFrame) | null;
    readonly pong: string | ((frame: Frame) => boolean | 'control') | null;
  };
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

const NO_HEARTBEAT = { interval: Infinity, timeout: 0, ping: null, pong: null };

const RECONNECT = {
  minDelay: 250,
  baseDelay: 3_000,
  maxDelay: 30_000,
  maxAttempts: Infinity,
  stableAfter: 5_000,
  shouldReconnect,
} satisfies Backoff;

const OUTBOX = {
  maxMessages: 1_000,
  maxBytes: 1_048_576,
  overflow: 'drop-oldest',
} satisfies OutboxLimits;

const FUNCTION = 'a function';
const PERIOD = 'a number above zero';
const COUNT = 'a number from 0 to Infinity';

/** What an option must be, by the type of its default. */
const EXPECTED_BY_TYPE: Readonly<Record<string, string>> = {
  boolean: 'a boolean or object',
  number: 'a number from 0',
  object: 'an object',
  function: FUNCTION,
};

/** What an option must be of which the default does not tell. */
const EXPECTED: Readonly<Record<string, string>> = {
  url: 'a string, object (URL), null or function',
  protocols: 'a string, object (list) or function',
  scope: 'a string',
  interval: PERIOD,
  timeout: PERIOD,
  connectTimeout: PERIOD,
  maxAttempts: COUNT,
  maxMessages: COUNT,
  maxBytes: COUNT,
  ping: 'a string, object (binary), null or function',
  pong: 'a string or function',
  overflow: "'drop-oldest' or 'drop-newest'",
  binaryType: "'arraybuffer' or 'blob'",
  topics: 'an object',
  WebSocket: FUNCTION,
};

/** What is expected names the kinds and, quoted, the values that are right. */
function check(name: string, value: unknown, expected: string | undefined): void {
  // The type, or the value itself where a number is none that every option for numbers takes.
  const kind =
    value === null || value === Infinity || (typeof value === 'number' && !(value > 0))
      ? String(value)
      : typeof value;
  // What a text or an object holds may be secret.
  if (expected && !expected.includes(kind) && !expected.includes(`'${String(value)}'`))
    throw new TypeError(`${name} must be ${expected}, not ${kind}.`);
}

/** The options, with the defaults in place of what is undefined. */
export function withDefaults<Options extends object>(
  options: Options,
  defaults: object = {},
): Options {
  const filled = { ...defaults } as Options;
  for (const name in options) if (options[name] !== undefined) filled[name] = options[name];
  return filled;
}

/** Checks the options, too. */
function fill(
  defaults: Readonly<Record<string, unknown>>,
  options: object | true,
  path = '',
): object {
  const filled = withDefaults(options as object, defaults) as Record<string, unknown>;
  for (const name in filled) {
    const type = name.startsWith('on') ? 'function' : typeof defaults[name];
    check(path + name, filled[name], EXPECTED[name] ?? EXPECTED_BY_TYPE[type]);
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
  check('codec.encode', codec.encode, FUNCTION);
  check('codec.decode', codec.decode, FUNCTION);
  if (options.topics) {
    const { of, subscribe, unsubscribe } = options.topics;
    check('topics.of', of, FUNCTION);
    if (subscribe) check('topics.subscribe', subscribe, FUNCTION);
    if (unsubscribe) check('topics.unsubscribe', unsubscribe, FUNCTION);
  }
  return {
    ...settings,
    heartbeat: heartbeat ? fill(HEARTBEAT, heartbeat, 'heartbeat.') : NO_HEARTBEAT,
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
