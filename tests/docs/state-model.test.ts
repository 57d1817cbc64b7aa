import { expect, test } from 'vitest';
import type { Cause } from '../../src/core/machine/cause.ts';
import { INITIAL } from '../../src/core/machine/initial.ts';
import {
  type Context,
  type Effect,
  type Event,
  type Policy,
  type State,
} from '../../src/core/machine/state.ts';
import { transition } from '../../src/core/machine/transition.ts';
import type { ReconnectOptions } from '../../src/core/options/options.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import picture from '../../docs/images/state-model.svg?raw';

const closedWith = (code: number): Cause => ({ kind: 'close', code, reason: '', wasClean: true });

/** Each event, in each form that can have a different result. */
const EVENTS: { readonly [Type in Event['type']]: readonly Event[] } = {
  retain: [{ type: 'retain' }],
  release: [{ type: 'release' }],
  lingered: [{ type: 'lingered' }],
  open: [{ type: 'open' }],
  reconnect: [{ type: 'reconnect' }],
  close: [{ type: 'close', code: 1000, reason: '' }],
  target: [{ type: 'target' }],
  newScope: [{ type: 'newScope' }],
  configure: [{ type: 'configure' }],
  resolved: ['room A', 'room B', null].map((scope) => ({ type: 'resolved', scope })),
  opened: [{ type: 'opened' }],
  ready: [{ type: 'ready' }],
  lost: [
    ...[1002, 1006, 1008].map((code) => ({ type: 'lost', cause: closedWith(code) }) as const),
    { type: 'lost', cause: { kind: 'error', name: 'Error', message: '' }, isFinal: true },
  ],
  frame: [{ type: 'frame' }],
  pong: [{ type: 'pong' }],
  pingFailed: [{ type: 'pingFailed' }],
  deadline: [{ type: 'deadline' }],
  wake: [{ type: 'wake' }],
  online: [{ type: 'online' }],
  offline: [{ type: 'offline' }],
  visible: [{ type: 'visible' }],
  pagehide: [{ type: 'pagehide' }],
  pageshow: [{ type: 'pageshow' }],
};

/** After a failure: by default, no other attempt, one at once, one later. */
const RECONNECTS: readonly (boolean | ReconnectOptions)[] = [
  true,
  false,
  { shouldReconnect: () => 0 },
  { shouldReconnect: () => 1_000 },
];

/** Scopes of options: one, another, none, and one that only the url function knows. */
const SCOPES: readonly State['scope'][] = ['room A', 'room B', null, undefined];

/** With a handshake function, and without one. */
const HANDSHAKES = [undefined, () => {}];

const POLICIES: readonly Policy[] = SCOPES.flatMap((scope) =>
  RECONNECTS.flatMap((reconnect) =>
    HANDSHAKES.map((handshake) => ({
      ...resolveOptions({ heartbeat: true, reconnect, handshake }),
      scope,
    })),
  ),
);

/** Effects for which a transition that keeps the status has an arrow. */
const hasArrow = ([name]: Effect) => name === 'connect' || name === 'ping';

/** A point of a walk through the machine. */
interface Place {
  readonly state: State;
  readonly now: number;
  /** The scope of the options. */
  readonly scope: State['scope'];
}

const START: Place = { state: INITIAL, now: 0, scope: null };

/** The times and options with which an event can come at a place. */
function contextsFor({ state, now, scope }: Place, { type }: Event): Context[] {
  const due = state.deadline < Infinity ? Math.max(now, state.deadline) : now;
  // At the deadline, and so late that the page must have been blocked.
  const times = type === 'deadline' ? [due, due + 1_000] : [now + 10];
  return POLICIES.filter((policy) => (policy.scope === scope) !== (type === 'newScope')).flatMap(
    (policy) =>
      times.map((time) => ({
        now: time,
        lastHeardAt: 0,
        buffered: 0,
        isPrerendering: false,
        policy,
      })),
  );
}

/** The next place, and the arrow to it in the picture; null if there is none. */
function follow({ state }: Place, event: Event, context: Context): [Place, step: string | null] {
  const [after, ...effects] = transition(state, event, context);
  const isShown = after.status !== state.status || effects.some(hasArrow);
  return [
    { state: after, now: context.now, scope: context.policy.scope },
    isShown ? `${state.status} ${event.type} ${after.status}` : null,
  ];
}

/** The kind of a place, without times and counts. Places of one kind lead to the same kinds. */
function kindOf({ state, scope }: Place): string {
  const { status, isHeld, isOpened, probe, deadline, attempt, wasRefused, cause } = state;
  const scopes = [String(state.scope), String(scope)];
  const past = [attempt > 0, wasRefused, cause?.kind];
  return [status, isHeld, isOpened, ...scopes, probe, deadline === Infinity, ...past].join();
}

