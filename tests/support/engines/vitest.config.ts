// The tests that a browser shows, in Firefox and WebKitGTK as they are installed: npm run test:engines.
import { fileURLToPath } from 'node:url';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { soakCommands } from '../soak/ledger-server.ts';
import { lengths } from '../soak/lengths.ts';
import { wsServerCommands } from '../ws-server.ts';
import { differences } from './differences.ts';
import {
  ENGINES,
  type EngineId,
  enginesHelp,
  installedEngines,
  missingEngines,
} from './engines.ts';
import { installed } from './provider.ts';
import { EnginesReporter } from './reporter.ts';

if (missingEngines.length > 0) {
  if (process.env.CI) throw new Error(enginesHelp(missingEngines));
  const names = missingEngines.map((id) => ENGINES[id].name).join(', ');
  console.warn(
    `\n!!! ${enginesHelp(missingEngines)}\n!!! Not shown in ${names}: tests/browser, tests/faults, tests/soak and the stories.\n`,
  );
}

/** What the provider brings to the page. */
const LOCATORS = '@vitest/browser/locators';

/** The projects of one engine. One after another: they measure time, and the machine may have two cores. */
function projectsOf(engine: EngineId, number: number): TestProjectInlineConfiguration[] {
  const browser = () => ({
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: installed(engine),
    instances: [{ browser: engine }],
  });
  const common = (name: string, order: number) => ({
    name: `${name} (${ENGINES[engine].name})`,
    provide: { engine, differences: differences(ENGINES[engine]) },
    setupFiles: [
      'tests/support/setup-reports.ts',
      'tests/support/setup-waits.ts',
      'tests/support/engines/set-up.ts',
    ],
    sequence: { groupOrder: number * 4 + order },
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
  });
  // What Vite finds only while tests run makes it load the page again.
  const include = ['axe-core', 'react', 'react-dom', 'vitest-browser-react', LOCATORS];
  const cacheDir = `node_modules/.cache/vite-${engine}`;
  return [
    {
      plugins: [react()],
      cacheDir,
      optimizeDeps: { include },
      test: {
        ...common('browser', 0),
        include: ['tests/browser/**/*.test.{ts,tsx}'],
        browser: { ...browser(), commands: wsServerCommands },
      },
    },
    {
      plugins: [react()],
      cacheDir,
      optimizeDeps: { include },
      test: {
        ...common('soak', 1),
        include: ['tests/soak/**/*.test.ts'],
        browser: { ...browser(), commands: soakCommands },
      },
    },
    {
      test: {
        ...common('faults', 2),
        include: ['tests/faults/**/*.test.ts'],
        exclude: ['**/*.long.test.ts'],
        maxWorkers: 2, // they mostly wait
        // Each test starts a browser of its own, which takes both cores for some seconds.
        maxConcurrency: 1,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        expect: { poll: { timeout: 10_000 } },
      },
    },
    {
      plugins: [storybookTest({ configDir: '.storybook' })],
      cacheDir: `${cacheDir}-stories`,
      optimizeDeps: { include: [LOCATORS] },
      test: { ...common('stories', 3), browser: browser() },
    },
  ];
}

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    provide: { lengths },
    reporters: ['default', new EnginesReporter()],
    // Without an engine there is nothing to run, which is no failure.
    ...(installedEngines.length > 0
      ? { projects: installedEngines.flatMap(projectsOf) }
      : { include: [], passWithNoTests: true }),
  },
});
