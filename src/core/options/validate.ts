import { FULL_TEXTS } from '../platform/texts.ts';

/** The values that an option can have. The error text is made from it. */
interface Rule {
  /** The allowed kinds of values; see {@link kindOf}. */
  readonly kinds: readonly string[];
  /** The allowed strings. */
  readonly choices?: readonly unknown[];
  /** The rules for its fields, if the value is an object. */
  readonly inner?: Rules;
}

type Rules = Readonly<Record<string, Rule>>;

/** Returns the kind of a value: its type, or the value itself for null and for a number that is not positive and finite. */
function kindOf(value: unknown): string {
  const isSpecialNumber = typeof value === 'number' && !(value > 0 && value < Infinity);
  return value === null || isSpecialNumber ? String(value) : typeof value;
}

const optional = (...kinds: string[]): Rule => ({ kinds: ['undefined', ...kinds] });
const oneOf = (...choices: string[]): Rule => ({ kinds: ['undefined'], choices });

const FUNCTION = optional('function');
const NEEDED_FUNCTION: Rule = { kinds: ['function'] };
const OBJECT = optional('object');
const SWITCH = optional('boolean', 'object');
const PERIOD = optional('number');
const DURATION = optional('number', '0');
const COUNT = optional('number', '0', 'Infinity');

const RULES: Rules = {
  url: optional('string', 'object', 'null', 'function'),
  protocols: optional('string', 'object', 'function'),
  scope: optional('string'),
  heartbeat: {
    ...SWITCH,
    inner: {
      interval: PERIOD,
      timeout: PERIOD,
      maxTimeout: PERIOD,
      ping: optional('string', 'object', 'null', 'function'),
      pong: optional('string', 'function'),
    },
  },
  reconnect: {
    ...SWITCH,
    inner: {
      minDelay: DURATION,
      baseDelay: DURATION,
      maxDelay: DURATION,
      maxAttempts: COUNT,
      stableAfter: DURATION,
      shouldReconnect: FUNCTION,
    },
  },
  outbox: {
    ...SWITCH,
    inner: {
      maxMessages: COUNT,
      maxBytes: COUNT,
      overflow: oneOf('drop-oldest', 'drop-newest'),
    },
  },
  connectTimeout: PERIOD,
  closeTimeout: DURATION,
  linger: DURATION,
  binaryType: oneOf('arraybuffer', 'blob'),
  codec: { ...OBJECT, inner: { encode: NEEDED_FUNCTION, decode: NEEDED_FUNCTION } },
  topics: {
    ...OBJECT,
    inner: { of: NEEDED_FUNCTION, subscribe: FUNCTION, unsubscribe: FUNCTION },
  },
  WebSocket: FUNCTION,
  clock: OBJECT,
  signals: FUNCTION,
  random: FUNCTION,
  onOpen: FUNCTION,
  onMessage: FUNCTION,
  onClose: FUNCTION,
  onError: FUNCTION,
  onFlush: FUNCTION,
  onDrop: FUNCTION,
};

/**
 * Checks the options of a connection.
 *
 * @throws TypeError if an option is not valid; the message names the option and the expected values.
 */
export function validateOptions(options: object): void {
  validate(options, RULES, '');
}

function validate(options: object, rules: Rules, path: string): void {
  for (const name in rules) {
    const rule = rules[name] as Rule;
    const value = (options as Record<string, unknown>)[name];
    const kind = kindOf(value);
    // The error shows only the kind of the value, because the value may be secret.
    if (!rule.kinds.includes(kind) && !rule.choices?.includes(value))
      throw new TypeError(
        FULL_TEXTS
          ? `${path}${name} must be ${inWords(rule, name)}, not ${kind}.`
          : `${path}${name} is not valid: ${kind}.`,
      );
    if (rule.inner && kind === 'object') validate(value as object, rule.inner, `${name}.`);
  }
}

/** The name of the expected object for an option that takes an object without options of its own. */
const OBJECTS: Readonly<Record<string, string>> = {
  url: 'URL',
  protocols: 'list',
  ping: 'binary',
};

/** Describes the expected values of a rule in words. */
function inWords({ kinds, choices }: Rule, name: string): string {
  if (choices) return choices.map((choice) => `'${String(choice)}'`).join(' or ');
  const words = kinds
    .filter((kind) => kind !== 'undefined')
    .map((kind) => (kind === 'number' ? 'positive number' : kind))
    .map((kind) => (kind === 'object' ? (OBJECTS[name] ?? kind) : kind));
  const list = words.join(', ').replace(/, (\w+)$/, ' or $1');
  return `${list.startsWith('object') ? 'an' : 'a'} ${list}`;
}
