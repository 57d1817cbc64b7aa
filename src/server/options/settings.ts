import type { Server } from 'node:http';
import { nearestName } from '../../core/protocol/nearest-name.ts';
import type { AnyIdentity } from '../clients/client.ts';
import { memoryPresence } from '../presence/memory-presence.ts';
import type { PresenceStore } from '../presence/store.ts';
import type { Origins, UpgradePath, Protocols, ServerOptions } from './options.ts';
import { isPeriod, MAX_PERIOD } from '../limits/period.ts';
import type { Rate } from '../limits/rate.ts';
import type { RawIn, RawOut } from '../messages/format.ts';
import { describe, describeOption } from './describe.ts';

type Defaulted =
  | 'authenticateTimeout'
  | 'compression'
  | 'maxPayload'
  | 'maxConnections'
  | 'maxConnectionsPerIdentity'
  | 'rate'
  | 'invalidRate'
  | 'pingInterval'
  | 'timeout';

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
const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown) =>
    isObject(value) && names.every((name) => isFunction(Reflect.get(value, name)));
const isText = (value: unknown) => typeof value === 'string';
const isPositive = (value: unknown) => Number.isFinite(value) && (value as number) > 0;
const isCount = (value: unknown) =>
  value === Infinity || (Number.isInteger(value) && (value as number) > 0);

/** `scheme://host`, as browsers send it. An origin with a path, even `/`, would never match. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/i;
const isOrigin = (value: unknown) =>
  value === null ||
  value === 'null' ||
  value === 'same-host' ||
  (typeof value === 'string' && ORIGIN.test(value));

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
  host: ['a string', isText],
  server: [
    'an http or https server',
    (server: Server) => isObject(server) && isFunction(server.on),
  ],
  path: [
    "a function, or a path that begins with '/' and has no query",
    (path: UpgradePath) => isFunction(path) || (isText(path) && /^\/[^?#]*$/.test(path)),
  ],
  origins: [
    "a function, or a list of 'same-host', null and origins such as 'https://example.com', without a path or a slash at the end",
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
  if (!isObject(options))
    throw new TypeError(`The options must be an object, not ${describe(options)}.`);
  checkNames(options);
  const given = checkValues(options);
  if (options.port !== undefined && options.server)
    throw new TypeError('port and server cannot be used together: leave out one of them.');
  const presence = options.presence ?? memoryPresence();
  const settings = { ...DEFAULTS, ...given, presence } as Settings<Identity, In, Out>;
  if (settings.timeout <= settings.pingInterval)
    throw new TypeError(
      'timeout must be longer than pingInterval: no client could answer a ping in time.',
    );
  return settings;
}

function checkNames(options: object): void {
  const known = Object.keys(RULES);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(RULES, name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest ? `: did you mean ${nearest}?` : '.';
    throw new TypeError(
      `${name} is not an option of a server${hint} The options are ${known.join(', ')}.`,
    );
  }
}

/** Checks the options. Returns those that are not undefined. */
function checkValues(options: object): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, [expected, isValid]] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined) continue;
    if (!isValid(value as never))
      throw new TypeError(`${name} must be ${expected}, not ${describeOption(name, value)}.`);
    given[name] = value;
  }
  return given;
}
