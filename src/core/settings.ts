import type { Backoff } from './backoff.ts';
import { shouldReconnect } from './backoff.ts';
import type { Codec, Frame, OutFrame } from './codec.ts';
import { raw } from './codec.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import type { Signals } from './signals.ts';
import { browserSignals } from './signals.ts';
import type { ConnectionOptions } from './options.ts';
import type { OutboxLimits } from './outbox.ts';
import { PING, PONG } from './protocol.ts';

/** The options with the defaults filled in; false for a heartbeat or a reconnect that is switched off. */
export interface Settings<In, Out> extends Omit<
  ConnectionOptions<In, Out>,
  'heartbeat' | 'reconnect' | 'outbox' | 'clock' | 'signals'
> {
  readonly clock: Clock;
  readonly signals: Signals;
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

const OPTIONS = {
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

/**
 * What an option must be, where that is not the type of its default: the very words that an error repeats name the
 * accepted types and, quoted, the accepted values.
 */
const EXPECTED: Readonly<Record<string, string>> = {
  url: 'a string, URL object, null or function',
  protocols: 'a string, list (object) or function',
  scope: 'a string',
  heartbeat: 'a boolean or object',
  reconnect: 'a boolean or object',
  outbox: 'a boolean or object',
  interval: 'a number above 0',
  timeout: 'a number above 0',
  connectTimeout: 'a number above 0',
  maxAttempts: 'a number or Infinity',
  maxMessages: 'a number or Infinity',
  maxBytes: 'a number or Infinity',
  ping: 'a string, binary object, null or function',
  pong: 'a string or function',
  overflow: "'drop-oldest' or 'drop-newest'",
  binaryType: "'arraybuffer' or 'blob'",
  WebSocket: 'a function',
  clock: 'an object',
  codec: 'an object with encode() and decode()',
};

function isExpected(value: unknown, expected: string): boolean {
  if (typeof value !== 'number')
    return (
      expected.includes(value === null ? 'null' : typeof value) ||
      expected.includes(`'${String(value)}'`)
    );
  const least = expected.includes('above') ? Number.MIN_VALUE : 0;
  const most = expected.includes('Infinity') ? Infinity : Number.MAX_VALUE;
  return expected.includes('number') && value >= least && value <= most;
}

const wrong = (name: string, expected: string | undefined, value: string | number) =>
  new TypeError(`${name} must be ${expected}, not ${value}.`);

/** The defaults, with what is given in their place. Undefined means the default. */
function fill<Defaults extends object>(defaults: Defaults, given: object, path = ''): Defaults {
  const filled = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const fallback = defaults[name as keyof Defaults] ?? (/^on[A-Z]/.test(name) && fill);
    const expected = EXPECTED[name] ?? `a ${typeof fallback}`;
    // What a text or an object holds may be secret.
    if ((fallback || name in EXPECTED) && !isExpected(value, expected))
      throw wrong(path + name, expected, typeof value === 'number' ? value : typeof value);
    filled[name as keyof Defaults] = value;
  }
  return filled;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option and says what was expected.
 */
export function resolveOptions<In, Out>(options: ConnectionOptions<In, Out>): Settings<In, Out> {
  const settings = fill(OPTIONS, options);
  const { codec, heartbeat, reconnect, outbox } = settings;
  if (!codec.encode || !codec.decode) throw wrong('codec', EXPECTED.codec, 'object');
  return {
    ...settings,
    // Object(true) is an object without options.
    heartbeat: heartbeat && fill(HEARTBEAT, Object(heartbeat), 'heartbeat.'),
    reconnect: reconnect && fill(RECONNECT, Object(reconnect), 'reconnect.'),
    clock: createClock(settings.clock),
    outbox: fill(OUTBOX, outbox ? Object(outbox) : { maxMessages: 0 }, 'outbox.'),
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
