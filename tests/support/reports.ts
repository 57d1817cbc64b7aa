import { aroundAll, aroundEach } from 'vitest';

const reports: unknown[] = [];

/**
 * Returns the reports since the last call, in order: what went to `reportError`, `console.error` or `console.warn`, and
 * what Node warns of. A test fails on a report that it does not take.
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

/** Replaces all functions that report by `collect`, and returns a function that undoes it. */
function startCollecting(): () => void {
  const { error, warn } = console;
  Object.assign(console, { error: collect, warn: collect });
  globalThis.process?.on?.('warning', collect);
  const stopPage = 'document' in globalThis ? startCollectingOfPage() : undefined;
  return () => {
    Object.assign(console, { error, warn });
    globalThis.process?.off?.('warning', collect);
    stopPage?.();
  };
}

function startCollectingOfPage(): () => void {
  if ('reportError' in globalThis) {
    // Uncaught errors fail the run anyway: Vitest listens to the window.
    const { reportError } = globalThis;
    Object.assign(globalThis, { reportError: collect });
    return () => void Object.assign(globalThis, { reportError });
  }
  // jsdom has no reportError(), so React dispatches an event itself.
  window.addEventListener('error', collectUncaught);
  return () => window.removeEventListener('error', collectUncaught);
}

function failOnReports(): void {
  const left = takeReports();
  if (left.length === 0) return;
  throw new AggregateError(
    left.map(
      (cause) =>
        new Error(`The test did not expect this report: ${describeReport(cause)}`, { cause }),
    ),
  );
}

function describeReport(report: unknown): string {
  try {
    return String(report);
  } catch {
    return 'a value that cannot be converted to text';
  }
}

/** For a set-up file: from now on a report fails its test, or the file if it comes between two tests. */
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
