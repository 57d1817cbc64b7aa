import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { INITIAL } from '../../../src/core/machine/initial.ts';
import {
  type Context,
  type Effect,
  type Event,
  type Policy,
  type State,
} from '../../../src/core/machine/state.ts';
import { transition } from '../../../src/core/machine/transition.ts';
import { resolveOptions } from '../../../src/core/options/settings.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import type { Cause } from '../../../src/core/machine/cause.ts';

const NOW = 10_000;
const A = 'ws://a.test/';

const policy = (options: ConnectionOptions = {}): Policy =>
  resolveOptions({ url: A, heartbeat: true, random: () => 0.5, ...options });

/** The result of one event at the time `now`. */
function step(
  state: State,
  event: Event,
  now = NOW,
  options?: ConnectionOptions,
  { lastHeardAt = 0, buffered = 0, isPrerendering = false }: Partial<Context> = {},
): [State, Effect[]] {
  const [next, ...effects] = transition(state, event, {
    now,
    lastHeardAt,
    buffered,
    isPrerendering,
    policy: policy(options),
  });
  return [next, effects];
}

const closedWith = (code: number): Cause => ({ kind: 'close', code, reason: '', wasClean: true });
const broken = closedWith(1006);
const requested: Cause = { kind: 'requested' };

/** Held by a component. */
const idle: State = { ...INITIAL, scope: A, isHeld: true };
const connecting: State = {
  ...idle,
  status: 'connecting',
  since: NOW - 10_000,
  deadline: NOW,
};
const open: State = { ...idle, status: 'open', since: NOW, deadline: NOW };
const waiting: State = {
  ...idle,
  status: 'waiting',
  attempt: 1,
  cause: broken,
  since: NOW - 1_000,
  deadline: NOW,
};
const prerendered: State = { ...idle, status: 'connecting', since: NOW, deadline: Infinity };

/** All statuses, and the variants of one that react differently. Each is at its deadline. */
const STATES = {
  idle,
  off: { ...idle, scope: null },
  connecting,
  handshaking: { ...connecting, status: 'handshaking' },
  prerendered,
  open,
  probing: { ...open, probe: 'scheduled', probedAt: NOW, pingedAt: NOW },
  waiting,
  parked: { ...waiting, deadline: Infinity },
  closing: { ...idle, status: 'closing', since: NOW - 3_000, deadline: NOW },
  closed: { ...idle, status: 'closed', cause: requested },
  failed: { ...idle, status: 'closed', cause: closedWith(1002) },
} satisfies Record<string, State>;

const EVENTS = {
  retain: { type: 'retain' },
  release: { type: 'release' },
  lingered: { type: 'lingered' },
  open: { type: 'open' },
  reconnect: { type: 'reconnect' },
  close: { type: 'close', code: 1000, reason: '' },
  target: { type: 'target' },
  newScope: { type: 'newScope' },
  'newScope without a url': { type: 'newScope' },
  'resolved as before': { type: 'resolved', scope: A },
  'resolved in another scope': { type: 'resolved', scope: 'ws://b.test/' },
  'resolved to no url': { type: 'resolved', scope: null },
  opened: { type: 'opened' },
  'opened, with a handshake': { type: 'opened' },
  ready: { type: 'ready' },
  lost: { type: 'lost', cause: broken },
  'lost by a final code': { type: 'lost', cause: closedWith(1002) },
  'lost for good': { type: 'lost', cause: broken, isFinal: true },
  configure: { type: 'configure' },
  frame: { type: 'frame' },
  pong: { type: 'pong' },
  pingFailed: { type: 'pingFailed' },
  deadline: { type: 'deadline' },
  wake: { type: 'wake' },
  online: { type: 'online' },
  offline: { type: 'offline' },
  visible: { type: 'visible' },
  pagehide: { type: 'pagehide' },
  pageshow: { type: 'pageshow' },
} satisfies Record<string, Event>;

/** The options for events whose result depends on them. */
const OPTIONS: { [name in keyof typeof EVENTS]?: ConnectionOptions } = {
  newScope: { url: 'ws://b.test/' },
  'newScope without a url': { url: null },
  'opened, with a handshake': { handshake() {} },
};

/** Fails to compile while an event of the machine is missing above. */
type Missing = Exclude<Event['type'], (typeof EVENTS)[keyof typeof EVENTS]['type']>;
const nothingIsMissing: [Missing] extends [never] ? true : Missing = true;

/** What happens to each state at each event: from which states it leads where, and its effects. */
type Table = Record<keyof typeof EVENTS, Record<string, string>>;

/**
 * A connection with a holder. `end!` is a final end, and `same` means that the status stays, without an effect.
 */
