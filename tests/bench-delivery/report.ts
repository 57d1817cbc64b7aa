import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Figure } from '../bench-server/figure.ts';
import { CUTS, type CutResult } from './cuts.ts';

type Direction = CutResult['up'];

/** Parts of a hundred; never 100 while anything is missing. */
function percent({ arrived, sent }: Direction): string {
  const part = (100 * arrived) / sent;
  return arrived === sent ? '100' : Math.min(part, 99.9).toFixed(1);
}

const count = (value: number) => value.toLocaleString('en-US');
const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
const seconds = (ms: number) => (ms / 1_000).toFixed(2);

const ROWS: readonly (readonly [name: string, cell: (result: CutResult) => string])[] = [
  ['client → server, delivered, %', ({ up }) => percent(up)],
  ['client → server, more than once', ({ up }) => count(up.twice)],
  ['client → server, out of order', ({ up }) => count(up.late)],
  ['server → client, delivered, %', ({ down }) => percent(down)],
  ['server → client, more than once', ({ down }) => count(down.twice)],
  ['server → client, out of order', ({ down }) => count(down.late)],
  ['server, processor, s', ({ serverCpu }) => seconds(serverCpu)],
  ['clients, processor, s', ({ clientsCpu }) => seconds(clientsCpu)],
  ['server, memory grows by, MiB', ({ serverMemory }) => mib(serverMemory)],
  ['clients, memory grows by, MiB', ({ clientsMemory }) => mib(clientsMemory)],
];

/** A table with the first column to the left, all others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, n) => Math.max(3, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [first = [], ...rest] = rows;
  return [line(first), rule, ...rest.map(line), ''].join('\n');
}

export const tableOfCuts = (results: readonly CutResult[]): string =>
  table([
    ['', ...results.map(({ name }) => name)],
    ...ROWS.map(([name, cell]) => [name, ...results.map(cell)]),
  ]);

export const tableOfCosts = (costs: readonly Figure[]): string =>
  table([
    ['cost', 'measured', 'at most'],
    ...costs.map(({ name, figure, atMost = Infinity }) => [
      name,
      figure < 100 ? figure.toFixed(2) : count(Math.round(figure)),
      Number.isFinite(atMost) ? count(atMost) : '',
    ]),
  ]);

/** The text of RESULTS.md. */
export async function report(
  costs: readonly Figure[],
  cuts: readonly CutResult[],
  duration: number,
): Promise<string> {
  const root = new URL('../../../', import.meta.url);
  const versionOf = async (name: string) => {
    const file = new URL(`node_modules/${name}/package.json`, root);
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return `${name} ${version}`;
  };
  const versions = await Promise.all(['socket.io', 'socket.io-client', 'ws'].map(versionOf));
  return `# Delivery, measured

Written by \`npm run bench:delivery\`, ${new Date().toISOString().slice(0, 10)}. ${versions.join(', ')}, Node ${process.versions.node}.
${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}.

## Links that are cut

${CUTS.clients} clients send ${CUTS.upPerSecond} messages a second each, and the server says ${CUTS.downPerSecond} a second to all. For ${duration} s all links are cut every
${CUTS.every / 1_000} s, and none is let through for ${CUTS.away / 1_000} s. Then all is left alone, and counted. Each peer is used as its documentation says, one
after the other, on the same machine.

${tableOfCuts(cuts)}
## What delivery costs

Medians of rounds in which the same library with and without \`delivery\`, \`sessions\` and \`history\` take turns.

${tableOfCosts(costs)}`;
}
