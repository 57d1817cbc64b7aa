import type { AnyIdentity } from '../clients/client.ts';
import { memoryPresence } from '../presence/memory-presence.ts';
import type { PresenceStore } from '../presence/store.ts';
import type { Origins, UpgradePath, Protocols, ServerOptions } from './options.ts';
import { isPeriod, MAX_PERIOD } from '../limits/period.ts';
import type { Rate } from '../limits/rate.ts';
import type { RawIn, RawOut } from '../messages/format.ts';
import { checkOptions, isObject } from '../checks/check-options.ts';
import { describeOption } from '../checks/describe.ts';

type Defaulted =
  | 'authenticateTimeout'
  | 'compression'
  | 'maxPayload'
  | 'maxConnections'
  | 'maxConnectionsPerIdentity'
  | 'rate'
  | 'invalidRate'
  | 'pingInterval'
  | 'timeout'
  | 'handlerTimeout';

const DEFAULTS: { readonly [Name in Defaulted]: NonNullable<ServerOptions[Name]> } = {
  authenticateTimeout: 5_000,
  compression: false,
  maxPayload: 65_536,
  maxConnections: Infinity,
  maxConnectionsPerIdentity: 100,
  rate: { perSecond: 100, burst: 2_000 },
  invalidRate: { perSecond: 1, burst: 10 },
  pingInterval: 25_000,
  timeout: 60_000,
  handlerTimeout: 30_000,
};

/** The options with the defaults filled in. */
export type Settings<Identity extends AnyIdentity, In = RawIn, Out = RawOut> = ServerOptions<
  Identity,
  In,
  Out
> & {
  readonly [Name in Defaulted | 'presence']: NonNullable<ServerOptions[Name]>;
};

/** What a value must be, in words and as a test. */
type Rule = readonly [expected: string, isValid: (value: never) => boolean];

const isFunction = (value: unknown) => typeof value === 'function';
const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown) =>
    isObject(value) && names.every((name) => isFunction(Reflect.get(value, name)));
const isText = (value: unknown) => typeof value === 'string';
const isPositive = (value: unknown) => Number.isFinite(value) && (value as number) > 0;
const isCount = (value: unknown) =>
  value === Infinity || (Number.isInteger(value) && (value as number) > 0);