const HELD: Table = {
  retain: {
    'idle off': 'connecting: connect',
    'connecting handshaking prerendered open probing waiting parked closing closed failed': 'same',
  },
  release: {
    failed: 'idle:',
    'idle off connecting handshaking prerendered open probing waiting parked closing closed':
      'same',
  },
  lingered: {
    'idle off connecting handshaking prerendered open probing waiting parked closing closed failed':
      'same',
  },
  open: {
    'idle off closed failed': 'connecting: connect',
    closing: 'connecting: end connect',
    'connecting handshaking prerendered open probing waiting parked': 'same',
  },
  reconnect: {
    'idle off closed failed connecting handshaking prerendered waiting parked':
      'connecting: connect',
    'closing open probing': 'connecting: end connect',
  },
  close: {
    idle: 'closed: dropOutbox',
    failed: 'closed:',
    'open probing': 'closing: close dropOutbox',
    'connecting handshaking prerendered waiting parked': 'closed: end! dropOutbox',
    'off closing closed': 'same',
  },
  target: {
    'idle off failed connecting handshaking prerendered waiting parked': 'connecting: connect',
    'open probing': 'connecting: end connect',
    'closing closed': 'same',
  },
  newScope: {
    'idle off closed failed connecting handshaking prerendered waiting parked':
      'connecting: enterScope connect',
    'open probing': 'connecting: end enterScope connect',
    closing: 'connecting: end! enterScope connect',
  },
  'newScope without a url': {
    idle: 'off: enterScope dropOutbox',
    'closed failed': 'off: enterScope',
    off: 'same',
    closing: 'off: end! enterScope',
    'connecting handshaking prerendered open probing waiting parked':
      'off: end! enterScope dropOutbox',
  },
  'resolved as before': {
    'idle off connecting handshaking prerendered open probing waiting parked closing closed failed':
      'same',
  },
  'resolved in another scope': {
    connecting: 'connecting: enterScope',
    prerendered: 'prerendered: enterScope',
    'handshaking idle off open probing waiting parked closing closed failed': 'same',
  },
  'resolved to no url': {
    'connecting prerendered': 'off: end! enterScope dropOutbox',
    'handshaking idle off open probing waiting parked closing closed failed': 'same',
  },
  opened: {
    'connecting prerendered': 'open: announceOpen',
    'handshaking idle off open probing waiting parked closing closed failed': 'same',
  },
  'opened, with a handshake': {
    'connecting prerendered': 'handshaking: handshake',
    'idle off handshaking open probing waiting parked closing closed failed': 'same',
  },
  ready: {
    handshaking: 'open: announceOpen',
    'idle off connecting prerendered open probing waiting parked closing closed failed': 'same',
  },
  lost: {
    'connecting handshaking prerendered open probing': 'waiting: end',
    closing: 'closed: end!',
    'idle off waiting parked closed failed': 'same',
  },
  'lost by a final code': {
    'connecting handshaking prerendered open probing': 'failed: end! dropOutbox',
    closing: 'closed: end!',
    'idle off waiting parked closed failed': 'same',
  },
  'lost for good': {
    'connecting handshaking prerendered open probing': 'failed: end! dropOutbox',
    closing: 'closed: end!',
    'idle off waiting parked closed failed': 'same',
  },
  configure: {
    'open probing idle off connecting handshaking prerendered waiting parked closing closed failed':
      'same',
  },
  frame: {
    probing: 'open:',
    'idle off connecting handshaking prerendered open waiting parked closing closed failed': 'same',
  },
  pong: {
    probing: 'open:',
    'idle off connecting handshaking prerendered open waiting parked closing closed failed': 'same',
  },
  pingFailed: {
    probing: 'open:',
    'open idle off connecting handshaking prerendered waiting parked closing closed failed': 'same',
  },
  deadline: {
    'connecting handshaking': 'waiting: end',
    open: 'probing: ping',
    probing: 'connecting: end connect',
    waiting: 'connecting: connect',
    closing: 'closed: end!',
    'idle off prerendered parked closed failed': 'same',
  },
  wake: {
    'open probing': 'probing: ping',
    // A wait whose deadline has come cannot be shortened.
    waiting: 'same',
    'idle off connecting handshaking prerendered parked closing closed failed': 'same',
  },
  online: {
    'open probing': 'probing: ping',
    // A wait whose deadline has come cannot be shortened.
    waiting: 'same',
    'idle off connecting handshaking prerendered parked closing closed failed': 'same',
  },
  offline: {
    'open probing': 'probing: ping',
    'idle off connecting handshaking prerendered waiting parked closing closed failed': 'same',
  },
  visible: {
    'open probing': 'probing: ping',
    // A wait whose deadline has come cannot be shortened.
    waiting: 'same',
    'idle off connecting handshaking prerendered parked closing closed failed': 'same',
  },
  pagehide: {
    'connecting handshaking prerendered open probing': 'parked: end',
    waiting: 'parked:',
    'idle off parked closing closed failed': 'same',
  },
  pageshow: {
    'prerendered parked': 'connecting: connect',
    'idle off connecting handshaking open probing waiting closing closed failed': 'same',
  },
};

/** The same for a connection that has no holder any more: no attempt follows. All events that are missing do the same. */
const RELEASED: Partial<Table> = {
  retain: {
    'idle off failed': 'connecting: connect',
    'connecting handshaking prerendered open probing waiting parked closing closed': 'same',
  },
  lingered: {
    'connecting handshaking prerendered open probing waiting parked': 'idle: end!',
    'idle off closing closed failed': 'same',
  },
  target: {
    'connecting handshaking prerendered open probing waiting parked': 'idle: end!',
    'off failed': 'idle:',
    'idle closing closed': 'same',
  },
  newScope: {
    'connecting handshaking prerendered open probing waiting parked closing':
      'idle: end! enterScope',
    'idle off closed failed': 'idle: enterScope',
  },
  lost: {
    'connecting handshaking prerendered open probing': 'idle: end!',
    closing: 'closed: end!',
    'idle off waiting parked closed failed': 'same',
  },
  deadline: {
    'connecting handshaking probing waiting': 'idle: end!',
    open: 'probing: ping',
    closing: 'closed: end!',
    'idle off prerendered parked closed failed': 'same',
  },
  pagehide: {
    'connecting handshaking prerendered open probing waiting parked': 'idle: end!',
    'idle off closing closed failed': 'same',
  },
  pageshow: {
    'connecting handshaking prerendered open probing waiting parked': 'idle: end!',
    'idle off closing closed failed': 'same',
  },
};

