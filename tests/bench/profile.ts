import { writeFile } from 'node:fs/promises';
import type { Browser } from './browser.ts';
import { playOn, prepare } from './measure.ts';
import type { Scenario, Size } from './scenario.ts';

/** A profile in the format of the DevTools. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const INTERVAL = 100; // µs
const PRINTED = 30;

/** Profiles one play into a file for the DevTools. Returns the functions with the largest self times. */
export async function profile(
  browser: Browser,
  url: string,
  scenario: Scenario,
  size: Size,
  file: string,
): Promise<string> {
  const page = await prepare(browser, url, scenario, size);
  await page.send('Profiler.enable');
  await page.send('Profiler.setSamplingInterval', { interval: INTERVAL });
  await page.send('Profiler.start');
  for (let play = 1; play <= scenario.plays; play++) await playOn(page, { ...size, play });
  const result = await page.send<{ profile: Profile }>('Profiler.stop');
  await page.close();
  await writeFile(file, JSON.stringify(result.profile));
  return selfTimes(result.profile);
}

function selfTimes({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'}:${lineNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[n] ?? 0) / 1_000);
  });
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, PRINTED)
    .map(([name, ms]) => `${ms.toFixed(1).padStart(9)} ms  ${name}`)
    .join('\n');
}
