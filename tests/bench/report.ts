import type { FigureName, Figures } from './figures.ts';
import { FIGURES, medians, NOT_MEASURED, written } from './figures.ts';
import { FLOOR, LIBRARIES } from './libraries/index.ts';
import type { Machine } from './machine.ts';
import type { Scenario, Size } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** The figures of a library with one size of a scenario, of every round. */
export interface Measured {
  readonly scenario: string;
  readonly size: Size;
  readonly library: string;
  readonly rounds: readonly Figures[];
}

/** Finds the medians of a library. */
type Find = (scenario: Scenario, size: Size | undefined, library: string) => Figures | undefined;

/** Figures that are also told as multiples of the floor's. */
const COMPARED: ReadonlySet<FigureName> = new Set(['cpu', 'thread']);

/** What was measured, in Markdown. */
export function report(
  measured: readonly Measured[],
  sizes: ReadonlyMap<string, number>,
  machine: Machine,
): string {
  const find: Find = ({ name }, size, library) => {
    const found = measured.find(
      (one) => one.scenario === name && one.size === size && one.library === library,
    );
    return found && medians(found.rounds);
  };
  const names = LIBRARIES.map(({ name }) => name).filter((name) =>
    measured.some(({ library }) => library === name),
  );
  const scenarios = SCENARIOS.filter(({ name }) =>
    measured.some(({ scenario }) => scenario === name),
  );
  const parts = [
    '# Measured beside the peers',
    `Written by \`npm run bench\`; see [the bench](run.mjs) for how. ${machine.date}, medians of ${machine.rounds} ${machine.rounds === 1 ? 'round' : 'rounds'}, in which
the libraries take turns, each on a fresh page of one browser: a production build against a server in another process.`,
    environment(machine),
    '## In short',
    'Multiples are of the floor: a bare `WebSocket`, by hand. "–" is what a library cannot do.',
    short(find, names, sizes),
    ...scenarios.flatMap((scenario) => chapter(scenario, find, names)),
    '## What the headings mean',
    meanings(scenarios),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A table of Markdown, aligned as the formatter does it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, n) =>
    Math.max(3, cell.length, ...rows.map((row) => row[n]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, n) =>
    n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function environment({ versions, processor, cores, system }: Machine): string {
  const { Chromium, Node, react, ws, ...libraries } = versions;
  const listed = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
  return [
    `- Libraries: ${listed.join(', ')}`,
    `- React ${react}, Chromium ${Chromium}, Node ${Node}, ws ${ws}`,
    `- ${processor}, ${cores} cores, ${system}`,
  ].join('\n');
}

const multiple = (value: number | null | undefined, floor: number | null | undefined): string =>
  typeof value === 'number' && typeof floor === 'number' && floor > 0
    ? (value / floor).toFixed(2)
    : NOT_MEASURED;

function short(find: Find, names: readonly string[], sizes: ReadonlyMap<string, number>): string {
  const of = (name: string) => {
    const scenario = SCENARIOS.find((one) => one.name === name);
    return (library: string) => scenario && find(scenario, scenario.sizes[0], library);
  };
  const [burst, fanOut, steady, deadPeer] = ['burst', 'fan-out', 'steady', 'dead-peer'].map(of);
  const row = (what: string, cell: (name: string) => string) => [what, ...names.map(cell)];
  const compared = (what: string, figures: typeof burst) =>
    [...COMPARED].map((figure) =>
      row(`${what}, ${FIGURES[figure][0]}`, (name) =>
        multiple(figures?.(name)?.[figure], figures?.(FLOOR)?.[figure]),
      ),
    );
  const rows = [
    ...compared('burst', burst),
    ...compared('fan-out', fanOut),
    row('fan-out, right of 200', (name) => written('right', fanOut?.(name)?.right)),
    ...compared('steady', steady),
    row('steady, worst click, ms', (name) => written('clickWorst', steady?.(name)?.clickWorst)),
    row('renders for 20,000 messages', (name) => written('renders', burst?.(name)?.renders)),
    row('dead peer', (name) => written('reopened', deadPeer?.(name)?.reopened)),
    row('gzip, kB', (name) => ((sizes.get(name) ?? 0) / 1_000).toFixed(2)),
  ];
  // What was not asked for has no row.
  const measured = rows.filter(([, ...cells]) => cells.some((cell) => cell !== NOT_MEASURED));
  return table(['', ...names], measured);
}

function chapter(scenario: Scenario, find: Find, names: readonly string[]): readonly string[] {
  const [first] = scenario.sizes;
  const columns = scenario.columns.flatMap((name) =>
    COMPARED.has(name) ? [[name, false] as const, [name, true] as const] : [[name, false] as const],
  );
  const rows = names.map((library) => {
    const figures = find(scenario, first, library);
    const floor = find(scenario, first, FLOOR);
    return [
      library,
      ...columns.map(([name, compared]) =>
        compared ? multiple(figures?.[name], floor?.[name]) : written(name, figures?.[name]),
      ),
    ];
  });
  const head = columns.map(([name, compared]) => (compared ? '× floor' : FIGURES[name][0]));
  const parts = [`## ${scenario.name}`, scenario.about, table(['', ...head], rows)];
  if (scenario.sizes.length > 1) parts.push(...growth(scenario, find, names));
  return parts;
}

/** How the cost grows with the size. */
function growth(scenario: Scenario, find: Find, names: readonly string[]): readonly string[] {
  const sizes = scenario.sizes.toSorted((a, b) => a.components - b.components);
  const rows = names.map((library) => [
    library,
    ...sizes.map((size) => {
      const figures = find(scenario, size, library);
      const floor = find(scenario, size, FLOOR);
      return `${written('cpu', figures?.cpu)} (${multiple(figures?.cpu, floor?.cpu)}), ${written('right', figures?.right)}`;
    }),
  ]);
  return [
    'By the number of components: CPU in ms (× floor), and how many are right in the end.',
    table(['', ...sizes.map(({ components }) => components.toLocaleString('en-US'))], rows),
  ];
}

function meanings(scenarios: readonly Scenario[]): string {
  const used = new Set(scenarios.flatMap(({ columns }) => columns));
  return [...used].map((name) => `- ${FIGURES[name][0]}: ${FIGURES[name][1]}`).join('\n');
}
