import { byteLength } from '../link/frame.ts';
import { HANDLERS } from '../messages/events.ts';
import { checkNames } from '../platform/check-names.ts';
import { FULL_TEXTS } from '../platform/texts.ts';

/** The values that an option can have. The error text is made from it. */
interface Rule {
  /** The allowed kinds of values; see {@link kindOf}. */
  readonly kinds: readonly string[];
  /** The allowed strings. */
  readonly choices?: readonly unknown[];
  /** The name of another option that may be given instead. */
  readonly instead?: string;
  /** The rules for its fields, if the value is an object. */
  readonly inner?: Rules;
}

/** The rules for options, by name. */
export type Rules = Readonly<Record<string, Rule>>;

/** Returns the kind of a value: its type, `list`, or the value itself for null and a number that is not positive and finite. */
function kindOf(value: unknown): string {
  const isSpecialNumber = typeof value === 'number' && !(value > 0 && value < Infinity);
  if (value === null || isSpecialNumber) return String(value);
  return Array.isArray(value) ? 'list' : typeof value;
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

/** The options of a connection. */
export const RULES: Rules = {
  url: optional('string', 'object', 'null', 'function'),
  protocols: optional('string', 'list', 'function'),
  scope: optional('string'),
  heartbeat: {
    ...SWITCH,
    inner: {
      interval: PERIOD,
      timeout: optional('number', 'Infinity'),
      maxTimeout: PERIOD,
      ping: optional('string', 'object', 'null', 'function'),
      pong: optional('string', 'function'),
      reply: FUNCTION,
      leave: optional('string', 'object'),
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
  handshake: FUNCTION,
  connectTimeout: PERIOD,
  closeTimeout: DURATION,
  linger: DURATION,
  binaryType: oneOf('arraybuffer', 'blob'),
  codec: {
    ...optional('object', 'function'),
    inner: { encode: NEEDED_FUNCTION, decode: { ...NEEDED_FUNCTION, instead: 'decodeAll' } },
  },
  topics: {
    ...OBJECT,
    inner: { of: NEEDED_FUNCTION, subscribe: FUNCTION, unsubscribe: FUNCTION, ended: FUNCTION },
  },
  requests: { ...OBJECT, inner: { tag: NEEDED_FUNCTION, reply: NEEDED_FUNCTION } },
  delivery: FUNCTION,
  WebSocket: FUNCTION,
  clock: OBJECT,
  signals: FUNCTION,
  random: FUNCTION,
  ...Object.fromEntries(Object.values(HANDLERS).map((name) => [name, FUNCTION])),
};

/**
 * Checks the options of a connection.
 *
 * @throws TypeError if an option is unknown or not valid; the message names the option and the expected values.
 */
export function validateOptions(options: object, rules: Rules = RULES, path = ''): void {
  if (FULL_TEXTS && kindOf(options) !== 'object')
    throw new TypeError(`The options must be an object, not ${kindOf(options)}.`);
  // The codec is the application's, and so is an object of a class: it may have fields of its own.
  if (path !== 'codec.' && (!path || (options.constructor ?? Object) === Object))
    checkNames(options, rules, FULL_TEXTS ? nounFor(path) : '');
  for (const name in rules) {
    const rule = rules[name] as Rule;
    const given = options as Record<string, unknown>;
    const value = given[name] ?? given[rule.instead ?? name];
    const kind = kindOf(value);
    // The error shows only the kind of the value, because the value may be secret.
    const isAllowed = rule.kinds.includes(kind) || rule.choices?.includes(value);
    if (!isAllowed || (FULL_TEXTS ? isRefused(value, kind, name) : false))
      throw new TypeError(
        FULL_TEXTS
          ? `${path}${name} must be ${inWords(rule, name)}, not ${show(value, rule)}.`
          : `${path}${name} is not valid: ${kind}.`,
      );
    if (rule.inner && kind === 'object') validateOptions(value as object, rule.inner, `${name}.`);
  }
}

const nounFor = (path: string) => `an option of ${path.slice(0, -1) || 'a connection'}`;

/** Describes a value. A number that was given as a text is shown: `'5000'` is a common mistake, and no secret. */
function show(value: unknown, { kinds }: Rule): string {
  const isNumberText = typeof value === 'string' && value.trim() !== '' && !isNaN(Number(value));
  return isNumberText && kinds.includes('number') ? `the text '${value}'` : kindOf(value);
}

/**
 * The options that take only some objects or functions: the kind that they restrict, in words and as a test. A production
 * build does not test it: there, the socket refuses such a value.
 */
const DETAILS: Readonly<
  Record<string, { kind: string; words: string; isValid: (value: unknown) => boolean }>
> = {
  // Also that of another window, or of a polyfill.
  url: { kind: 'object', words: 'URL', isValid: (url) => typeof (url as URL).href === 'string' },
  protocols: {
    kind: 'list',
    words: 'list of strings',
    isValid: (list) => (list as unknown[]).every((item) => typeof item === 'string'),
  },
  ping: { kind: 'object', words: 'binary', isValid: (ping) => byteLength(ping) !== undefined },
  WebSocket: { kind: 'function', words: 'class', isValid: isClass },
};

const isRefused = (value: unknown, kind: string, name: string) =>
  DETAILS[name]?.kind === kind && !DETAILS[name].isValid(value);

/** Whether `new` works with a function. The function itself is not called. */
function isClass(value: unknown): boolean {
  try {
    return Boolean(Reflect.construct(Object, [], value as typeof Object));
  } catch {
    return false;
  }
}

/** Describes the expected values of a rule in words. */
function inWords({ kinds, choices }: Rule, name: string): string {
  if (choices) return choices.map((choice) => `'${String(choice)}'`).join(' or ');
  const words = kinds
    .filter((kind) => kind !== 'undefined')
    .map((kind) => (kind === DETAILS[name]?.kind ? DETAILS[name].words : kind))
    .map((kind) => (kind === 'number' ? 'positive number' : kind));
  const list = words.join(', ').replace(/, (\w+)$/, ' or $1');
  return `${list.startsWith('object') ? 'an' : 'a'} ${list}`;
}
