import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureCosts } from './costs.ts';
import { measureCuts } from './cuts.ts';
import { report, tableOfCosts, tableOfCuts } from './report.ts';

const HELP = `npm run bench:delivery -- [options]
  --only cuts,costs   what is measured
  --seconds 20        how long the links of each peer are cut, 2 s every 5 s
With both, and 20 seconds or more, it writes tests/bench-delivery/RESULTS.md.`;

const ENOUGH = 20;

/** Measures and prints tables. The exit code is 1 if a cost is above its limit. */
export async function main(bundles: string, source: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: 'cuts,costs' },
      seconds: { type: 'string', default: String(ENOUGH) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const parts = values.only.split(',');
  const seconds = Number(values.seconds);
  if (!(seconds >= 5) || !parts.every((part) => part === 'cuts' || part === 'costs'))
    throw new Error(HELP);
  const costs = parts.includes('costs') ? await measureCosts(bundles) : [];
  const cuts = parts.includes('cuts') ? await measureCuts(bundles, seconds) : [];
  if (costs.length > 0) console.log(tableOfCosts(costs));
  if (cuts.length > 0) console.log(tableOfCuts(cuts));
  if (costs.length > 0 && cuts.length > 0 && seconds >= ENOUGH)
    await writeFile(`${source}RESULTS.md`, await report(costs, cuts, seconds));
  if (costs.some(({ figure, atMost = Infinity }) => figure > atMost)) process.exitCode = 1;
}
