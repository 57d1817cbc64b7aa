import type { FigureName, Figures } from './figures.ts';
import { FIGURES, medians, NOT_MEASURED, written } from './figures.ts';
import { FLOOR, FURTHER, LIBRARIES } from './libraries/index.ts';
import type { Machine } from './machine.ts';
import type { Scenario, Size } from './scenario.ts';
import { SCENARIOS, scenarioOf } from './scenarios/index.ts';

/** The figures of every round of a library with one size of a scenario. */
export interface Measured {
  readonly scenario: string;
  readonly size: Size;
  readonly library: string;
  readonly rounds: readonly Figures[];
}

/** Finds the medians of a library. */
type Find = (scenario: Scenario, size: Size | undefined, library: string) => Figures | undefined;

/** What the floor does, for readers of its multiples. */
const FLOOR_SHOWS =
  'The floor shows the last message once a frame; with topics it sets state for each message.';

/** Figures that are also shown as multiples of the floor. */
const COMPARED: ReadonlySet<FigureName> = new Set(['cpu', 'thread']);

/** The report in Markdown. */
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
  const names = [...LIBRARIES, ...FURTHER]
    .map(({ name }) => name)
    .filter((name) => measured.some(({ library }) => library === name));
  const scenarios = SCENARIOS.filter(({ name }) =>
    measured.some(({ scenario }) => scenario === name),
  );
  const parts = [
    '# Measured beside the peers',
    `Written by \`npm run bench\`; see [the bench](../../CONTRIBUTING.md#the-bench) for how. ${machine.date}, medians of ${counted(machine.rounds, 'round')}, in which
the libraries take turns, each on a fresh page of one browser: a production build against a server in another process.`,
    ...exceptions(scenarios),
    environment(machine),
    '## In short',
    `Multiples are of the floor: a bare \`WebSocket\`, by hand. ${FLOOR_SHOWS} "–" is what a library cannot do.`,
    short(find, names, sizes),
    ...scenarios.flatMap((scenario) => chapter(scenario, find, names)),
    '## What the headings mean',
    meanings(scenarios),
  ];
  return `${parts.join('\n\n')}\n`;
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Describes scenarios whose rounds are not one play for each library in turn. */
function exceptions(scenarios: readonly Scenario[]): readonly string[] {
  const sentences: string[] = [];
  const several = scenarios.filter(({ plays }) => plays > 1).map(({ name }) => name);
  if (several.length > 0)
    sentences.push(`A round of ${several.join(', ')} is the median of several plays on its page.`);
  const together = scenarios.filter((scenario) => scenario.together).map(({ name }) => name);
  if (together.length > 0)
    sentences.push(`There is one round of ${together.join(', ')}, all libraries at the same time.`);
  return sentences.length > 0 ? [sentences.join(' ')] : [];
}

/** A Markdown table, aligned like the formatter does. */
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

function environment({ versions, processor, cores, system, minutes }: Machine): string {
  const { Chromium, Node, react, ws, ...libraries } = versions;
  const listed = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
  return [
    `- Libraries: ${listed.join(', ')}`,
    `- React ${react}, Chromium ${Chromium}, Node ${Node}, ws ${ws}`,
    `- ${processor}, ${cores} cores, ${system}; it took ${counted(Math.ceil(minutes), 'minute')}`,
  ].join('\n');
}

const grouped = (count = 0): string => count.toLocaleString('en-US');

const multiple = (value: number | null | undefined, floor: number | null | undefined): string =>
  typeof value === 'number' && typeof floor === 'number' && floor > 0
    ? (value / floor).toFixed(2)
    : NOT_MEASURED;

function short(find: Find, names: readonly string[], sizes: ReadonlyMap<string, number>): string {
  const of = (scenario: string, library: string) =>
    find(scenarioOf(scenario), scenarioOf(scenario).sizes[0], library);
  const row = (what: string, cell: (name: string) => string) => [what, ...names.map(cell)];
  const absolute = (what: string, scenario: string, figure: FigureName) =>
    row(what, (name) => written(figure, of(scenario, name)?.[figure]));
  const compared = (scenario: string) =>
    [...COMPARED].map((figure) =>
      row(`${scenario}, ${FIGURES[figure][0]}`, (name) =>
        multiple(of(scenario, name)?.[figure], of(scenario, FLOOR)?.[figure]),
      ),
    );
  const components = grouped(scenarioOf('fan-out').sizes[0]?.components);
  const messages = grouped(scenarioOf('burst').sizes[0]?.messages);
  const rows = [
    ...compared('burst'),
    ...compared('fan-out'),
    absolute(`fan-out, right of ${components}`, 'fan-out', 'right'),
    ...compared('steady'),
    absolute('steady, worst click, ms', 'steady', 'clickWorst'),
    absolute(`renders for ${messages} messages`, 'burst', 'renders'),
    ...compared('send'),
    ...compared('outbox'),
    ...compared('mount'),
    absolute('mount, bytes a component', 'mount', 'heapEach'),
    absolute('dead peer', 'dead-peer', 'reopened'),
    row('gzip, kB', (name) => ((sizes.get(name) ?? 0) / 1_000).toFixed(2)),
  ];
  // Rows without a figure are left out.
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
  const plays = scenario.plays > 1 ? ` A round is the median of ${scenario.plays} plays.` : '';
  const parts = [`## ${scenario.name}`, scenario.about + plays, table(['', ...head], rows)];
  if (scenario.sizes.length > 1) parts.push(...growth(scenario, find, names));
  return parts;
}

/** A table of the cost by size. */
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
    table(['', ...sizes.map(({ components }) => grouped(components))], rows),
  ];
}

function meanings(scenarios: readonly Scenario[]): string {
  const used = new Set(scenarios.flatMap(({ columns }) => columns));
  return [...used].map((name) => `- ${FIGURES[name][0]}: ${FIGURES[name][1]}`).join('\n');
}
