// The script of a page: a library, a scenario, and the functions that the driver calls.
import { createRoot } from 'react-dom/client';
import type { Figures } from './figures.ts';
import type { Library } from './libraries/library.ts';
import { seen } from './recorder.tsx';
import type { Play, Size, Stage } from './scenario.ts';
import { scenarioOf } from './scenarios/index.ts';

/** The functions that the driver calls in a page. */
export interface Bench {
  setUp(size: Size): Promise<void>;
  play(play: Play): Promise<Figures>;
}

declare global {
  interface Window {
    bench: Bench;
  }
}

/** How late the browser may report a long task, in milliseconds. */
const REPORT_DELAY = 100;

const later = (ms = 0) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

/** Resolves in the first task after the next frame. */
const frame = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });

const byId = (id: string) => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
};

/** Prepares a page for plays with a library. */
export function start(library: Library): void {
  const { name, scenario: asked, port } = JSON.parse(byId('welcome').textContent);
  const scenario = scenarioOf(asked);
  const root = createRoot(byId('root'));
  const stage: Stage = {
    library,
    url: `ws://127.0.0.1:${port}/${name}`,
    render: (tree) => root.render(tree),
    async go(play) {
      const response = await fetch(`/go/${name}/${asked}`, {
        method: 'POST',
        body: JSON.stringify(play),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
  };

  const failed = new Promise<never>((_, reject) => {
    addEventListener('error', ({ message }) => reject(new Error(message)));
    addEventListener('unhandledrejection', ({ reason }) => reject(reason));
  });
  // The error is thrown by the race in play().
  failed.catch(() => {});

  window.bench = {
    async setUp(size) {
      scenario.setUp?.(stage, size);
      await frame();
    },
    async play(play) {
      const tasks: PerformanceEntry[] = [];
      const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
      observer.observe({ type: 'longtask' });
      // Code evaluated by the driver would not count as a task, so this waits for a timer.
      await later();
      const begin = performance.now();
      const { idle = 0, ...figures } = await Promise.race([failed, scenario.play(stage, play)]);
      await frame();
      const wall = performance.now() - begin - idle;
      // The browser reports a task after its end.
      await later(REPORT_DELAY);
      observer.disconnect();
      const longest = Math.max(0, ...tasks.map(({ duration }) => duration));
      return { ...seen(), wall, longest, ...figures };
    },
  };
}