/** The name of a state in the table. */
function nameOf({ status, scope, probe, deadline, cause }: State): keyof typeof STATES {
  if (status === 'idle' && scope === null) return 'off';
  if (status === 'open' && probe) return 'probing';
  if (status === 'waiting' && deadline === Infinity) return 'parked';
  if (status === 'connecting' && deadline === Infinity) return 'prerendered';
  if (status === 'closed' && cause?.kind !== 'requested') return 'failed';
  return status;
}

const shortName = ([name, , final]: Effect) => (name === 'end' && final ? 'end!' : name);

/** Whether only the holders and the times of the deadlines differ. */
const isSameLink = (
  { isHeld: _1, deadline: _2, ...a }: State,
  { isHeld: _3, deadline: _4, ...b }: State,
) => isDeepStrictEqual(a, b);

/** The result of an event, as in the table. */
function outcome(state: State, name: keyof typeof EVENTS): string {
  const [next, effects] = step(state, EVENTS[name], NOW, OPTIONS[name]);
  const isSame = nameOf(next) === nameOf(state) && isSameLink(next, state);
  if (isSame && effects.length === 0) return 'same';
  return [`${nameOf(next)}:`, ...effects.map(shortName)].join(' ');
}

describe('in every status, every event has its result', () => {
  for (const [isHeld, table] of [[true, HELD] as const, [false, RELEASED] as const])
    for (const eventName of Object.keys(table) as (keyof Table)[])
      for (const [stateName, state] of Object.entries(STATES)) {
        const expected = Object.entries(table[eventName] ?? {})
          .filter(([states]) => states.split(' ').includes(stateName))
          .map(([, result]) => result);
        const name = `${isHeld ? '' : 'released, '}${stateName} + ${eventName}`;
        test(`${name} → ${expected.join(' and ') || 'no row in the table'}`, () =>
          expect([outcome({ ...state, isHeld }, eventName)]).toEqual(expected));
      }

  test('the table has every event of the machine', () => expect(nothingIsMissing).toBe(true));

  test('only an idle connection is without a scope', () => {
    const all = Object.keys(EVENTS) as (keyof typeof EVENTS)[];
    const after = Object.values(STATES).flatMap((state) =>
      all.map((name) => step(state, EVENTS[name], NOW, OPTIONS[name])[0]),
    );
    expect(after.filter(({ scope, status }) => scope === null && status !== 'idle')).toEqual([]);
  });
});

describe('attempts', () => {
  const [started, effects] = step(idle, { type: 'open' });

  test('the first one starts without failures and makes a socket', () => {
    expect(started).toEqual({ ...connecting, since: NOW, deadline: NOW + 10_000 });
    expect(effects).toEqual([['connect']]);
  });

  test('one that takes longer than connectTimeout fails with the cause timeout', () =>
    expect(step(started, EVENTS.deadline, NOW + 10_000)[0]).toMatchObject({
      status: 'waiting',
      attempt: 1,
      cause: { kind: 'timeout', phase: 'connect' },
    }));

  test('a timer that fires before the deadline changes nothing', () =>
    expect(step(started, EVENTS.deadline, NOW + 9_999)).toEqual([started, []]));

  test('the delay grows with the number of failures', () => {
    let state = connecting;
    const delays = [];
    for (let now = NOW; delays.length < 6; now = state.deadline) {
      [state] = step(state, EVENTS.lost, now);
      delays.push(state.deadline - now);
      [state] = step(state, EVENTS.deadline, state.deadline);
      expect(state).toMatchObject({ status: 'connecting', attempt: delays.length, cause: broken });
    }
    expect(delays).toEqual([1_750, 3_250, 6_250, 12_250, 15_250, 15_250]);
  });

  test('with a delay of 0 the next one starts in the same step', () => {
    const [state, words] = step(open, EVENTS.lost, NOW, {
      reconnect: { shouldReconnect: () => 0 },
    });
    expect(state.status).toBe('connecting');
    expect(words.map(shortName)).toEqual(['end', 'connect']);
  });

  test('with reconnect: false the first lost link ends the connection', () =>
    expect(step(open, EVENTS.lost, NOW, { reconnect: false })[0]).toMatchObject({
      status: 'closed',
      cause: broken,
    }));

  test('an online signal makes the next one come sooner, never later', () => {
    const due = (deadline: number) => step({ ...waiting, deadline }, EVENTS.online)[0].deadline;
    expect(due(NOW + 20_000)).toBe(NOW + 500);
    expect(due(NOW + 10)).toBe(NOW + 10);
  });

  test('offline does not shorten the wait', () => {
    const wait = { ...waiting, deadline: NOW + 20_000 };
    expect(step(wait, EVENTS.offline)).toEqual([wait, []]);
  });
});

