import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chromiumArgs, contextOptions, findChromium } from '../support/chromium.mjs';
import { freePort } from '../support/own-port.ts';
import { read, root } from '../support/papers.ts';

// The app of docs/testing.md, with the package installed, and its tests run by the runners that the page names.

let app: string;
const chromium = await findChromium();

const INSTALLED = [
  '@babel',
  '@jest',
  '@storybook',
  '@testing-library',
  'jest',
  'jest-environment-jsdom',
  'jsdom',
  'playwright',
  'react',
  'react-dom',
  'storybook',
  'vite',
  'vitest',
  'ws',
];

// A runner of tests inside another one, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

/** What the page leaves to the reader. */
const OWN_FILES = {
  'package.json': JSON.stringify({ type: 'module' }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }),
  'index.html':
    '<!doctype html><title>Chat</title><div id="root"></div><script type="module" src="main.tsx"></script>',
  'main.tsx': `
    import { createRoot } from 'react-dom/client';
    import { Chat } from './chat';
    createRoot(document.getElementById('root')!).render(<Chat url="ws://localhost:8080" />);`,
  // What Storybook does with each story.
  'stories.test.tsx': `
    import { composeStories, setProjectAnnotations } from '@storybook/react-vite';
    import { test } from 'vitest';
    import * as stories from './chat.stories';
    setProjectAnnotations([]);
    for (const [name, Story] of Object.entries(composeStories(stories))) test(name, () => Story.run());`,
  'commonjs/package.json': JSON.stringify({ type: 'commonjs' }),
  'commonjs/jest.config.js': `
    module.exports = {
      testEnvironment: 'jsdom',
      rootDir: '..',
      testMatch: ['<rootDir>/*.jest.tsx'],
      transformIgnorePatterns: ['/node_modules/(?!react-lifeline/)'],
      transform: {
        '\\\\.[jt]sx?$': ['babel-jest', {
          configFile: false,
          presets: [['@babel/preset-react', { runtime: 'automatic' }], '@babel/preset-typescript'],
          plugins: ['@babel/plugin-transform-modules-commonjs'],
        }],
      },
    };`,
  // As the package of that name has it.
  'node_modules/@playwright/test/package.json': JSON.stringify({ exports: './index.mjs' }),
  'node_modules/@playwright/test/index.mjs': `export * from 'playwright/test';`,
  'ci.config.ts': `
    import config from './playwright.config';
    const launchOptions = ${JSON.stringify({ executablePath: chromium?.path, args: chromiumArgs })};
    const contextOptions = ${JSON.stringify(contextOptions)};
    export default { ...config, use: { ...config.use, launchOptions, contextOptions } };`,
};

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'testing-page-'));
  // On the page there is only one of each.
  const [page, companion] = [`${await freePort()}`, `${await freePort()}`];
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text.replaceAll('5173', page).replaceAll('8080', companion));
  };
  for (const [, text = '', name = ''] of read('docs/testing.md').matchAll(
    /^```(?:tsx?|js)\n(\/\/ (\S+)\n.*?)^```$/gms,
  ))
    write(name, text);
  for (const [name, text] of Object.entries(OWN_FILES)) write(name, text);
  for (const name of INSTALLED)
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name), 'junction');
  // A copy: a runner may treat what is installed in another way than what is linked.
  for (const name of ['dist', 'package.json'])
    cpSync(join(root, name), join(app, 'node_modules/react-lifeline', name), { recursive: true });
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** Runs a program of an installed package in the app, which must succeed, and returns what it printed. */
async function run(path: string, args: readonly string[], nodeFlags: readonly string[] = []) {
  // What the runner of this test has set is not for another one.
  const { NODE_OPTIONS: _, VITEST: __, NODE_ENV: ___, ...env } = process.env;
  const program = join(root, 'node_modules', path);
  const child = spawn(process.execPath, [...nodeFlags, program, ...args], {
    cwd: app,
    env: { ...env, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += String(text)));
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${path} failed:\n${output}`);
  return output;
}

test('the tests on the page pass in Vitest, and so do the stories', async () => {
  expect(await run('vitest/vitest.mjs', ['run'])).toMatch(/Test Files +8 passed/);
});

test('the tests for Jest on the page pass in Jest, as ES modules', async () => {
  const output = await run('jest/bin/jest.js', [], ['--experimental-vm-modules']);
  expect(output).toMatch(/Tests: +2 passed/);
});

test('the tests for Jest on the page pass in Jest, as CommonJS', async () => {
  const output = await run('jest/bin/jest.js', ['--config', 'commonjs/jest.config.js']);
  expect(output).toMatch(/Tests: +2 passed/);
});

test.skipIf(!chromium)(
  'the test for Playwright on the page passes, with the real server',
  async () => {
    const output = await run('playwright/cli.js', ['test', '--config', 'ci.config.ts']);
    expect(output).toMatch(/1 passed/);
  },
);

test('a whole chat is tested in at most 60 lines', () => {
  const lines = read('tests/docs/team-chat.test.tsx').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(60);
});