/** `scheme://host`, as browsers send it. An origin with a path, even `/`, or with a wildcard would never match. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s*]+$/i;
const isOrigin = (value: unknown) =>
  value === null ||
  value === 'null' ||
  value === 'same-host' ||
  (typeof value === 'string' && ORIGIN.test(value) && URL.canParse(value));

/** A name of a subprotocol: a token (RFC 6455, section 4.1, and RFC 9110, section 5.6.2). */
const PROTOCOL = /^[\w!#$%&'*+.^`|~-]+$/;

const FUNCTION: Rule = ['a function', isFunction];
const PERIOD: Rule = [
  `a number of milliseconds above zero, and at most ${MAX_PERIOD}`,
  (period: number) => isPeriod(period) && period > 0,
];
const RATE: Rule = [
  'false, or { perSecond, burst } with perSecond above zero and burst at least 1',
  (rate: Rate | false) =>
    rate === false ||
    (isObject(rate) && isPositive(rate.perSecond) && isPositive(rate.burst) && rate.burst >= 1),
];
const COUNT: Rule = ['a whole number above zero, or Infinity', isCount];

const RULES: { readonly [Name in keyof ServerOptions]-?: Rule } = {
  port: [
    'a port number, from 0 to 65535',
    (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535,
  ],
  // An empty one, such as that of an unset variable, would listen on all addresses.
  host: ['a name or an address', (host: unknown) => isText(host) && host !== ''],
  server: [
    'an http or https server',
    // A WebSocketServer and an application of Koa have `on`, too.
    hasMethods('on', 'prependListener', 'listen', 'address'),
  ],
  path: [
    "a function, or a path that begins with '/' and has no query",
    (path: UpgradePath) => isFunction(path) || (isText(path) && /^\/[^?#]*$/.test(path)),
  ],
  origins: [
    "a function, or a list of 'same-host', null and origins such as 'https://example.com', without a wildcard, without a path or a slash at the end",
    (origins: Origins) =>
      isFunction(origins) || (Array.isArray(origins) && origins.every(isOrigin)),
  ],
  authenticate: FUNCTION,
  authenticateTimeout: PERIOD,
  protocols: [
    "a function, or a list of subprotocols such as 'chat.v2'",
    (protocols: Protocols) =>
      isFunction(protocols) ||
      (Array.isArray(protocols) && protocols.every((name) => isText(name) && PROTOCOL.test(name))),
  ],
  compression: ['true or false', (value: unknown) => typeof value === 'boolean'],
  maxPayload: [
    'a whole number of bytes above zero',
    (bytes: number) => isCount(bytes) && bytes < 2 ** 31,
  ],
  maxConnections: COUNT,
  maxConnectionsPerIdentity: COUNT,
  rate: RATE,
  codec: [
    'a codec such as json(), with the functions encode and decode',
    (codec: { encode?: unknown; decode?: unknown }) =>
      isObject(codec) && isFunction(codec.encode) && isFunction(codec.decode),
  ],
  invalidRate: RATE,
  pingInterval: PERIOD,
  timeout: PERIOD,
  visible: FUNCTION,
  describe: FUNCTION,
  presence: [
    'a store such as memoryPresence(), with all methods of PresenceStore',
    (store: Partial<PresenceStore>) =>
      hasMethods('start', 'join', 'leave', 'seen', 'isOnline', 'list', 'lastSeen', 'stop')(store) &&
      (store.topics === undefined ||
        hasMethods('start', 'join', 'leave', 'isOnline', 'list')(store.topics)),
  ],
  sessions: [
    'a store such as memorySessions(), with all methods of SessionStore',
    hasMethods('start', 'claim', 'save', 'release', 'forget', 'stop'),
  ],
  history: [
    'a store such as memoryHistory(), with all methods of HistoryStore',
    hasMethods('start', 'follow', 'unfollow', 'publish', 'read', 'stop'),
  ],
  handlerTimeout: PERIOD,
  broadcasts: [
    'a channel such as redisBroadcast(), with all methods of BroadcastChannel',
    hasMethods('start', 'publish', 'stop'),
  ],
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError if an option is unknown or not valid; the message names the option and the expected values.
 */
export function resolveOptions<Identity extends AnyIdentity, In, Out>(
  options: ServerOptions<Identity, In, Out>,
): Settings<Identity, In, Out> {
  checkOptions(options, Object.keys(RULES), 'a server');
  if (options.port !== undefined && options.server)
    throw new TypeError('port and server cannot be used together: leave out one of them.');
  const given = checkValues(options);
  if (options.history && !options.sessions)
    throw new TypeError(
      'history needs sessions, such as memorySessions(): only a client with a session tells what it has missed.',
    );
  if (options.history && !options.history.isShared && options.broadcasts)
    throw new TypeError(
      'history and broadcasts: this history does not know what other servers say. Use one that servers share, or leave it out.',
    );
  const presence = options.presence ?? memoryPresence();
  const settings = { ...DEFAULTS, ...given, presence } as Settings<Identity, In, Out>;
  if (settings.timeout <= settings.pingInterval)
    throw new TypeError(
      'timeout must be longer than pingInterval: no client could answer a ping in time.',
    );
  return settings;
}

/** Checks the options. Returns those that are not undefined. */
function checkValues(options: object): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, [expected, isValid]] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined) continue;
    if ((name === 'rate' || name === 'invalidRate') && isObject(value))
      checkOptions(value, ['perSecond', 'burst'], name);
    if (!isValid(value as never))
      throw new TypeError(`${name} must be ${expected}, not ${describeOption(name, value)}.`);
    given[name] = value;
  }
  return given;
}
