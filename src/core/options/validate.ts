import { FULL_TEXTS } from '../platform/texts.ts';

/** What an option may be. The words of an error are made of this. */
interface Rule {
  /** The kinds of values that it takes; see {@link kindOf}. */
  readonly kinds: readonly string[];
  /** The texts that it takes. */
  readonly choices?: readonly unknown[];
  /** The rules of what is in it, where it is an object. */
  readonly inner?: Rules;
}

type Rules = Readonly<Record<string, Rule>>;

/** The kind of a value: its type, but null, 0, Infinity, NaN and each number below 0 are kinds of their own. */
function kindOf(value: unknown): string {
  const isOddNumber = typeof value === 'number' && !(value > 0 && value < Infinity);
  return value === null || isOddNumber ? String(value) : typeof value;
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
 * @throws TypeError that names the option and says what was expected.
 */
export function validateOptions(options: object): void {
  validate(options, RULES, '');
}

function validate(options: object, rules: Rules, path: string): void {
  for (const name in rules) {
    const rule = rules[name] as Rule;
    const value = (options as Record<string, unknown>)[name];
    const kind = kindOf(value);
    // What a text or an object holds may be secret: an error shows no more than the kind.
    if (!rule.kinds.includes(kind) && !rule.choices?.includes(value))
      throw new TypeError(
        FULL_TEXTS
          ? `${path}${name} must be ${inWords(rule, name)}, not ${kind}.`
          : `${path}${name} is not valid: ${kind}.`,
      );
    if (rule.inner && kind === 'object') validate(value as object, rule.inner, `${name}.`);
  }
}

/** What is meant by an object, where it is not one of options. */
const OBJECTS: Readonly<Record<string, string>> = {
  url: 'URL',
  protocols: 'list',
  ping: 'binary',
};

/** What a rule expects, as a part of a sentence. */
function inWords({ kinds, choices }: Rule, name: string): string {
  if (choices) return choices.map((choice) => `'${String(choice)}'`).join(' or ');
  const words = kinds
    .filter((kind) => kind !== 'undefined')
    .map((kind) => (kind === 'number' ? 'positive number' : kind))
    .map((kind) => (kind === 'object' ? (OBJECTS[name] ?? kind) : kind));
  const list = words.join(', ').replace(/, (\w+)$/, ' or $1');
  return `${list.startsWith('object') ? 'an' : 'a'} ${list}`;
}
