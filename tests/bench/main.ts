import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePage } from './bundle.ts';
import type { Browser } from './browser.ts';
import { launch } from './browser.ts';
import type { Figures } from './figures.ts';
import { median, NEVER, written } from './figures.ts';
import { FLOOR, FURTHER, LIBRARIES } from './libraries/index.ts';
import type { Machine } from './machine.ts';
import { about } from './machine.ts';
import { measure, prepare } from './measure.ts';
import type { Options } from './options.ts';
import { readOptions } from './options.ts';
import { profile } from './profile.ts';
import type { Measured } from './report.ts';
import { report } from './report.ts';
import type { Scenario, Size } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { weigh } from './weigh.ts';

/** The folder for results that are not committed. */
const OUT = '.bench';

/** Paths, given by the script that starts the bench. */
export interface Place {
  readonly root: string;
  readonly source: string;
  /** The folder for bundles. */
  readonly cache: string;
  readonly chromium: string;
  readonly chromiumArgs: string[];
}

/** Measures what the command line says. */
export async function main(place: Place): Promise<void> {
  const { root, source, cache, chromium, chromiumArgs } = place;
  const options = readOptions(process.argv.slice(2));
  if (!options) return;
  const out = join(root, OUT);
  await mkdir(out, { recursive: true });
  const start = performance.now();

  await Promise.all(
    [...LIBRARIES, ...FURTHER].map(({ name }) =>
      bundlePage(source, name, join(cache, `${name}.js`), !options.profile),
    ),
  );
  // Playwright would only close the browser, and this process would wait for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const server = fork(join(cache, 'server.mjs'), [cache]);
  server.once('exit', (code, signal) => {
    if (code !== 0) console.error(`The server has ended: ${signal ?? code}.`);
  });
  try {
    const [port] = (await once(server, 'message')) as [number];
    const origin = `http://127.0.0.1:${port}`;
    const browser = await launch(chromium, chromiumArgs);
    try {
      if (options.profile) return await profiles(browser, origin, options, out);
      const measured = await measureAll(browser, origin, options);
      const minutes = (performance.now() - start) / 60_000;
      await publish(place, options, await about(root, browser.version, options, minutes), measured);
      if (options.limit !== null) compare(measured, options.limit);
    } finally {
      await browser.close();
    }
  } finally {
    if (server.connected) server.disconnect();
  }
}

/** Prints the results and writes them to files. */
async function publish(
  { root, source, cache }: Place,
  { complete }: Options,
  machine: Machine,
  measured: readonly Measured[],
): Promise<void> {
  const sizes = new Map<string, number>();
  for (const { name, imports } of LIBRARIES)
    sizes.set(name, imports === null ? 0 : await weigh(root, cache, imports));
  const text = report(measured, sizes, machine);
  console.log(text);
  const results = { ...machine, sizes: Object.fromEntries(sizes), measured };
  const out = join(root, OUT);
  await writeFile(complete ? join(source, 'RESULTS.md') : join(out, 'partial.md'), text);
  await writeFile(
    join(out, complete ? 'results.json' : 'partial.json'),
    `${JSON.stringify(results, readable, 2)}\n`,
  );
}

/** Fails if the last library takes too much more than the first one, which ran beside it in each round. */
function compare(measured: readonly Measured[], limit: number): void {
  const [base, last] = [measured[0], measured.at(-1)];
  if (!base || !last) return;
  const multiple = median(
    last.rounds.map(({ thread }, n) => Number(thread) / Number(base.rounds[n]?.thread)),
  );
  const fact = `${last.library} takes ${multiple?.toFixed(2)} times the thread time of ${base.library}; the limit is ${limit}.`;
  console.log(fact);
  if (!(Number(multiple) <= limit)) process.exitCode = 1;
}

/** Rounds a number to thousandths, and replaces NEVER by a text. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return value === NEVER ? written('reopened', NEVER) : Math.round(value * 1_000) / 1_000;
}

const urlOf = (origin: string, library: string, { name }: Scenario) =>
  `${origin}/page/${library}/${name}`;

/** Scenarios and sizes to measure, in order. */
const plan = ({ scenarios }: Options): readonly (readonly [Scenario, Size])[] =>
  SCENARIOS.filter(({ name }) => scenarios.includes(name)).flatMap((scenario) =>
    scenario.sizes.map((size) => [scenario, size] as const),
  );

async function measureAll(
  browser: Browser,
  origin: string,
  options: Options,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  const [first] = plan(options);
  // The first page of a browser is slower than all others.
  if (first) await (await prepare(browser, urlOf(origin, FLOOR, first[0]), ...first)).close();
  for (const [scenario, size] of plan(options)) {
    const rounds = new Map<string, Figures[]>(options.libraries.map((name) => [name, []]));
    const turn = async (library: string) => {
      const figures = await measure(browser, urlOf(origin, library, scenario), scenario, size);
      rounds.get(library)?.push(figures);
    };
    process.stderr.write(`${scenario.name} with ${size.components}: `);
    if (scenario.together) await Promise.all(options.libraries.map(turn));
    else
      for (let round = 0; round < options.rounds; round++) {
        process.stderr.write(`${round + 1} `);
        for (const library of options.libraries) await turn(library);
      }
    process.stderr.write('\n');
    for (const [library, figures] of rounds)
      measured.push({ scenario: scenario.name, size, library, rounds: figures });
  }
  return measured;
}

async function profiles(
  browser: Browser,
  origin: string,
  options: Options,
  out: string,
): Promise<void> {
  for (const [scenario, size] of plan(options))
    for (const library of options.libraries) {
      const file = join(out, `${scenario.name}-${size.components}-${library}.cpuprofile`);
      const text = await profile(browser, urlOf(origin, library, scenario), scenario, size, file);
      console.log(`${scenario.name} with ${size.components}, ${library}\n${text}\n`);
    }
}
