import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';
import { differences } from './differences.ts';
import { ENGINES, installedEngines } from './engines.ts';

/** Says what was shown in which engine, with the figures that the tests noted. Fails if docs/engines.md lists a test that is not there. */
export class EnginesReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    for (const id of installedEngines) {
      const { name } = ENGINES[id];
      const tests = modules
        .filter(({ project }) => project.config.provide.engine === id)
        .flatMap((module) => [...module.children.allTests()]);
      if (tests.length === 0) continue;
      const listed = differences(ENGINES[id]);
      const shown = tests.filter(
        (test) => test.result().state === 'passed' && !(test.name in listed),
      );
      console.log(
        `\n${name}: ${shown.length} of ${tests.length} tests shown. docs/engines.md tells of the others.`,
      );
      for (const test of shown)
        for (const { message } of test.annotations()) console.log(`  ${test.name}: ${message}`);
      const names = new Set(tests.map((test) => test.name));
      // A run of some files only has not all of them.
      const gone = Object.keys(listed).filter((test) => !names.has(test));
      if (gone.length === 0 || reason !== 'passed' || process.argv.length > FULL) continue;
      console.error(
        `docs/engines.md lists tests that ${name} did not run:\n  ${gone.join('\n  ')}`,
      );
      process.exitCode = 1;
    }
  }
}

/** The number of words on the command line of `npm run test:engines`: node, vitest, run, --config, its path. */
const FULL = 5;