describe('the count of failures', () => {
  const flapping: State = { ...open, attempt: 4, wasRefused: true, cause: broken };

  test('goes on after a link that was open for less than stableAfter', () =>
    expect(step(flapping, EVENTS.lost, NOW + 4_999)[0]).toMatchObject({
      attempt: 5,
      wasRefused: true,
    }));

  test('starts again after a link that was open for stableAfter', () =>
    expect(step(flapping, EVENTS.lost, NOW + 5_000)[0]).toMatchObject({
      attempt: 1,
      wasRefused: false,
    }));

  test('lets a refusal be followed by one more attempt, and ends at the second refusal', () => {
    const refusal: Event = { type: 'lost', cause: closedWith(4401) };
    const [once] = step({ ...connecting, attempt: 7 }, refusal);
    expect(once).toMatchObject({ status: 'waiting', attempt: 8, wasRefused: true });
    const [again] = step(once, EVENTS.deadline, once.deadline);
    expect(step(again, refusal)[0]).toMatchObject({ status: 'closed', cause: closedWith(4401) });
  });

  test('is kept by reconnect() on an open link, with the cause requested', () =>
    expect(step(flapping, EVENTS.target, NOW + 1)[0]).toMatchObject({
      attempt: 4,
      wasRefused: true,
      cause: requested,
    }));

  test('is kept by reconnect() during a wait, with the cause of the wait', () =>
    expect(step(waiting, EVENTS.target)[0]).toMatchObject({
      attempt: 1,
      cause: broken,
    }));

  test('is forgotten in a new scope, with everything else', () =>
    expect(step(flapping, EVENTS.newScope, NOW, { url: 'ws://b.test/' })[0]).toEqual({
      ...connecting,
      scope: 'ws://b.test/',
      since: NOW,
      deadline: NOW + 10_000,
    }));
});

