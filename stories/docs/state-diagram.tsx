import { useId } from 'react';
import {
  type Edge,
  type Line,
  machineEdges,
  type Node,
  toLines,
  wordFor,
} from './machine-edges.ts';
import { type Layout, LAYOUTS, type Route } from './state-layout.ts';
import { TableFrame } from './table-frame.tsx';

const EDGES = machineEdges();
const LINES = toLines(EDGES);

/** What the application is told in each state. */
const PUBLIC: Readonly<Record<Node, string>> = {
  idle: 'idle',
  connecting: 'connecting, or reconnecting',
  open: 'open',
  asking: 'open',
  waiting: 'reconnecting',
  closing: 'closing',
  closed: 'closed',
};

const GROUP_NAMES = { wanted: 'wanted', link: 'linked', unwanted: 'not wanted' };

/** The states of a connection, and what leads from one to another: as the machine says. */
export function StateDiagram() {
  return (
    <figure className="docs-figure sb-unstyled">
      <Picture name="wide" layout={LAYOUTS.wide} />
      <Picture name="narrow" layout={LAYOUTS.narrow} />
      <figcaption>
        Drawn from <code>transition()</code> of the machine, asked about every state and every
        event. A line that leaves a frame leaves all states in it. Each line names its main event;
        the table below has all of them.
      </figcaption>
    </figure>
  );
}

function Picture({ name, layout }: { name: string; layout: Layout }) {
  const arrow = useId();
  const [width, height] = layout.box;
  return (
    <svg
      className={`docs-states docs-states-${name}`}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img" // oxlint-disable-line jsx-a11y/prefer-tag-over-role -- an <img> has no colours of the page
      aria-label="The states of a connection and the ways between them, as in the table below."
    >
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0.6 L8 4 L0 7.4 z" />
        </marker>
      </defs>
      {Object.entries(layout.groups).map(([group, [left, top, right, bottom]]) => (
        <g key={group} className="docs-state-group" data-group={group}>
          <rect x={left} y={top} width={right - left} height={bottom - top} rx="14" />
          <text x={right - 12} y={top - 6} textAnchor="end">
            {GROUP_NAMES[group as keyof typeof GROUP_NAMES]}
          </text>
        </g>
      ))}
      {LINES.map((line) => {
        const route = layout.routes[`${line.from} ${line.to}`];
        return (
          route && (
            <Arrow key={`${line.from} ${line.to}`} line={line} route={route} marker={arrow} />
          )
        );
      })}
      {Object.entries(layout.nodes).map(([node, [x, y]]) => (
        <g key={node} className="docs-state" data-node={node}>
          <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="10" />
          <text x={x} y={y} dy="0.35em">
            {node}
          </text>
        </g>
      ))}
    </svg>
  );
}

function Arrow({ line, route, marker }: { line: Line; route: Route; marker: string }) {
  const { way, says, at, anchor = 'middle' } = route;
  const main = line.edges.find(({ event }) => event === says);
  return (
    <g className="docs-state-line" data-line={`${line.from} ${line.to}`}>
      <path d={rounded(way)} markerEnd={`url(#${marker})`} />
      <text x={at[0]} y={at[1]} textAnchor={anchor}>
        {main && wordFor(main)}
      </text>
    </g>
  );
}

/** A path through these points whose corners are round. */
function rounded(way: Route['way']): string {
  const radius = 8;
  return way
    .map(([x, y], n) => {
      const before = way[n - 1];
      const after = way[n + 1];
      if (!before) return `M${x} ${y}`;
      if (!after) return `L${x} ${y}`;
      const toward = ([tx, ty]: readonly [number, number]) =>
        `${x + Math.sign(tx - x) * Math.min(radius, Math.abs(tx - x) / 2)} ${y + Math.sign(ty - y) * Math.min(radius, Math.abs(ty - y) / 2)}`;
      return `L${toward(before)} Q${x} ${y} ${toward(after)}`;
    })
    .join(' ');
}

/** Every edge of the diagram in words. */
export function StateTable() {
  const nodes = Object.keys(PUBLIC) as Node[];
  return (
    <TableFrame label="All transitions">
      <table className="docs-table docs-transitions">
        <thead>
          <tr>
            <th scope="col">in</th>
            <th scope="col">this happens</th>
            <th scope="col">then</th>
          </tr>
        </thead>
        {nodes.map((from) => (
          <tbody key={from}>
            {nodes
              .map((to) => EDGES.filter((edge) => edge.from === from && edge.to === to))
              .filter(([first]) => first)
              .map((edges, n, rows) => (
                <tr key={edges[0]?.to}>
                  {n === 0 && (
                    <th scope="rowgroup" rowSpan={rows.length}>
                      <code>{from}</code>
                      <small>{PUBLIC[from]}</small>
                    </th>
                  )}
                  <td>{words(edges)}</td>
                  <td>
                    <code>{edges[0]?.to}</code>
                    {edges[0]?.to === from && <small>again</small>}
                  </td>
                </tr>
              ))}
          </tbody>
        ))}
      </table>
    </TableFrame>
  );
}

const words = (edges: readonly Edge[]) => [...new Set(edges.map(wordFor))].join(', ');
