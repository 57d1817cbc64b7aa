import type { Cause } from '../../src/core/machine/cause.ts';
import { type Event, INITIAL, OFF, type Policy, type State } from '../../src/core/machine/state.ts';
import { transition } from '../../src/core/machine/transition.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import type { ReconnectOptions } from '../../src/core/options/options.ts';

/** What the diagram shows as one state: a status of the machine, but for what only the machine tells apart. */
export type Node = 'idle' | 'connecting' | 'open' | 'asking' | 'waiting' | 'closing' | 'closed';

/** States that have something in common. */
export type Group = 'wanted' | 'link' | 'unwanted';

/** A step of the machine: an event that leads to another state, or that makes it do something again. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
  readonly event: Event['type'];
}

/** Edges between the same two places, drawn as one. */
export interface Line {
  readonly from: Node | Group;
  readonly to: Node;
  readonly edges: readonly Edge[];
}

/** The node of a state. `off` is an idle connection without a url: for the application they are the same. */
export function nodeOf({ status, asked }: State): Node {
  if (status === 'off') return 'idle';
  return status === 'open' && asked ? 'asking' : status;
}

const NOW = 100_000;
const closedWith = (code: number): Cause => ({ kind: 'close', code, reason: '', wasClean: true });
const broken = closedWith(1006);
const hopeless = closedWith(1002);
const state = (part: Partial<State>): State => ({ ...INITIAL, since: NOW, deadline: NOW, ...part });

const STATES: { readonly [Status in State['status']]: readonly State[] } = {
  idle: [INITIAL],
  off: [OFF],
  connecting: [state({ status: 'connecting' })],
  open: [state({ status: 'open' }), state({ status: 'open', asked: 'schedule' })],
  waiting: [
    state({ status: 'waiting', attempt: 1, cause: broken }),
    state({ status: 'waiting', attempt: 1, cause: broken, deadline: Infinity }),
  ],
  closing: [state({ status: 'closing' })],
  closed: [
    state({ status: 'closed', deadline: Infinity, cause: { kind: 'requested' } }),
    state({ status: 'closed', deadline: Infinity, cause: hopeless }),
  ],
};

const EVENTS: { readonly [Type in Event['type']]: readonly Event[] } = {
  open: [{ type: 'open' }],
  opened: [{ type: 'opened' }],
  deadline: [{ type: 'deadline', heard: 0 }],
  frame: [{ type: 'frame' }],
  pong: [{ type: 'pong', latency: 30 }],
  lost: [
    { type: 'lost', cause: broken },
    { type: 'lost', cause: hopeless },
  ],
  close: [{ type: 'close', code: 1000, reason: '' }],
  reconnect: [{ type: 'reconnect' }],
  redial: [
    { type: 'redial', fresh: false },
    { type: 'redial', fresh: true },
  ],
  release: [{ type: 'release' }],
  disable: [{ type: 'disable' }],
  elsewhere: [{ type: 'elsewhere' }],
  configure: [{ type: 'configure' }],
  wake: [{ type: 'wake' }],
  online: [{ type: 'online' }],
  offline: [{ type: 'offline' }],
  visible: [{ type: 'visible' }],
  pagehide: [{ type: 'pagehide' }],
  pageshow: [{ type: 'pageshow' }],
};

const policy = (reconnect: boolean | ReconnectOptions): Policy =>
  resolveOptions({ heartbeat: true, reconnect });

/** After a failure: as by default, never again, at once, later. */
const POLICIES = [
  policy(true),
  policy(false),
  policy({ shouldReconnect: () => 0 }),
  policy({ shouldReconnect: () => 1_000 }),
];

/** At the deadline, and so late that the whole page must have been held up. */
const TIMES = [NOW, NOW + 1_000];

/** Every edge of the machine, found by asking it about every state and every event. */
export function machineEdges(): Edge[] {
  const edges = new Map<string, Edge>();
  for (const event of Object.values(EVENTS).flat())
    for (const before of Object.values(STATES).flat())
      for (const context of POLICIES)
        for (const now of TIMES) {
          const [after, ...effects] = transition(before, event, { now, policy: context });
          const edge = { from: nodeOf(before), to: nodeOf(after), event: event.type };
          if (edge.from !== edge.to || effects.some(([name]) => name === 'dial' || name === 'ping'))
            edges.set(`${edge.from} ${edge.to} ${edge.event}`, edge);
        }
  return [...edges.values()];
}

/** The larger ones first: what holds for a larger group is not said again of a smaller one. */
const GROUPS: readonly (readonly [Group, readonly Node[]])[] = [
  ['wanted', ['connecting', 'open', 'asking', 'waiting']],
  ['unwanted', ['idle', 'closing', 'closed']],
  ['link', ['open', 'asking']],
];

/** The edges as lines. Where all states of a group have an edge to the same state, one line leaves the group. */
export function toLines(edges: readonly Edge[]): Line[] {
  const lines: Line[] = [];
  let rest = edges;
  const draw = (from: Line['from'], to: Node, members: readonly Node[]) => {
    const own = rest.filter((edge) => edge.to === to && members.includes(edge.from));
    rest = rest.filter((edge) => !own.includes(edge));
    lines.push({ from, to, edges: own });
  };
  for (const [group, members] of GROUPS)
    for (const to of new Set(edges.map((edge) => edge.to)))
      if (
        !members.includes(to) &&
        members.every((from) => rest.some((edge) => edge.from === from && edge.to === to))
      )
        draw(group, to, members);
  for (let [next] = rest; next; [next] = rest) draw(next.from, next.to, [next.from]);
  return lines;
}

/** What happened, in a word or two. */
export function wordFor({ from, to, event }: Edge): string {
  if (to === 'closed' && from !== 'closing' && event !== 'close') return 'given up';
  const word = WORDS[event];
  return typeof word === 'string' ? word : (word[from] ?? event);
}

const WORDS: Readonly<Record<Event['type'], string | Partial<Record<Node, string>>>> = {
  open: 'open()',
  reconnect: 'reconnect()',
  close: 'close()',
  redial: 'another url',
  release: 'no holder',
  disable: 'no url',
  opened: 'opened',
  lost: { connecting: 'failed', open: 'lost', asking: 'lost', closing: 'answered' },
  frame: 'any frame',
  pong: 'pong',
  deadline: {
    connecting: 'time-out',
    open: 'probe',
    asking: 'silence',
    waiting: 'next try',
    closing: 'time-out',
  },
  elsewhere: 'another scope',
  configure: 'other options',
  wake: 'wake',
  online: 'online',
  offline: 'offline',
  visible: 'visible',
  pagehide: 'page hidden',
  pageshow: 'page shown',
};
