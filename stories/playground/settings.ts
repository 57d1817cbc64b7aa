import { confirmed } from '../../src/delivery.ts';
import { DEFAULTS, HEARTBEAT, OUTBOX, RECONNECT } from '../../src/core/options/defaults.ts';
import type { Frame, HeldConnectionOptions, OutFrame } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { DEMO_HEARTBEAT, DEMO_RECONNECT } from '../parts/demo-provider.tsx';

/** What a visitor can set, by the name of the option. */
export interface Settings {
  readonly heartbeat: boolean;
  readonly interval: number;
  readonly timeout: number;
  readonly maxTimeout: number;
  readonly reconnect: boolean;
  readonly minDelay: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
  readonly maxAttempts?: number;
  readonly stableAfter: number;
  readonly outbox: boolean;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
  readonly enabled: boolean;
  readonly manual: boolean;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly binaryType: 'arraybuffer' | 'blob';
  readonly delivery: boolean;
}

/** The options that are objects, with their fields. */
export const GROUPS = {
  heartbeat: ['interval', 'timeout', 'maxTimeout'],
  reconnect: ['minDelay', 'baseDelay', 'maxDelay', 'maxAttempts', 'stableAfter'],
  outbox: ['maxMessages', 'maxBytes', 'overflow'],
} as const;

/** The other options, apart from `delivery`, which is a function. */
export const SINGLE = [
  'enabled',
  'manual',
  'connectTimeout',
  'closeTimeout',
  'binaryType',
] as const;

/** Each setting as the library has it by itself. */
export const defaults = {
  ...DEFAULTS,
  ...HEARTBEAT,
  ...RECONNECT,
  ...OUTBOX,
  enabled: true,
  manual: false,
  delivery: false,
  heartbeat: false,
  reconnect: true,
  outbox: true,
} as unknown as Required<Settings>;

/** Those of the library, apart from short times, so that a visitor never waits for long. */
export const initial: Settings = {
  enabled: defaults.enabled,
  manual: defaults.manual,
  connectTimeout: defaults.connectTimeout,
  closeTimeout: defaults.closeTimeout,
  binaryType: defaults.binaryType,
  delivery: defaults.delivery,
  heartbeat: true,
  ...DEMO_HEARTBEAT,
  maxTimeout: defaults.maxTimeout,
  reconnect: defaults.reconnect,
  minDelay: defaults.minDelay,
  ...DEMO_RECONNECT,
  stableAfter: defaults.stableAfter,
  outbox: defaults.outbox,
  maxMessages: defaults.maxMessages,
  maxBytes: defaults.maxBytes,
  overflow: defaults.overflow,
};

type Value = string | number | boolean;
export type Fields = Readonly<Record<string, Value>>;
/** Options that differ from their defaults. */
export type Chosen = Readonly<Record<string, Value | Fields>>;

/** The settings with these names that differ from their defaults. */
function differing(settings: Settings, names: readonly (keyof Settings)[]): Fields {
  const entries = names.map((name) => [name, settings[name] ?? defaults[name]] as const);
  return Object.fromEntries(entries.filter(([name, value]) => value !== defaults[name]));
}

/** The options that a visitor has changed. `delivery` needs the heartbeat of our own server. */
export function choose(settings: Settings): Chosen {
  const chosen: Record<string, Value | Fields> = { ...differing(settings, SINGLE) };
  for (const name of ['heartbeat', 'reconnect', 'outbox'] as const) {
    const isOn = settings[name] || (name === 'heartbeat' && settings.delivery);
    const fields = differing(settings, GROUPS[name]);
    const value = isOn && Object.keys(fields).length > 0 ? fields : isOn;
    if (value !== defaults[name]) chosen[name] = value;
  }
  return settings.delivery ? { ...chosen, delivery: true } : chosen;
}

const delivery = confirmed();

type Options = HeldConnectionOptions<Frame, OutFrame>;

/** The props of a provider with these options. */
export function propsOf({ delivery: isConfirmed, ...chosen }: Chosen): Options {
  if (!isConfirmed) return chosen;
  const { maxTimeout, ...times } = chosen.heartbeat === true ? {} : (chosen.heartbeat as Fields);
  return {
    ...chosen,
    heartbeat: { ...lifeline(times), maxTimeout },
    delivery,
  } as Options;
}