describe('heartbeat', () => {
  const heartbeat = { interval: 1_000, timeout: 400 };
  const beat = (state: State, event: Event, now: number) => step(state, event, now, { heartbeat });
  const due = EVENTS.deadline;
  const [fresh] = beat(connecting, EVENTS.opened, NOW);
  /** The probe that follows the opening is answered. */
  const resting: State = { ...fresh, probedAt: NOW, deadline: NOW + 1_000 };
  const [probing] = beat(resting, due, NOW + 1_000);

  test('without one, an open link has no deadline', () =>
    expect(step(connecting, EVENTS.opened, NOW, { heartbeat: false })[0].deadline).toBe(Infinity));

  test('a ping is due interval after the last one, and its answer timeout later', () => {
    expect(beat(probing, EVENTS.frame, NOW + 1_100)[0].deadline).toBe(NOW + 2_000);
    expect(probing).toMatchObject({ probe: 'scheduled', deadline: NOW + 1_400 });
  });

  test('the first ping is sent soon after the opening, so that the latency is known (fault 75)', () => {
    expect(fresh).toMatchObject({ probe: null, deadline: NOW + 100 });
    const [probed, effects] = beat(fresh, due, NOW + 100);
    expect(effects).toEqual([['ping']]);
    expect(beat(probed, EVENTS.pong, NOW + 130)[0].latency).toBe(30);
  });

  test('the first ping waits until the send buffer is empty, at most one interval (fault 75)', () => {
    const busy = (state: State, now: number) =>
      step(state, due, now, { heartbeat }, { buffered: 1 });
    const [still, effects] = busy(fresh, NOW + 100);
    expect([still.deadline, effects]).toEqual([NOW + 200, []]);
    expect(busy(still, NOW + 1_000)[1]).toEqual([['ping']]);
  });

  test('silence until the deadline ends the link, and the next attempt starts at once (fault 21)', () => {
    const [next, effects] = beat(probing, due, NOW + 1_400);
    expect(next).toMatchObject({
      status: 'connecting',
      attempt: 1,
      cause: { kind: 'timeout', phase: 'heartbeat' },
    });
    expect(effects.map(shortName)).toEqual(['end', 'connect']);
  });

  test('a dead peer counts as a failed attempt for the reconnect options (fault 21)', () => {
    const end = (reconnect: ConnectionOptions['reconnect']) =>
      step(probing, due, NOW + 1_400, { heartbeat, reconnect })[0];
    expect(end(false).status).toBe('closed');
    expect(end({ maxAttempts: 0 }).status).toBe('closed');
    expect(end({ shouldReconnect: () => false }).status).toBe('closed');
    expect(end({ shouldReconnect: () => 70 })).toMatchObject({
      status: 'waiting',
      deadline: NOW + 1_470,
    });
  });

  test('any frame counts as an answer to the ping (fault 24)', () =>
    expect(beat(probing, EVENTS.frame, NOW + 1_100)[0]).toMatchObject({
      probe: null,
      latency: null,
      deadline: NOW + 2_000,
    }));

  test('frames do not delay the next ping (fault 25)', () =>
    expect(beat(resting, EVENTS.frame, NOW + 900)).toEqual([resting, []]));

  test('a pong sets the latency, whether or not a frame came before it', () => {
    expect(beat(probing, EVENTS.pong, NOW + 1_030)[0]).toMatchObject({
      probe: null,
      latency: 30,
      deadline: NOW + 2_000,
    });
    const [alive] = beat(probing, EVENTS.frame, NOW + 1_010);
    expect(beat(alive, EVENTS.pong, NOW + 1_030)[0]).toEqual({
      ...alive,
      pingedAt: null,
      latency: 30,
      slowestAnswer: 30,
    });
  });

  test('the first pong is taken as the answer to the first of two pings', () => {
    const [hinted] = beat(probing, EVENTS.online, NOW + 1_100);
    expect(hinted.pingedAt).toBe(NOW + 1_000);
    expect(beat(hinted, EVENTS.pong, NOW + 1_150)[0].latency).toBe(150);
  });

  test('a scheduled ping restarts the measurement of the latency, even if the last ping was not answered', () => {
    const [alive] = beat(probing, EVENTS.frame, NOW + 1_100);
    const [again] = beat(alive, due, NOW + 2_000);
    expect(beat(again, EVENTS.pong, NOW + 2_040)[0].latency).toBe(40);
  });

  test('a pong without a ping changes nothing', () =>
    expect(beat(resting, EVENTS.pong, NOW + 500)).toEqual([resting, []]));

  test('a ping that could not be made expects no pong', () => {
    const [rested] = beat(probing, EVENTS.pingFailed, NOW + 1_000);
    expect(rested).toMatchObject({ probe: null, pingedAt: null, deadline: NOW + 2_000 });
  });

  test('a timer up to half a second late still ends the link', () => {
    const statusAfter = (late: number) => beat(probing, due, NOW + 1_400 + late)[0].status;
    expect([statusAfter(500), statusAfter(501)]).toEqual(['connecting', 'open']);
  });

  test('a timer more than half a second late sends another ping before it ends the link (fault 27)', () => {
    const [again, effects] = beat(probing, due, NOW + 60_000);
    expect(effects).toEqual([['ping']]);
    expect(again).toMatchObject({ status: 'open', deadline: NOW + 60_400 });
    expect(beat(again, due, NOW + 120_000)[0].status).toBe('connecting');
  });

  /** A link whose slowest answer took so long. */
  const answered = (slowestAnswer: number): State => ({ ...open, latency: 1, slowestAnswer });

  test('a signal of the page sends a ping at once and waits 3 s for the answer, at most timeout', () => {
    const [hinted, effects] = step(answered(100), EVENTS.offline);
    expect(hinted).toMatchObject({ probe: 'hint', deadline: NOW + 3_000 });
    expect(effects).toEqual([['ping']]);
    expect(beat(answered(100), EVENTS.wake, NOW)[0].deadline).toBe(NOW + 400);
  });

  test('after a signal a slow link gets twice the time of its slowest answer, at most timeout (fault 64)', () => {
    const patience = (state: State) => step(state, EVENTS.visible)[0].deadline - NOW;
    expect([answered(1_500), answered(4_000), answered(6_000)].map(patience)).toEqual([
      3_000, 8_000, 10_000,
    ]);
  });

  test('after a signal a link that has not answered yet gets the whole timeout (fault 64)', () =>
    expect(step(open, EVENTS.online)[0].deadline).toBe(NOW + 10_000));

  test('after a signal a link with patience gets as long as for a scheduled ping, however quick its answers were (faults 63, 64)', () =>
    expect(beat({ ...answered(10), patience: 1 }, EVENTS.visible, NOW)[0].deadline).toBe(
      NOW + 1_200,
    ));

  test('more signals do not extend the 3 s', () => {
    const [hinted] = step(answered(100), EVENTS.visible);
    expect(step(hinted, EVENTS.online, NOW + 2_000)).toEqual([hinted, []]);
    expect(step(hinted, due, NOW + 3_000)[0].status).toBe('connecting');
  });

  test('a signal while a scheduled ping is unanswered sends another ping', () =>
    expect(step(probing, EVENTS.online)[1]).toEqual([['ping']]));

  test('with ping: null nothing is sent, and a silence of interval + timeout ends the link', () => {
    const listening = { heartbeat: { ...heartbeat, ping: null } };
    const lastHeardAt = NOW + 600;
    const silence = (state: State, now: number) =>
      step(state, due, now, listening, { lastHeardAt });
    const [still] = silence(resting, NOW + 1_000);
    expect(still).toMatchObject({ probe: null, deadline: lastHeardAt + 1_000 });
    const [quiet, effects] = silence(still, lastHeardAt + 1_000);
    expect(effects).toEqual([]);
    expect(quiet.deadline).toBe(lastHeardAt + 1_400);
    expect(silence(quiet, lastHeardAt + 1_400)[0]).toMatchObject({
      status: 'connecting',
      attempt: 1,
    });
  });

  test('with ping: null a late timer waits interval + timeout again (fault 27)', () => {
    const listening = { heartbeat: { ...heartbeat, ping: null } };
    const [second] = step(probing, due, NOW + 60_000, listening);
    expect(second).toMatchObject({ status: 'open', deadline: NOW + 61_400 });
  });

  test('with ping: null a signal of the page sends nothing', () => {
    const listening = { heartbeat: { ...heartbeat, ping: null } };
    expect(step(open, EVENTS.online, NOW, listening)).toEqual([open, []]);
  });

  test('the heartbeat can be switched on and off while the link is open', () => {
    const [off] = step(probing, EVENTS.configure, NOW + 1_100, { heartbeat: false });
    expect(off).toMatchObject({ status: 'open', probe: null, deadline: Infinity });
    expect(beat(off, EVENTS.configure, NOW + 1_500)[0].deadline).toBe(NOW + 2_000);
  });

  test('times that change again and again do not put off the next ping (fault 62)', () => {
    let state = resting;
    for (let now = NOW; now < NOW + 900; now += 10)
      [state] = step(state, EVENTS.configure, now, {
        heartbeat: { interval: 1_000 + (now % 20), timeout: 400 },
      });
    expect(state.deadline).toBeLessThanOrEqual(NOW + 1_010);
  });

  test('a changed timeout counts from when the ping was sent (faults 61, 62)', () => {
    const patience = (timeout: number) =>
      step(probing, EVENTS.configure, NOW + 1_300, { heartbeat: { interval: 1_000, timeout } })[0]
        .deadline;
    expect([100, 700].map(patience)).toEqual([NOW + 1_100, NOW + 1_700]);
  });
});

