import type { Browser, Page } from './browser.ts';
import type { Figures } from './figures.ts';
import { medians } from './figures.ts';
import type { Play, Scenario, Size } from './scenario.ts';

/** The metrics of a page. */
interface Metrics {
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
}

const SECOND = 1_000;

async function metricsOf(page: Page): Promise<(name: string) => number> {
  const { metrics } = await page.send<Metrics>('Performance.getMetrics');
  return (name) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

async function heapOf(page: Page): Promise<number> {
  // The first collection may leave objects that wait for finalizers.
  await page.send('HeapProfiler.collectGarbage');
  await page.send('HeapProfiler.collectGarbage');
  return (await metricsOf(page))('JSHeapUsedSize');
}

/** Clicks until the returned function is called, without waiting for an answer, as people do. */
function clickOn(page: Page, every: number): () => void {
  const event = { x: 40, y: 40, button: 'left', clickCount: 1 };
  const timer = setInterval(() => {
    for (const type of ['mousePressed', 'mouseReleased'])
      page.send('Input.dispatchMouseEvent', { type, ...event }).catch(() => {}); // then the play fails as well
  }, every);
  return () => clearInterval(timer);
}

/** Opens a page that is ready for its first play. */
export async function prepare(
  browser: Browser,
  url: string,
  scenario: Scenario,
  size: Size,
): Promise<Page> {
  const page = await browser.open(url);
  await page.evaluate(`bench.setUp(${JSON.stringify(size)})`);
  await playOn(page, { ...scenario.warmUp(size), play: 0 });
  return page;
}

/** Runs a play, and returns the figures of the page. */
export function playOn(page: Page, play: Play): Promise<Figures> {
  return page.evaluate<Figures>(`bench.play(${JSON.stringify(play)})`);
}

/** The figures of a library in one round. */
export async function measure(
  browser: Browser,
  url: string,
  scenario: Scenario,
  size: Size,
): Promise<Figures> {
  const page = await prepare(browser, url, scenario, size);
  await page.send('Performance.enable');
  const added = size.components - scenario.warmUp(size).components;
  const plays: Figures[] = [];
  for (let play = 1; play <= scenario.plays; play++) {
    const heapBefore = await heapOf(page);
    const before = await metricsOf(page);
    const stop = scenario.clickEvery ? clickOn(page, scenario.clickEvery) : () => {};
    const ofPage = await playOn(page, { ...size, play });
    stop();
    const after = await metricsOf(page);
    const heap = await heapOf(page);
    const took = (name: string) => (after(name) - before(name)) * SECOND;
    plays.push({
      cpu: took('TaskDuration'),
      thread: took('ThreadTime'),
      script: took('ScriptDuration'),
      heap,
      heapEach: added > 0 ? (heap - heapBefore) / added : null,
      // Figures of the scenario itself come last, and win.
      ...ofPage,
    });
  }
  await page.close();
  return medians(plays);
}
