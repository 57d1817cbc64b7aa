import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { type Event, INITIAL, type State } from '../../src/core/machine/state.ts';
import { transition } from '../../src/core/machine/transition.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import { machineEdges, type Node, nodeOf, toLines } from '../../stories/docs/machine-edges.ts';
import { StateDiagram, StateTable } from '../../stories/docs/state-diagram.tsx';
import { LAYOUTS } from '../../stories/docs/state-layout.ts';

const lines = toLines(machineEdges()).map(({ from, to, edges }) => ({
  name: `${from} ${to}`,
  edges,
}));

/** The ways between states that the machine takes when it is walked at random, from its first state on. */
function walk(steps: number): Set<string> {
  const kinds = [1000, 1002, 1006, 1008].map(
    (code) =>
      ({ type: 'lost', cause: { kind: 'close', code, reason: '', wasClean: true } }) as const,
  );
  const others =
    'open reconnect release disable elsewhere configure opened frame wake online offline visible pagehide pageshow';
  const events: Event[] = [
    ...kinds,
    ...others.split(' ').map((type) => ({ type }) as Event),
    { type: 'close', code: 1000, reason: '' },
    { type: 'redial', fresh: true },
    { type: 'redial', fresh: false },
    { type: 'pong', latency: 1 },
  ];
  const policies = [true, { maxAttempts: 1 }, { shouldReconnect: () => 0 }].map((reconnect) =>
    resolveOptions({ heartbeat: true, reconnect }),
  );
  let seed = 1;
  const pick = <T,>(list: readonly T[]): T => {
    seed = (seed * 48_271) % 2_147_483_647;
    return list[seed % list.length] as T;
  };
  const ways = new Set<string>();
  let state: State = INITIAL;
  let now = 0;
  for (let step = 0; step < steps; step++) {
    // A deadline passes as often as anything happens; else a link would hardly ever get to its first probe.
    const late = pick([true, false]) && state.deadline < Infinity;
    now = late ? Math.max(now, state.deadline) + pick([0, 2_000]) : now + 10;
    const event: Event = late ? { type: 'deadline', heard: 0 } : pick(events);
    const [next] = transition(state, event, { now, policy: pick(policies) });
    if (nodeOf(next) !== nodeOf(state)) ways.add(`${nodeOf(state)} ${nodeOf(next)}`);
    state = next;
  }
  return ways;
}

describe.each(Object.entries(LAYOUTS))('the %s diagram', (name, layout) => {
  test('has a line for every edge of the machine, and no other', () => {
    const { container } = render(<StateDiagram />);
    const drawn = [...container.querySelectorAll(`.docs-states-${name} [data-line]`)].map(
      (line) => line.getAttribute('data-line') ?? '',
    );
    expect(drawn.toSorted()).toEqual(lines.map((line) => line.name).toSorted());
    expect(Object.keys(layout.routes).toSorted()).toEqual(drawn.toSorted());
  });

  test('names on each line an event that takes this way', () => {
    for (const { name: line, edges } of lines)
      expect(edges.map(({ event }) => event)).toContain(layout.routes[line]?.says);
  });

  test('begins and ends each line at the border of what it connects', () => {
    const [width, height] = layout.box;
    const frameOf = (place: string) => {
      const node = layout.nodes[place as Node] as readonly [number, number] | undefined;
      if (!node) return layout.groups[place as keyof typeof layout.groups];
      const [x, y] = node;
      return [x - width / 2, y - height / 2, x + width / 2, y + height / 2] as const;
    };
    for (const [line, { way }] of Object.entries(layout.routes))
      for (const [n, place] of line.split(' ').entries()) {
        const [x, y] = way.at(-n) ?? [];
        const [left, top, right, bottom] = frameOf(place);
        const onSide = (x === left || x === right) && Number(y) > top && Number(y) < bottom;
        const onEnd = (y === top || y === bottom) && Number(x) > left && Number(x) < right;
        expect(onSide || onEnd, `${line} at ${place}`).toBe(true);
      }
  });
});

test('the table has every edge', () => {
  const { container } = render(<StateTable />);
  const rows = container.querySelectorAll('tbody tr');
  expect(rows).toHaveLength(new Set(machineEdges().map(({ from, to }) => `${from} ${to}`)).size);
});

test('a long walk through the machine takes no way that is not among the edges, and every one that is', () => {
  const known = machineEdges().filter(({ from, to }) => from !== to);
  expect([...walk(100_000)].toSorted()).toEqual(
    [...new Set(known.map(({ from, to }) => `${from} ${to}`))].toSorted(),
  );
});