/** Every step of the machine, found by trying every event at each kind of place. */
function explore(): ReadonlySet<string> {
  const steps = new Set<string>();
  const kinds = new Set([kindOf(START)]);
  const places = [START];
  for (const place of places)
    for (const event of Object.values(EVENTS).flat())
      for (const context of contextsFor(place, event)) {
        const [next, step] = follow(place, event, context);
        if (step !== null) steps.add(step);
        if (kinds.has(kindOf(next))) continue;
        kinds.add(kindOf(next));
        places.push(next);
      }
  return steps;
}

/** The steps of a random walk through the machine. */
function walk(length: number): ReadonlySet<string> {
  let seed = 1;
  const pick = <T>(list: readonly T[]): T => {
    seed = (seed * 48_271) % 2_147_483_647;
    return list[Math.floor((seed / 2_147_483_647) * list.length)] as T;
  };
  const steps = new Set<string>();
  let place = START;
  for (let n = 0; n < length; n++) {
    // Deadlines and opened links are as frequent as all other events, or lost links would be rare.
    const opened = pick([EVENTS.opened, EVENTS.ready]);
    const forms = pick([EVENTS.deadline, opened, pick(Object.values(EVENTS))]);
    const event = pick(forms);
    const [next, step] = follow(place, event, pick(contextsFor(place, event)));
    if (step !== null) steps.add(step);
    place = next;
  }
  return steps;
}

const steps = explore();
const svg = new DOMParser().parseFromString(picture, 'image/svg+xml');
const words = (element: Element, name: string) =>
  new Set(element.getAttribute(name)?.split(' ') ?? []);

/** The start, the events and the end of each arrow. */
const arrows = [...svg.querySelectorAll('[data-event]')].map((arrow) => ({
  from: words(arrow, 'data-from'),
  events: words(arrow, 'data-event'),
  to: arrow.getAttribute('data-to') ?? '',
  title: arrow.querySelector('title')?.textContent,
}));

test('the picture has a box for each status, and no other', () => {
  const boxes = [...svg.querySelectorAll('[data-status]')].map(
    (box) => [box.getAttribute('data-status'), box.querySelector('text')?.textContent] as const,
  );
  const statuses = new Set([...steps].map((step) => step.split(' ')[0]));
  expect(Object.fromEntries(boxes)).toEqual(
    Object.fromEntries([...statuses].map((status) => [status, status])),
  );
});

test('each arrow has the statuses and events of transitions of the machine', () => {
  const all = [...steps].map((step) => step.split(' ') as [string, string, string]);
  for (const { from, events, to } of arrows) {
    const taken = all.filter(([start, , end]) => from.has(start) && end === to);
    expect({
      from: new Set(taken.map(([start]) => start)),
      events: new Set(taken.map(([, event]) => event)),
      to,
    }).toEqual({ from, events, to });
  }
});

test('every change of status in the machine is one arrow', () => {
  const drawn = arrows.flatMap(({ from, to }) => [...from].map((start) => `${start} ${to}`));
  const ways = new Set([...steps].map((step) => step.replace(/ .* /, ' ')));
  expect(drawn.toSorted()).toEqual([...ways].toSorted());
});

test('the title of each arrow names the statuses at its ends', () => {
  for (const { from, to, title } of arrows)
    expect(title).toContain(`${[...from].join(', ')} → ${to}: `);
});

test('a long random walk through the machine takes exactly the transitions of the picture', () => {
  expect([...walk(1_000_000)].toSorted()).toEqual([...steps].toSorted());
});

/** The status after a lost link, with these options, while somebody holds the connection or nobody does. */
function afterLoss(cause: Cause, reconnect: boolean | ReconnectOptions, isHeld = true) {
  const policy = { ...resolveOptions({ reconnect }), scope: 'room A' };
  const context: Context = { now: 0, lastHeardAt: 0, buffered: 0, isPrerendering: false, policy };
  const take = (state: State, event: Event) => transition(state, event, context)[0];
  const open = ([{ type: 'retain' }, { type: 'opened' }] as const).reduce<State>(take, INITIAL);
  const held = isHeld ? open : take(open, { type: 'release' });
  return take(held, { type: 'lost', cause }).status;
}

test('a lost link ends as the table of its five ends says', () => {
  const silence: Cause = { kind: 'timeout', phase: 'heartbeat' };
  expect([
    afterLoss(closedWith(1006), true, false),
    afterLoss(closedWith(1002), true),
    afterLoss(closedWith(1006), false),
    afterLoss(silence, true),
    afterLoss(closedWith(1006), { shouldReconnect: () => 0 }),
    afterLoss(closedWith(1006), true),
  ]).toEqual(['idle', 'closed', 'closed', 'connecting', 'connecting', 'waiting']);
});
