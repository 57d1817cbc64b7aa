import type { ConnectionOptions } from '../../src/core/options/options.ts';

const nonDurations = [-1, Number.NaN, Infinity, -Infinity, '10', '', 10n, null, true, {}];
const nonPeriods = [0, ...nonDurations];
const nonCounts = [-1, Number.NaN, '10', null, true];
const nonSwitches = [null, 1, 'true', [], ['ping'], () => {}];
const nonFunctions = [null, 1, 'x', {}, true];

/** Values that an option does not take, by the name of the option in the error. */
export const WRONG: Record<string, readonly unknown[]> = {
  url: [7, true, Symbol('url'), {}, [], /x/, new Map(), { url: 'ws://a' }],
  protocols: [7, true, null, {}, new Set(['a']), ['a', 7], [null], [['a']]],
  scope: [7, null, {}],
  heartbeat: nonSwitches,
  'heartbeat.interval': nonPeriods,
  'heartbeat.timeout': nonPeriods.filter((value) => value !== Infinity),
  'heartbeat.ping': [7, true, {}, [1]],
  'heartbeat.pong': [7, null, {}],
  'heartbeat.reply': nonFunctions,
  'heartbeat.leave': [7, true, () => {}],
  reconnect: nonSwitches,
  'reconnect.minDelay': nonDurations,
  'reconnect.baseDelay': nonDurations,
  'reconnect.maxDelay': nonDurations,
  'reconnect.maxAttempts': nonCounts,
  'reconnect.stableAfter': nonDurations,
  'reconnect.shouldReconnect': nonFunctions,
  outbox: nonSwitches,
  'outbox.maxMessages': nonCounts,
  'outbox.maxBytes': nonCounts,
  'outbox.overflow': ['drop', 'string', null, 0, true],
  connectTimeout: nonPeriods,
  closeTimeout: nonDurations,
  linger: nonDurations,
  binaryType: ['buffer', 'string', null, 0],
  codec: [null, 1, [], {}, { encode: String }, { encode: 1, decode: 1 }],
  topics: [null, 1, [], () => {}],
  handshake: nonFunctions,
  WebSocket: [null, 1, 'ws', {}, () => {}, async () => {}, Math.max, { method() {} }.method],
  clock: [null, 1, [], () => {}],
  signals: nonFunctions,
  random: nonFunctions,
  onOpen: nonFunctions,
  onMessage: nonFunctions,
  onClose: nonFunctions,
  onError: nonFunctions,
  onFlush: nonFunctions,
  onDrop: nonFunctions,
};

/** Options with one value, for a name like `heartbeat.interval`. */
export function withOption(name: string, value: unknown): ConnectionOptions {
  const [outer = '', inner] = name.split('.');
  return { [outer]: inner ? { [inner]: value } : value };
}