describe('patience', () => {
  const heartbeat = { interval: 1_000, timeout: 400, maxTimeout: 5_000 };
  const beat = (state: State, event: Event, now: number) =>
    step(state, event, now, { heartbeat })[0];

  /** How long each of the next links waits for the answer to its ping, if none comes. */
  function waits(state: State, count: number): [number[], State] {
    const times = [];
    let next = state;
    for (let now = NOW; times.length < count; now = next.since) {
      const opened = beat({ ...next, status: 'connecting' }, EVENTS.opened, now);
      const probing = beat(opened, EVENTS.deadline, opened.deadline);
      times.push(probing.deadline - opened.deadline);
      next = beat(probing, EVENTS.deadline, probing.deadline);
    }
    return [times, next];
  }

  /** An open link that has answered so many pings in the given time. */
  function afterAnswers(state: State, count: number, time: number): State {
    let next = beat({ ...state, status: 'connecting' }, EVENTS.opened, NOW);
    for (let answers = 0; answers < count; answers++) {
      next = beat(next, EVENTS.deadline, next.deadline);
      next = beat(next, EVENTS.frame, (next.probedAt ?? 0) + time);
    }
    return next;
  }

  test('each link that the heartbeat ends gives the next one three times as long, up to maxTimeout (fault 63)', () =>
    expect(waits(connecting, 5)[0]).toEqual([400, 1_200, 3_600, 5_000, 5_000]));

  test('a link that is lost in another way gives the next one no more time (fault 63)', () => {
    const lost = beat(open, EVENTS.lost, NOW);
    expect(waits(lost, 1)[0]).toEqual([400]);
  });

  test('three answers in a row within timeout bring the plain timeout back (fault 63)', () => {
    const [, dead] = waits(connecting, 2);
    expect(afterAnswers(dead, 2, 400).patience).toBe(2);
    expect(afterAnswers(dead, 3, 400).patience).toBe(0);
    expect(afterAnswers(dead, 9, 401).patience).toBe(2);
  });

  test('a link that dies again with the plain timeout needs twice as many quick answers (fault 63)', () => {
    let state = connecting;
    for (const needed of [3, 6, 12, 24, 48, 96, 96]) {
      const [, dead] = waits(state, 1);
      expect(afterAnswers(dead, needed - 1, 1).patience).toBe(1);
      state = { ...afterAnswers(dead, needed, 1), status: 'connecting' };
      expect(state.patience).toBe(0);
    }
  });

  test('a slow answer between quick ones starts the count again (fault 63)', () => {
    const [, dead] = waits(connecting, 2);
    const slow = afterAnswers(afterAnswers(dead, 2, 1), 1, 401);
    expect(afterAnswers(slow, 2, 1).patience).toBe(2);
    expect(afterAnswers(slow, 3, 1).patience).toBe(0);
  });

  test('with ping: null, three intervals in which frames arrive bring it back (fault 63)', () => {
    const listening = { heartbeat: { ...heartbeat, ping: null } };
    let state: State = { ...open, patience: 2 };
    for (let count = 0; count < 3; count++) {
      const lastHeardAt = state.deadline - 1;
      [state] = step(state, EVENTS.deadline, state.deadline, listening, { lastHeardAt });
    }
    expect(state.patience).toBe(0);
  });

  test('a maxTimeout below timeout does not make timeout shorter (fault 63)', () =>
    expect(
      step({ ...open, patience: 3 }, EVENTS.deadline, NOW, {
        heartbeat: { timeout: 400, maxTimeout: 100 },
      })[0].deadline,
    ).toBe(NOW + 400));

  test('is kept while the connection goes on, and forgotten when it ends (fault 63)', () => {
    const patient: State = { ...open, patience: 2 };
    expect(beat(patient, EVENTS.reconnect, NOW + 60_000).patience).toBe(2);
    expect(beat(patient, EVENTS.lost, NOW + 60_000).patience).toBe(2);
    expect(beat(patient, EVENTS.close, NOW).patience).toBe(0);
    expect(beat(patient, EVENTS.newScope, NOW).patience).toBe(0);
  });
});

describe('the end of a token', () => {
  const ended = (code: number, now: number, reconnect?: ConnectionOptions['reconnect']) =>
    step(open, { type: 'lost', cause: closedWith(code) }, now, { reconnect })[0];

  test.each([4401, 3000])(
    '%i on a stable link is no failure: one attempt within a second (fault 73)',
    (code) => {
      const asked: unknown[] = [];
      const shouldReconnect = (...args: unknown[]) => asked.push(args) > 0;
      expect(ended(code, NOW + 5_000, { shouldReconnect })).toEqual({
        ...waiting,
        attempt: 0,
        cause: closedWith(code),
        since: NOW + 5_000,
        deadline: NOW + 5_500,
      });
      expect(asked).toEqual([]);
    },
  );

  test('the next refusal may be followed by one more attempt (fault 73)', () => {
    const refusal: Event = { type: 'lost', cause: closedWith(4401) };
    const again = { ...ended(4401, NOW + 5_000), status: 'connecting' } as State;
    const [once] = step(again, refusal);
    expect(once).toMatchObject({ status: 'waiting', attempt: 1, wasRefused: true });
    expect(step({ ...once, status: 'connecting' }, refusal)[0].status).toBe('closed');
  });

  test('with reconnect: false it ends the connection (fault 73)', () =>
    expect(ended(4401, NOW + 5_000, false).status).toBe('closed'));

  test.each([3000, 4401, 1008, 3003, 4403])(
    '%i on a link that is not stable is a refusal (faults 16, 73)',
    (code) => expect(ended(code, NOW + 4_999)).toMatchObject({ attempt: 1, wasRefused: true }),
  );

  test.each([1008, 3003, 4403])('%i on a stable link is a refusal (faults 16, 73)', (code) =>
    expect(ended(code, NOW + 5_000)).toMatchObject({ attempt: 1, wasRefused: true }),
  );
});

