import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveOptions } from '../../src/core/options/settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
/** The papers whose examples an app could take over as they are. */
const papers = [
  'README.md',
  ...readdirSync(join(root, 'stories/docs'))
    .filter((name) => name.endsWith('.mdx'))
    .map((name) => `stories/docs/${name}`),
];

/** An app with the package installed: the types come from the build, through its `exports`. */
let app: string;
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'readme-'));
  const link = (name: string, to: string) => {
    const path = join(app, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path, 'junction');
  };
  link('react-lifeline', root);
  for (const name of ['react', 'redis', '@redis', 'ws', 'zod', '@tanstack', '@types'])
    link(name, join(root, 'node_modules', name));
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** What the compiler of an app says of these files. */
function compile(files: Record<string, string>): string {
  for (const [name, code] of Object.entries(files)) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), code);
  }
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    module: 'NodeNext',
    jsx: 'react-jsx',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    checkJs: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(app, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: Object.keys(files) }),
  );
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', app], { encoding: 'utf8' });
  return stdout + stderr;
}

/** The rows of the first table below a line that starts as given, as the texts of their cells. */
function table(start: string): string[][] {
  const [, below = ''] = readme.split(`\n${start}`);
  const [rows = ''] = /(?:^\|.*\n)+/m.exec(below) ?? [];
  return rows
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

const names = (start: string) => table(start).map(([name = '']) => name);

/** The defaults in a table of options, those that are literals. */
function defaults(start: string): Record<string, unknown> {
  const literals: Record<string, unknown> = {};
  for (const [name = '', text = ''] of table(start)) {
    if (/^'.*'$/.test(text)) literals[name] = text.slice(1, -1);
    else if (/^(?:true|false)$/.test(text)) literals[name] = text === 'true';
    else if (/^(?:[\d_]+|Infinity)$/.test(text)) literals[name] = Number(text.replaceAll('_', ''));
  }
  return literals;
}

test('every example type-checks against the build', () => {
  const files: Record<string, string> = {};
  for (const paper of papers) {
    const text = read(paper);
    const blocks = [...text.matchAll(/^```(?:tsx?|js)\n(\/\/ (\S+)\n.*?)^```$/gms)];
    expect({ paper, blocks: blocks.length }).toEqual({
      paper,
      blocks: text.match(/^```(?:tsx?|js)$/gm)?.length ?? 0,
    });
    for (const [, code = '', name = ''] of blocks) {
      const path = join(basename(paper, '.mdx'), name);
      expect(files).not.toHaveProperty([path]);
      files[path] = code;
    }
  }
  expect(compile(files)).toBe('');
});

test('the recipe for a reconnect is the one that is tested', () => {
  const [recipe] = /^\/\*\* `replayed`.*?^\}$/ms.exec(readme) ?? [];
  expect(read('tests/support/react/refetch.tsx')).toContain(recipe);
});

test('the tables name every field, event, option and export, and no other', () => {
  const union = (start: string, from = 0) =>
    names(start)
      .slice(from)
      .flatMap((name) => name.split('`, `'))
      .map((name) => `'${name}'`)
      .join(' | ');
  const code = `
    import type * as api from 'react-lifeline';
    import type * as core from 'react-lifeline/core';
    import type { ServerOptions } from 'react-lifeline/server';
    type Same<A, B> = [A, B] extends [B, A] ? true : { missing: Exclude<A, B>; wrong: Exclude<B, A> };
    type Options<T> = Exclude<keyof T, \`on\${string}\`>;
    export const same: [
      Same<keyof api.UseWebSocketResult, ${union('## What the hook returns')}>,
      Same<api.Status, ${union('The status is ')}>,
      Same<api.EventType, ${union('## Messages and events')}>,
      Same<Options<api.HeldConnectionOptions<api.Frame, api.OutFrame>>, ${union('## Options')}>,
      Same<keyof api.HeartbeatOptions, ${union('### `heartbeat`')}>,
      Same<keyof api.ReconnectOptions, ${union('### `reconnect`')}>,
      Same<keyof api.OutboxOptions, ${union('### `outbox`')}>,
      Same<keyof api.TopicOptions<api.Frame, api.OutFrame>, ${union('The option `topics` ')}>,
      Same<keyof ServerOptions, ${union('With several servers')}>,
      Same<keyof typeof api, ${union('## Exports')}>,
      Same<keyof typeof core, ${union('## Exports', -5)}>,
    ] = [true, true, true, true, true, true, true, true, true, true, true];`;
  expect(compile({ 'names.ts': code })).toBe('');
});

test('the defaults are those of the code', () => {
  const off = resolveOptions({});
  const { enabled, heartbeat, outbox, reconnect, ...scalars } = defaults('## Options');
  expect(off).toMatchObject(scalars);
  expect([enabled, heartbeat, outbox, reconnect]).toEqual([true, false, true, true]);
  expect(off.heartbeat.interval).toBe(Infinity);
  expect(off.outbox).toEqual(resolveOptions({ outbox: true }).outbox);

  const on = resolveOptions({ heartbeat: true });
  expect(on.heartbeat).toEqual(defaults('### `heartbeat`'));
  expect(on.reconnect).toEqual({
    ...defaults('### `reconnect`'),
    shouldReconnect: expect.any(Function) as unknown,
  });
  expect(on.outbox).toEqual(defaults('### `outbox`'));
});

test('the sizes are not below those of the build', () => {
  const sizeLimit = join(root, 'node_modules/size-limit/bin.js');
  const { stdout } = spawnSync(process.execPath, [sizeLimit, '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const built = JSON.parse(stdout) as { name: string; size: number }[];
  const [sentence = ''] = /^Minified and gzipped, .*?^$/ms.exec(readme) ?? [];
  const told = [...sentence.matchAll(/([\d.]+) kB/g)].map(([, figure]) => Number(figure) * 1_000);
  expect(built.map(({ name }) => name)).toEqual([
    'provider and hook, production',
    'everything, production',
    'core, production',
    'presence, production',
  ]);
  expect(told).toHaveLength(built.length);
  for (const [n, { size }] of built.entries()) expect(told[n]).toBeGreaterThanOrEqual(size);
});

test('the figures beside the peers are those that the bench has printed', () => {
  const [printed = ''] =
    /(?<=^## In short\n\n.*\n\n)(?:\|.*\n)+/m.exec(read('tests/bench/RESULTS.md')) ?? [];
  expect(readme).toContain(`\n\n${printed}\n`);
  const rows = table('## Measured beside the peers');
  expect(rows[0]?.[0]).toBe('burst, CPU');
  expect(rows.at(-1)?.[0]).toBe('gzip, kB');
});

test('the size beside the peers is not above the one that is promised', () => {
  const [, , ours] = table('## Measured beside the peers').at(-1) ?? [];
  const [, promised] = /^Minified and gzipped, .*? at most ([\d.]+) kB/m.exec(readme) ?? [];
  expect(Number(ours)).toBeLessThanOrEqual(Number(promised));
});

test('the figures of the first screen are those of that table', () => {
  const [screen = ''] = /^- \*\*A dead peer.*?^\[/ms.exec(readme) ?? [];
  const figures = screen.match(/[\d,.]*\d/g) ?? [];
  expect(figures.length).toBeGreaterThan(5);
  const [, section = ''] = readme.split('## Measured beside the peers');
  for (const figure of figures) expect(`1 s, 200, ${section}`).toContain(figure);
});

test('the burst of messages is one that a test sends', () => {
  const [, figure = ''] = /^- ([\d,]+) messages in a burst/m.exec(readme) ?? [];
  const [, counts = ''] =
    /test\.for\(\[([\d_, ]+)\]\)/.exec(read('tests/browser/figures.test.tsx')) ?? [];
  expect(counts.split(', ')).toContain(figure.replaceAll(',', '_'));
});

test('every script that the papers name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const paper of [...papers, 'CONTRIBUTING.md'])
    for (const [, name = ''] of read(paper).matchAll(/npm (?:run )?((?<=run )[\w:]+|start|test)/g))
      expect(scripts).toHaveProperty([name]);
});

/** What a translation keeps. Within a paragraph, an item or a cell, code and figures may change places. */
function skeleton(path: string) {
  const text = read(path);
  const block = /^```.*?^```$/gms;
  const prose = text.replaceAll(block, '');
  const headings = [...prose.matchAll(/^(#+) (.*)$/gm)];
  // As GitHub makes them.
  const anchors = headings.map(([, , title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  return {
    levels: headings.map(([, level]) => level),
    blocks: text.match(block),
    pieces: prose.split(/\n{2,}|\n- |(?<!\\)\|/).map((piece) =>
      piece
        .replaceAll('\n', ' ')
        .match(/`[^`]+`|\d(?:[\d.,]*\d)?/g)
        ?.toSorted(),
    ),
    links: [...prose.matchAll(/\]\((?!README)([^)]+)\)/g)].map(([, to = '']) =>
      to.startsWith('#') ? anchors.indexOf(to.slice(1)) : to,
    ),
  };
}

test('the Chinese README has the headings, code, figures and links of the English one', () => {
  const english = skeleton('README.md');
  expect(english.links).not.toContain(-1);
  expect(skeleton('README.zh-CN.md')).toEqual(english);
});
