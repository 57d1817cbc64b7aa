import { expect, test } from 'vitest';
import { nearestName } from '../../../src/core/protocol/nearest-name.ts';

const KNOWN = [
  'heartbeat',
  'reconnect',
  'onOpen',
  'of',
  'heartbeat.interval',
  'reconnect.maxDelay',
];

test.each([
  ['heartbeet', 'heartbeat'],
  ['HEARTBEAT', 'heartbeat'],
  ['onopen', 'onOpen'],
  ['onOpne', 'onOpen'],
  ['heartbeatInterval', 'heartbeat'],
  ['interval', 'heartbeat.interval'],
  ['intervalMs', 'heartbeat.interval'],
  ['delayMax', undefined],
  ['xyz', undefined],
  ['', undefined],
  ['__proto__', undefined],
])('%s is most like %s', (name, nearest) => expect(nearestName(name, KNOWN)).toBe(nearest));

test('of names that are equally like it, the first one is taken', () =>
  expect(nearestName('bat', ['cat', 'rat'])).toBe('cat'));

test('no name is like one of no names', () => expect(nearestName('a', [])).toBeUndefined());
