/** The package in an app on React Native, with its Metro, its Hermes compiler and its types. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { read, root } from '../support/papers.ts';
import { nativeApp } from '../support/react-native.ts';

const installed = join(nativeApp, 'node_modules/react-lifeline');
const output = join(nativeApp, 'node_modules/.cache');
const bundle = join(output, 'bundle.js');

/** The compiler that comes with React Native, on this machine. */
const HERMESC: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux64-bin/hermesc',
  darwin: 'osx-bin/hermesc',
  win32: 'win64-bin/hermesc.exe',
};

/** Installs what is published, and bundles an app that imports all entries of the client. */
beforeAll(() => {
  rmSync(installed, { recursive: true, force: true });
  for (const folder of [installed, output]) mkdirSync(folder, { recursive: true });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', output];
  const [{ filename }] = JSON.parse(
    execFileSync('npm', pack, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }),
  ) as [{ filename: string }];
  execFileSync('tar', ['-xzf', join(output, filename), '-C', installed, '--strip-components=1']);
  const metro = join(nativeApp, 'node_modules/metro/src/cli.js');
  const options = ['--platform', 'android', '--dev', 'false', '--minify', 'false'];
  execFileSync(process.execPath, [metro, 'build', 'index.js', '--out', bundle, ...options], {
    cwd: nativeApp,
    stdio: 'pipe',
  });
}, 120_000);

test('Metro finds each entry by exports, and what it makes runs where there is only the language', async () => {
  const context = vm.createContext({});
  vm.runInContext(readFileSync(bundle, 'utf8'), context);
  const { entries } = context as { entries: Record<string, object> };
  for (const [name, values] of Object.entries(entries)) {
    const path = join(root, 'dist', `${name === 'hooks' ? 'index' : name}.js`);
    const expected: object = await import(/* @vite-ignore */ path);
    expect(Object.keys(values).toSorted()).toEqual(Object.keys(expected).toSorted());
  }
  expect(Object.keys(entries)).toHaveLength(5);
});

test('the compiler of Hermes takes it, and finds only globals that React Native has', () => {
  const code = join(output, 'strict.js');
  // In strict code the compiler tells of each name that is not declared.
  writeFileSync(code, `'use strict';${readFileSync(bundle, 'utf8')}`);
  const hermesc = join(
    nativeApp,
    'node_modules/hermes-compiler/hermesc',
    HERMESC[process.platform] ?? '',
  );
  const bytecode = join(output, 'bundle.hbc');
  const { status, stderr } = spawnSync(hermesc, ['-emit-binary', '-O', '-out', bytecode, code], {
    encoding: 'utf8',
  });
  expect(stderr).not.toContain('error:');
  expect(status).toBe(0);
  const names = [...stderr.matchAll(/the variable "(\w+)" was not declared/g)].map(
    ([, name = '']) => name,
  );
  const ofMetro = ['__d', '__r', 'global', 'nativePerformanceNow'];
  // React asks whether they are there.
  const ofReact = ['reportError', 'window'];
  // indexedDbStore() asks for Web Locks first, and says so where there are none.
  const ofPages = ['IDBKeyRange', 'indexedDB'];
  const ours = names.filter((name) => ![...ofMetro, ...ofReact, ...ofPages].includes(name));
  expect(new Set(ours)).toEqual(
    new Set([
      'AbortController',
      'Blob',
      'Promise',
      'TextEncoder',
      'URL',
      'cancelAnimationFrame',
      'clearTimeout',
      'console',
      'performance',
      'setTimeout',
    ]),
  );
});

test('the example of the docs type-checks against the types of React Native and NetInfo', () => {
  const [, example = ''] =
    /^```tsx\n(\/\/ live\.tsx\n.*?)^```$/ms.exec(read('docs/react-native.md')) ?? [];
  expect(example).toContain("from 'react-native'");
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    customConditions: ['react-native'],
    jsx: 'react-native',
    types: ['react-native'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(output, 'live.tsx'), example);
  writeFileSync(
    join(output, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['live.tsx'] }),
  );
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, '-p', output], { encoding: 'utf8' }).stdout).toBe('');
});
