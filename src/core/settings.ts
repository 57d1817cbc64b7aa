import type { Backoff } from './backoff.ts';
import { shouldReconnect } from './backoff.ts';
import type { Codec, Frame, OutFrame } from './codec.ts';
import { raw } from './codec.ts';
import type { ConnectionOptions } from './options.ts';
import type { OutboxLimits } from './outbox.ts';
import { PING, PONG } from './protocol.ts';

/** The options with the defaults filled in; false for a heartbeat or a reconnect that is switched off. */
export interface Settings<In, Out> extends Omit<
  ConnectionOptions<In, Out>,
  'heartbeat' | 'reconnect' | 'outbox'
> {
  readonly heartbeat:
    | {
        readonly interval: number;
        readonly timeout: number;
        readonly ping: OutFrame | (() => OutFrame) | null;
        readonly pong: string | ((frame: Frame) => boolean);
      }
    | false;
  readonly reconnect: Backoff | false;
  readonly outbox: OutboxLimits;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly linger: number;
  readonly binaryType: 'arraybuffer' | 'blob';
  readonly codec: Codec<In, Out>;
  readonly random: () => number;
}

/**
 * A default, and what is expected: the types or the quoted values that are accepted, in the very words in which
 * someone who gave something else is told.
 */
type Rules = Readonly<Record<string, readonly [fallback: unknown, expected: string]>>;

const DURATION = 'a number of milliseconds, 0 or more';
const PERIOD = 'a number of milliseconds above 0';
const COUNT = 'a number, 0 or more, or Infinity';
const FUNCTION = 'a function';
const OPTIONAL_FUNCTION = 'a function or undefined';
const SWITCH = 'a boolean or an object';

const HEARTBEAT: Rules = {
  interval: [25_000, PERIOD],
  timeout: [10_000, PERIOD],
  ping: [PING, 'a frame (string or binary object), a function that makes one, or null'],
  pong: [PONG, 'a string or a function'],
};

const RECONNECT: Rules = {
  minDelay: [250, DURATION],
  baseDelay: [3_000, DURATION],
  maxDelay: [30_000, DURATION],
  maxAttempts: [Infinity, COUNT],
  stableAfter: [5_000, DURATION],
  shouldReconnect: [shouldReconnect, FUNCTION],
};

const OUTBOX: Rules = {
  maxMessages: [1_000, COUNT],
  maxBytes: [1_048_576, COUNT],
  overflow: ['drop-oldest', "'drop-oldest' or 'drop-newest'"],
};

const CODEC: Rules = { encode: [undefined, FUNCTION], decode: [undefined, FUNCTION] };

const OPTIONS: Rules = {
  url: [undefined, 'a string, a URL object, null, undefined, or a function that returns one'],
  protocols: [
    undefined,
    'a string, a list (object) of them, undefined, or a function that returns one',
  ],
  scope: [undefined, 'a string or undefined'],
  heartbeat: [false, SWITCH],
  reconnect: [true, SWITCH],
  outbox: [true, SWITCH],
  connectTimeout: [10_000, PERIOD],
  closeTimeout: [3_000, DURATION],
  linger: [1_000, DURATION],
  binaryType: ['arraybuffer', "'arraybuffer' or 'blob'"],
  codec: [raw, 'an object with encode() and decode()'],
  WebSocket: [undefined, OPTIONAL_FUNCTION],
  clock: [undefined, 'an object or undefined'],
  signals: [undefined, OPTIONAL_FUNCTION],
  random: [Math.random, FUNCTION],
  onOpen: [undefined, OPTIONAL_FUNCTION],
  onMessage: [undefined, OPTIONAL_FUNCTION],
  onClose: [undefined, OPTIONAL_FUNCTION],
  onError: [undefined, OPTIONAL_FUNCTION],
  onFlush: [undefined, OPTIONAL_FUNCTION],
  onDrop: [undefined, OPTIONAL_FUNCTION],
};

function accepts(expected: string, value: unknown): boolean {
  if (typeof value === 'number')
    return (
      expected.includes('number') &&
      (expected.includes('above') ? value > 0 : value >= 0) &&
      (value < Infinity || expected.includes('Infinity'))
    );
  const type = value === null ? 'null' : typeof value;
  return expected.includes(type) || expected.includes(`'${String(value)}'`);
}

/** The given values in the form of the rules; undefined means the default. */
function fill(given: unknown, rules: Rules, path = ''): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const [name, [fallback, expected]] of Object.entries(rules)) {
    const { [name]: value = fallback } = given as Record<string, unknown>;
    if (!accepts(expected, value)) {
      // What a text or an object holds may be secret.
      const shown = typeof value === 'number' ? value : typeof value;
      throw new TypeError(`${path}${name} must be ${expected}, not ${shown}.`);
    }
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
  const settings = fill(options, OPTIONS);
  const { codec, heartbeat, reconnect, outbox } = settings;
  fill(codec, CODEC, 'codec.');
  // Object(true) is an object without options.
  return {
    ...settings,
    heartbeat: heartbeat && fill(Object(heartbeat), HEARTBEAT, 'heartbeat.'),
    reconnect: reconnect && fill(Object(reconnect), RECONNECT, 'reconnect.'),
    outbox: fill(outbox ? Object(outbox) : { maxMessages: 0 }, OUTBOX, 'outbox.'),
  } as unknown as Settings<In, Out>;
}

/** Every option as if it had not been given. */
export const UNSET: { readonly [Name in keyof ConnectionOptions]?: undefined } = Object.fromEntries(
  Object.keys(OPTIONS).map((name) => [name, undefined]),
);

/** What the options say the data belongs to: null for nothing, undefined where a url function has yet to tell. */
export function scopeOf({
  url,
  scope,
}: Pick<ConnectionOptions<never, never>, 'url' | 'scope'>): string | null | undefined {
  if (url === null || url === undefined) return null;
  return scope ?? (typeof url === 'function' ? undefined : String(url));
}
