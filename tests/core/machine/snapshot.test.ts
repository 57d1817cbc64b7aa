import { expect, test } from 'vitest';
import type { Cause } from '../../../src/core/machine/cause.ts';
import { INITIAL } from '../../../src/core/machine/initial.ts';
import { type State } from '../../../src/core/machine/state.ts';
import {
  IDLE,
  PENDING,
  snapshotOf,
  ReadyState,
  isSame,
} from '../../../src/core/machine/snapshot.ts';

const EPOCH = 1_000_000;
const cause: Cause = { kind: 'timeout', phase: 'connect' };
const failed: State = { ...INITIAL, attempt: 2, cause, deadline: 500.4 };

test.each<[string, State, object]>([
  ['idle', INITIAL, { status: 'idle', readyState: 3 }],
  [
    'a first attempt',
    { ...INITIAL, status: 'connecting', deadline: 500 },
    { status: 'connecting', readyState: 0 },
  ],
  [
    'a later attempt',
    { ...failed, status: 'connecting' },
    { status: 'reconnecting', readyState: 0, attempt: 2, cause },
  ],
  [
    'an open link, also after failures',
    { ...failed, status: 'open', latency: 30, probe: 'scheduled' },
    { status: 'open', readyState: 1, latency: 30 },
  ],
  [
    'a wait',
    { ...failed, status: 'waiting' },
    { status: 'reconnecting', readyState: 3, attempt: 2, cause, retryAt: EPOCH + 500 },
  ],
  [
    'a wait without a deadline',
    { ...failed, status: 'waiting', deadline: Infinity },
    { status: 'reconnecting', readyState: 3, attempt: 2, cause },
  ],
  [
    'the closing handshake',
    { ...INITIAL, status: 'closing', deadline: 500 },
    { status: 'closing', readyState: 2 },
  ],
  [
    'a closed connection',
    { ...INITIAL, status: 'closed', cause },
    { status: 'closed', readyState: 3, cause },
  ],
])('the snapshot of %s is %o', (_, state, shown) =>
  expect(snapshotOf(state, EPOCH)).toEqual({ ...IDLE, ...shown }),
);

test('isSame() compares all fields of two snapshots', () => {
  expect(isSame(IDLE, { ...IDLE })).toBe(true);
  expect(isSame(IDLE, PENDING)).toBe(false);
  expect(isSame(IDLE, { ...IDLE, latency: 0 })).toBe(false);
});

test('PENDING, for a connection about to open, is connecting', () =>
  expect(PENDING).toEqual({ ...IDLE, status: 'connecting', readyState: 0 }));

test('ReadyState has the numbers of the WebSocket standard', () =>
  expect(ReadyState).toEqual({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }));