test('a connection that only holders keep open waits for the next one, whatever open() and reconnect() ask (faults 55, 56)', () => {
  for (const type of ['open', 'reconnect'] as const) {
    const ask = (state: State) => step({ ...state, isHeld: false }, { type, needsHolder: true });
    for (const state of [idle, STATES.closed, STATES.failed])
      expect(ask(state)).toEqual([{ ...idle, isHeld: false }, []]);
    expect(ask(waiting)[0].status).toBe(type === 'open' ? 'waiting' : 'idle');
    expect(ask(open)[0].isOpened).toBe(false);
  }
  expect(step(STATES.closed, { type: 'open', needsHolder: true })[0].status).toBe('connecting');
});

describe('options that change', () => {
  const change = (state: State, options: ConnectionOptions, now = NOW) =>
    step(state, EVENTS.configure, now, options);

  test('connectTimeout counts from the start of the attempt (fault 61)', () =>
    expect(change(connecting, { connectTimeout: 12_000 })[0].deadline).toBe(NOW + 2_000));

  test('closeTimeout counts from close() (fault 61)', () =>
    expect(change(STATES.closing, { closeTimeout: 4_000 })[0].deadline).toBe(NOW + 1_000));

  test.each([waiting, { ...waiting, attempt: 0 }])(
    'reconnect: false ends a wait with the cause of the loss (fault 61)',
    (state) => {
      const [next, effects] = change(state, { reconnect: false });
      expect(next).toMatchObject({ status: 'closed', attempt: state.attempt, cause: broken });
      expect(effects).toEqual([['end', broken, true], ['dropOutbox']]);
    },
  );

  test('shouldReconnect is not asked about the end of a token, nor when options change (faults 61, 73)', () => {
    const ofToken: State = {
      ...waiting,
      attempt: 0,
      cause: closedWith(4401),
      since: NOW,
      deadline: NOW + 500,
    };
    const reconnect = { shouldReconnect: () => expect.unreachable() };
    expect(change(ofToken, { reconnect, closeTimeout: 1 })).toEqual([ofToken, []]);
  });

  test('a wait becomes no longer than the delays allow (fault 61)', () => {
    const reconnect = { minDelay: 100, maxDelay: 300 };
    const long: State = { ...waiting, since: NOW, deadline: NOW + 30_000 };
    expect(change(long, { reconnect })[0].deadline).toBe(NOW + 400);
    expect(change({ ...long, deadline: NOW + 1 }, { reconnect })[0].deadline).toBe(NOW + 1);
  });

  test('a page in the back/forward cache goes on waiting (fault 61)', () => {
    expect(change(STATES.parked, { reconnect: { maxDelay: 1 } })).toEqual([STATES.parked, []]);
    expect(change(STATES.parked, { reconnect: false })).toEqual([STATES.parked, []]);
  });

  test('a page that is not shown yet goes on waiting (fault 61)', () =>
    expect(change(prerendered, { connectTimeout: 1 })[0]).toEqual(prerendered));
});

describe('a page that was blocked', () => {
  test('a connect timeout that is noticed late lets events of the socket come first (fault 67)', () => {
    const [extended, effects] = step(connecting, EVENTS.deadline, NOW + 5_000);
    expect([extended.status, extended.deadline, effects]).toEqual(['connecting', NOW + 5_500, []]);
    expect(step(extended, EVENTS.opened, NOW + 5_001)[0].status).toBe('open');
    expect(step(extended, EVENTS.deadline, NOW + 60_000)[0].status).toBe('waiting');
  });
});

describe('a page that is prerendered', () => {
  const hidden = { isPrerendering: true };

  test('no attempt starts before the page is shown (fault 68)', () => {
    const [state, effects] = step(idle, EVENTS.retain, NOW, {}, hidden);
    expect([state, effects]).toEqual([prerendered, []]);
    expect(step(state, EVENTS.reconnect, NOW, {}, hidden)).toEqual([prerendered, []]);
    const [shown, connects] = step(state, EVENTS.pageshow, NOW + 60_000);
    expect(shown).toMatchObject({ status: 'connecting', deadline: NOW + 70_000, attempt: 0 });
    expect(connects).toEqual([['connect']]);
  });
});

