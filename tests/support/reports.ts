import { aroundAll, aroundEach } from 'vitest';

const reports: unknown[] = [];

/**
 * Takes what has been reported since it was last called, in order: what went to `reportError`, `console.error` or
 * `console.warn`. A test fails on a report that it does not take.
 */
export function takeReports(): unknown[] {
  return reports.splice(0);
}

function collect(...said: unknown[]): void {
  const error = said.find((part) => part instanceof Error);
  reports.push(error ?? (said.length === 1 ? said[0] : said.map(String).join(' ')));
}

function collectUncaught(event: ErrorEvent): void {
  event.preventDefault();
  collect(event.error);
}

/** Puts `collect` in the place of all that reports, and returns the function that undoes it. */
function startCollecting(): () => void {
  const { error, warn } = console;
  Object.assign(console, { error: collect, warn: collect });
  const stopPage = 'document' in globalThis ? startCollectingOfPage() : undefined;
  return () => {
    Object.assign(console, { error, warn });
    stopPage?.();
  };
}

function startCollectingOfPage(): () => void {
  if ('reportError' in globalThis) {
    // What is uncaught fails the run: Vitest listens to the window.
    const { reportError } = globalThis;
    Object.assign(globalThis, { reportError: collect });
    return () => void Object.assign(globalThis, { reportError });
  }
  // jsdom has no reportError(), so that React dispatches an event itself.
  window.addEventListener('error', collectUncaught);
  return () => window.removeEventListener('error', collectUncaught);
}

function failOnReports(): void {
  const left = takeReports();
  if (left.length === 0) return;
  throw new AggregateError(
    left.map((cause) => new Error(`Nobody took this report: ${inWords(cause)}`, { cause })),
  );
}

function inWords(report: unknown): string {
  try {
    return String(report);
  } catch {
    return 'something that cannot be made a text';
  }
}

/** For a set-up file: from now on, a report fails the test in which it comes, or the file between two tests. */
export function failTestsOnReports(): void {
  aroundAll(async (runSuite) => {
    const stopCollecting = startCollecting();
    await runSuite();
    stopCollecting();
    failOnReports();
  });
  aroundEach(async (runTest) => {
    await runTest();
    failOnReports();
  });
}
