// What a burst costs in each engine beside a bare WebSocket. Fails above the limit.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from '../support/engines/browser.ts';
import {
  ENGINES,
  enginesHelp,
  installedEngines,
  missingEngines,
} from '../support/engines/engines.ts';
import { threadTimes } from '../support/engines/thread-time.ts';
import { launch } from './browser.ts';
import { bundlePage } from './bundle.ts';
import { median } from './figures.ts';
import type { Figures } from './figures.ts';
import { FLOOR } from './libraries/index.ts';
import type { Size } from './scenario.ts';
import { burst } from './scenarios/burst.tsx';

const OURS = 'react-lifeline';
/** The thread of the page may take so many times what it takes with a bare WebSocket. */
const LIMIT = 1.3;
const ROUNDS = 5;

/** What the script that starts the bench has found. */
interface Place {
  readonly source: string;
  readonly cache: string;
  readonly chromium: string;
  readonly chromiumArgs: string[];
}

/** A browser with a page that can be asked. */
interface Engine {
  readonly name: string;
  starts(url: string): Promise<Pick<Browser, 'evaluate' | 'stops'>>;
}

/** Measures each engine that is installed. */
export async function main({ source, cache, chromium, chromiumArgs }: Place): Promise<void> {
  if (missingEngines.length > 0) console.warn(`!!! ${enginesHelp(missingEngines)}`);
  for (const name of [FLOOR, OURS]) await bundlePage(source, name, join(cache, `${name}.js`), true);
  const server = fork(join(cache, 'server.mjs'), [cache]);
  try {
    const [port] = (await once(server, 'message')) as [number];
    const engines: Engine[] = [
      { name: 'Chromium', starts: (url) => startChromium(url, chromium, chromiumArgs) },
      ...installedEngines.map((id) => ENGINES[id]),
    ];
    for (const { name, starts } of engines) {
      const ratios: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const floor = await play(starts, `http://127.0.0.1:${port}/page/${FLOOR}/burst`);
        const ours = await play(starts, `http://127.0.0.1:${port}/page/${OURS}/burst`);
        ratios.push(ours / floor);
        console.log(`${name}: ${ours.toFixed()} ms, bare ${floor.toFixed()} ms`);
      }
      const ratio = median(ratios) ?? Number.NaN;
      console.log(`${name}: ${ratio.toFixed(2)} × bare, limit ${LIMIT}`);
      if (!(ratio <= LIMIT)) process.exitCode = 1;
    }
  } finally {
    server.disconnect();
  }
}

async function startChromium(url: string, executablePath: string, args: string[]) {
  const browser = await launch(executablePath, args);
  const { evaluate } = await browser.open(url);
  return { evaluate, stops: () => browser.close() };
}

/** The median of what the thread of the page took in each play, in milliseconds. Ends the browser. */
async function play(starts: Engine['starts'], url: string): Promise<number> {
  const browser = await starts(url);
  try {
    const [size] = burst.sizes as [Size];
    while (
      !(await browser
        .evaluate('document.readyState === "complete" && !!window.bench')
        .catch(() => false))
    )
      await delay(50);
    await browser.evaluate(`bench.setUp(${JSON.stringify(size)})`);
    await browser.evaluate<Figures>(
      `bench.play(${JSON.stringify({ ...burst.warmUp(size), play: 0 })})`,
    );
    const took: number[] = [];
    for (let n = 1; n <= burst.plays; n++) {
      const before = threadTimes();
      const figures = await browser.evaluate<Figures>(
        `bench.play(${JSON.stringify({ ...size, play: n })})`,
      );
      if (figures.handled !== size.messages) throw new Error(JSON.stringify(figures));
      took.push(Math.max(...[...threadTimes()].map(([id, time]) => time - (before.get(id) ?? 0))));
    }
    return median(took) ?? Number.NaN;
  } finally {
    await browser.stops();
  }
}