describe('holders', () => {
  const nobody = (state: State): State => ({ ...state, isHeld: false });

  test('a connection that gave up is opened by its next holder, if it has no other (fault 74)', () => {
    expect(step(STATES.failed, EVENTS.retain)[0].status).toBe('closed');
    const [next] = step(nobody(STATES.failed), EVENTS.retain);
    expect(next).toMatchObject({ status: 'connecting', isHeld: true, attempt: 0, cause: null });
    expect(step(nobody(STATES.closed), EVENTS.retain)[0]).toEqual(STATES.closed);
  });

  test('a link that is lost during linger is not followed by an attempt, and no policy is asked (fault 55)', () => {
    const shouldReconnect = () => {
      throw new Error('is asked');
    };
    for (const state of [open, connecting, STATES.probing])
      expect(step(nobody(state), EVENTS.lost, NOW, { reconnect: { shouldReconnect } })).toEqual([
        { ...INITIAL, scope: A },
        [['end', broken, true]],
      ]);
  });

  test('a wait that ends during linger is not followed by an attempt (faults 55, 56)', () =>
    expect(step(nobody(waiting), EVENTS.deadline)).toEqual([
      { ...INITIAL, scope: A },
      [['end', requested, true]],
    ]));

  test('a holder that comes back during linger finds the wait as it was (fault 55)', () =>
    expect(step(nobody(waiting), EVENTS.retain)).toEqual([waiting, []]));

  test('a connection that was opened without a holder goes on after a loss (fault 55)', () =>
    expect(step({ ...nobody(open), isOpened: true }, EVENTS.lost)[0].status).toBe('waiting'));

  test('the release of the last one ends the link only after linger', () => {
    expect(step(open, EVENTS.release)).toEqual([nobody(open), []]);
    expect(step(nobody(open), EVENTS.lingered)).toEqual([
      { ...INITIAL, scope: A },
      [['end', requested, true]],
    ]);
    expect(step(open, EVENTS.lingered)).toEqual([open, []]);
  });

  test.each(['connecting', 'waiting', 'parked'] as const)(
    'the end of linger while %s leads to idle without a deadline',
    (name) =>
      expect(step(nobody(STATES[name]), EVENTS.lingered)).toEqual([
        { ...INITIAL, scope: A },
        [['end', requested, true]],
      ]),
  );

  test('open() without a holder keeps the connection open until close()', () => {
    const [opened] = step(nobody(idle), EVENTS.open);
    expect(opened).toMatchObject({ status: 'connecting', isOpened: true });
    expect(step(opened, EVENTS.lingered)).toEqual([opened, []]);
    expect(step(opened, EVENTS.close)[0]).toMatchObject({ status: 'closed', isOpened: false });
  });

  test('open() during linger keeps the connection open without a holder', () => {
    const [opened, effects] = step(nobody(open), EVENTS.open);
    expect([opened, effects]).toEqual([{ ...nobody(open), isOpened: true }, []]);
    expect(step(opened, EVENTS.lingered)).toEqual([opened, []]);
  });

  test('open() and reconnect() of a held connection do not keep it open without its holders', () => {
    for (const event of [EVENTS.open, EVENTS.reconnect])
      expect(step(open, event)[0]).toMatchObject({ isHeld: true, isOpened: false });
  });

  test('open() and reconnect() with a holder do not undo an open() without one', () => {
    for (const event of [EVENTS.open, EVENTS.reconnect])
      expect(step({ ...open, isOpened: true }, event)[0].isOpened).toBe(true);
  });

  test('open() and reconnect() without a url do nothing', () => {
    for (const event of [EVENTS.open, EVENTS.reconnect])
      expect(step(STATES.off, event, NOW, { url: null })).toEqual([STATES.off, []]);
  });

  test('close() without a url undoes open(), so that a later url opens nothing', () => {
    const off = nobody(STATES.off);
    expect(step({ ...off, isOpened: true }, EVENTS.close)).toEqual([off, []]);
  });

  test('a new target replaces the answer of the url function that there is no url', () =>
    expect(step(nobody(STATES.off), EVENTS.target)).toEqual([nobody(idle), []]));

  test('a new target keeps the scope that the url function has set', () => {
    const url = () => 'ws://b.test/';
    expect(step(nobody(idle), EVENTS.target, NOW, { url })).toEqual([nobody(idle), []]);
  });

  test('a new scope opens a held connection, and leaves one without holders idle', () => {
    const url = 'ws://b.test/';
    const enter = (state: State) => step(state, EVENTS.newScope, NOW, { url })[0];
    expect(enter(STATES.closed).status).toBe('connecting');
    expect(enter(nobody(STATES.closed))).toEqual({ ...INITIAL, scope: url });
  });

  test('the first answer of a url function sets the scope and keeps the outbox', () => {
    const unknown: State = { ...connecting, scope: undefined };
    expect(step(unknown, EVENTS['resolved as before'])).toEqual([{ ...unknown, scope: A }, []]);
  });
});

describe('the end', () => {
  test('close() waits for the closing handshake at most closeTimeout', () => {
    const [closing, effects] = step(open, { type: 'close', code: 4000, reason: 'bye' });
    expect(closing).toEqual({ ...STATES.closing, since: NOW, deadline: NOW + 3_000 });
    expect(effects).toContainEqual(['close', 4000, 'bye']);
    expect(step(closing, EVENTS.deadline, NOW + 3_000)[0]).toEqual(STATES.closed);
  });

  test('close() keeps the cause requested, whatever code the server answers with', () =>
    expect(step(STATES.closing, EVENTS.lost)).toEqual([STATES.closed, [['end', requested, true]]]));

  test('close() of a connection that gave up sets the cause to requested', () =>
    expect(step(STATES.failed, EVENTS.close)[0]).toEqual(STATES.closed));
});

describe('the back/forward cache', () => {
  test('pagehide on an open link leads to a wait without a deadline, with the cause 1001 (fault 33)', () =>
    expect(step(open, EVENTS.pagehide, NOW + 1)[0]).toMatchObject({
      status: 'waiting',
      deadline: Infinity,
      attempt: 1,
      cause: { kind: 'close', code: 1001, reason: '', wasClean: false },
    }));

  test('pagehide during a wait keeps the count and the cause', () =>
    expect(step(waiting, EVENTS.pagehide)[0]).toEqual(STATES.parked));
});
