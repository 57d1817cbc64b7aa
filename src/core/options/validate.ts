/** What an option may be, and how an error says it. */
interface Rule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Whether undefined is wrong, too. */
  readonly isRequired?: boolean;
}

type Rules = Readonly<Record<string, Rule>>;

const typeOf = (value: unknown) => (value === null ? 'null' : typeof value);

const rule = (expected: string, ...types: string[]): Rule => ({
  expected,
  accepts: (value) => types.includes(typeOf(value)),
});

const number = (expected: string, isRight: (value: number) => boolean): Rule => ({
  expected,
  accepts: (value) => typeof value === 'number' && isRight(value),
});

const oneOf = (first: string, second: string): Rule => ({
  expected: `'${first}' or '${second}'`,
  accepts: (value) => value === first || value === second,
});

const FUNCTION = rule('a function', 'function');
const NEEDED_FUNCTION: Rule = { ...FUNCTION, isRequired: true };
const OBJECT = rule('an object', 'object');
const SWITCH = rule('a boolean or object', 'boolean', 'object');
const PERIOD = number('a number above zero', (value) => value > 0 && value < Infinity);
const DURATION = number('a number from 0', (value) => value >= 0 && value < Infinity);
const COUNT = number('a number from 0 to Infinity', (value) => value >= 0);

const RULES: Rules = {
  url: rule('a string, URL, null or function', 'string', 'object', 'null', 'function'),
  protocols: rule('a string, list or function', 'string', 'object', 'function'),
  scope: rule('a string', 'string'),
  heartbeat: SWITCH,
  reconnect: SWITCH,
  outbox: SWITCH,
  connectTimeout: PERIOD,
  closeTimeout: DURATION,
  linger: DURATION,
  binaryType: oneOf('arraybuffer', 'blob'),
  codec: OBJECT,
  topics: OBJECT,
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

const NESTED_RULES: Readonly<Record<string, Rules>> = {
  heartbeat: {
    interval: PERIOD,
    timeout: PERIOD,
    ping: rule('a string, binary, null or function', 'string', 'object', 'null', 'function'),
    pong: rule('a string or function', 'string', 'function'),
  },
  reconnect: {
    minDelay: DURATION,
    baseDelay: DURATION,
    maxDelay: DURATION,
    maxAttempts: COUNT,
    stableAfter: DURATION,
    shouldReconnect: FUNCTION,
  },
  outbox: {
    maxMessages: COUNT,
    maxBytes: COUNT,
    overflow: oneOf('drop-oldest', 'drop-newest'),
  },
  codec: { encode: NEEDED_FUNCTION, decode: NEEDED_FUNCTION },
  topics: { of: NEEDED_FUNCTION, subscribe: FUNCTION, unsubscribe: FUNCTION },
};

/**
 * Checks the options of a connection.
 *
 * @throws TypeError that names the option and says what was expected.
 */
export function validateOptions(options: object): void {
  validate(options, RULES, '');
  for (const name in NESTED_RULES) {
    const group = (options as Record<string, unknown>)[name];
    if (typeof group === 'object')
      validate(group as object, NESTED_RULES[name] as Rules, `${name}.`);
  }
}

function validate(options: object, rules: Rules, path: string): void {
  for (const name in rules) {
    const { expected, accepts, isRequired } = rules[name] as Rule;
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined ? !isRequired : accepts(value)) continue;
    throw new TypeError(`${path}${name} must be ${expected}, not ${inWords(value)}.`);
  }
}

/** A wrong value as an error may show it: what a text or an object holds may be secret. */
function inWords(value: unknown): string {
  const isOddNumber = typeof value === 'number' && !(value > 0 && value < Infinity);
  return isOddNumber ? String(value) : typeOf(value);
}
