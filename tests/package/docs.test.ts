import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { retryDelay } from '../../src/core/machine/backoff.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import { resolveOptions as resolveServerOptions } from '../../src/server/options/settings.ts';
import { type App, createApp } from '../support/compile-app.ts';
import { namesBelow, papers, read, root, tableBelow } from '../support/papers.ts';

let app: App;
beforeAll(() => {
  app = createApp();
});
afterAll(() => app.remove());

/** Next.js and Jest do not find the source of a `.js` import, so that their examples import as their own do. */
const BUNDLED = { module: 'preserve', moduleResolution: 'bundler' };

test('every example type-checks against the build', () => {
  const files: Record<string, string> = {};
  for (const paper of papers) {
    const text = read(paper);
    const blocks = [...text.matchAll(/^```(?:tsx?|js)\n(\/\/ (\S+)\n.*?)^```$/gms)];
    expect({ paper, blocks: blocks.length }).toEqual({
      paper,
      blocks: text.match(/^```(?:tsx?|jsx?|mjs)$/gm)?.length ?? 0,
    });
    for (const [, code = '', name = ''] of blocks) {
      const path = join(basename(paper), name);
      expect(files).not.toHaveProperty([path]);
      files[path] = code;
    }
  }
  const isBundled = (path: string) => /^(?:nextjs|testing)\.md/.test(path);
  const pick = (isPicked: (path: string) => boolean) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => isPicked(path)));
  expect(app.compile(pick((path) => !isBundled(path)))).toBe('');
  expect(app.compile(pick(isBundled), BUNDLED)).toBe('');
});

test('the component in docs/events.md that refetches after a reconnect is the tested one', () => {
  const [component] = /^\/\*\* `replayed`.*?^\}$/ms.exec(read('docs/events.md')) ?? [];
  expect(read('tests/support/react/refetch.tsx')).toContain(component);
});

test('a recipe in docs/protocols.md has at most 25 lines, and a test runs it', () => {
  const [, recipes = ''] = read('docs/protocols.md').split('## A token in the first frame');
  const blocks = recipes.match(/^```tsx?\n.*?^```$/gms) ?? [];
  const tests = readdirSync(join(root, 'tests/interop'))
    .filter((name) => name.includes('.test.'))
    .map((name) => read(`tests/interop/${name}`));
  expect(blocks.length).toBeGreaterThan(15);
  for (const block of blocks) {
    const [, name = '', ...lines] = block.split('\n').slice(0, -1);
    const file = name.replace('// ', '');
    expect({ file, lines: lines.filter((line) => line !== '').length <= 25 }).toEqual({
      file,
      lines: true,
    });
    const isImported = [...tests, ...blocks].some(
      (text) =>
        text.includes(`'protocols.md/${file}'`) ||
        text.includes(`'./${file.replace('.ts', '.js')}'`),
    );
    expect({ file, isImported }).toEqual({ file, isImported: true });
  }
});

test('the tables list exactly the fields, events, options and exports that exist', () => {
  const pairs: [type: string, path: string, start: string, from?: number][] = [
    ['keyof api.UseWebSocketResult', 'api.md', '## What useWebSocket returns'],
    ['api.Status', 'api.md', 'The status is '],
    ['keyof core.TopicConnection', 'api.md', '## The connection object'],
    ['keyof typeof api', 'api.md', '## Exports'],
    ['keyof typeof core', 'api.md', '## Exports', -8],
    ['api.EventType', 'events.md', '## All events'],
    ['Options<api.HeldConnectionOptions<api.Frame, api.OutFrame>>', 'options.md', '## All options'],
    ['keyof api.HeartbeatOptions', 'options.md', '## heartbeat'],
    ['keyof api.ReconnectOptions', 'options.md', '## reconnect'],
    ['keyof api.OutboxOptions', 'options.md', '## outbox'],
    ['keyof api.TopicOptions<api.Frame, api.OutFrame>', 'options.md', '## topics'],
    ['keyof server.ServerOptions', 'server.md', '## Options'],
    ['keyof server.ServerEvents', 'server.md', '## Events'],
    ['keyof server.LifelineServer', 'server.md', '## The server object'],
    ['keyof server.Client', 'server.md', '## Clients'],
    ['keyof server.ServerStats', 'server.md', '## Metrics'],
    ['keyof devtools.WebSocketDevtoolsProps', 'devtools.md', '## Props'],
    ['keyof testing.TestServer', 'testing.md', '## The server\n'],
    ['keyof testing.TestClient', 'testing.md', '## Its clients'],
    ['keyof testing.TestServerOptions', 'testing.md', '## Options of createTestServer'],
    ['keyof testing.TestConnectionProps', 'testing.md', '## Props of TestConnection'],
    [
      'keyof ReturnType<typeof ruw.default>',
      'from-react-use-websocket.md',
      '## What the hook returns',
    ],
    [
      'keyof NonNullable<Parameters<typeof ruw.default>[1]>',
      'from-react-use-websocket.md',
      '## Options',
    ],
    ['keyof NonNullable<Parameters<typeof party>[2]>', 'from-partysocket.md', '## Options'],
  ];
  const union = (path: string, start: string, from = 0) =>
    namesBelow(`docs/${path}`, start)
      .slice(from)
      .map((name) => `'${name}'`)
      .join(' | ') || 'never';
  const code = `
    import type * as api from 'react-lifeline';
    import type * as core from 'react-lifeline/core';
    import type * as devtools from 'react-lifeline/devtools';
    import type * as server from 'react-lifeline/server';
    import type * as testing from 'react-lifeline/testing';
    import type { useWebSocket as party } from 'partysocket/react';
    import type PartySocket from 'partysocket/ws';
    import type ruw from 'react-use-websocket';
    type Same<A, B> = [A, B] extends [B, A] ? true : { missing: Exclude<A, B>; wrong: Exclude<B, A> };
    type Options<T> = Exclude<keyof T, \`on\${string}\`>;
    ${pairs.map(([type, path, start, from], n) => `export const same${n}: Same<${type}, ${union(path, start, from)}> = true;`).join('\n')}
    type Methods = ${union('from-partysocket.md', '## Methods and fields')};
    export const methods: Same<Methods, Methods & keyof PartySocket> = true;`;
  expect(app.compile({ 'names.ts': code })).toBe('');
});

/** The defaults in a table of options, those that are literals. */
function defaultsBelow(path: string, start: string): Record<string, unknown> {
  const literals: Record<string, unknown> = {};
  for (const cells of tableBelow(path, start)) {
    // A row may tell of two options.
    const [names = [], texts = []] = cells.map((cell) => cell.split('`, `'));
    for (const [n, name] of names.entries()) {
      const text = texts[n] ?? '';
      if (/^'.*'$/.test(text)) literals[name] = text.slice(1, -1);
      else if (/^(?:true|false)$/.test(text)) literals[name] = text === 'true';
      else if (/^(?:[\d_]+|Infinity)$/.test(text))
        literals[name] = Number(text.replaceAll('_', ''));
    }
  }
  return literals;
}

test('the defaults in docs/options.md are those of the code', () => {
  const defaults = (start: string) => defaultsBelow('docs/options.md', start);
  const off = resolveOptions({});
  const { enabled, manual, heartbeat, outbox, reconnect, ...scalars } = defaults('## All options');
  expect(Object.keys(scalars)).toHaveLength(4);
  expect(off).toMatchObject(scalars);
  expect([enabled, manual, heartbeat, outbox, reconnect]).toEqual([true, false, false, true, true]);
  expect(off.heartbeat.interval).toBe(Infinity);
  expect(off.outbox).toEqual(resolveOptions({ outbox: true }).outbox);

  const on = resolveOptions({ heartbeat: true });
  expect(on.heartbeat).toEqual(defaults('## heartbeat'));
  expect(on.reconnect).toEqual({
    ...defaults('## reconnect'),
    shouldReconnect: expect.any(Function) as unknown,
  });
  expect(on.outbox).toEqual(defaults('## outbox'));
});

test('the defaults in docs/server.md are those of the code', () => {
  const { rate, ...settings } = resolveServerOptions({});
  const listed = defaultsBelow('docs/server.md', '## Options');
  expect(Object.keys(listed)).toHaveLength(8);
  expect(settings).toMatchObject(listed);
  const [, limits = ''] =
    tableBelow('docs/server.md', '## Options').find(([name]) => name === 'rate') ?? [];
  const [perSecond, burst] = limits.replaceAll('_', '').match(/\d+/g) ?? [];
  expect(rate).toEqual({ perSecond: Number(perSecond), burst: Number(burst) });
});

test('the delays in docs/reconnect.md are those of the default options', () => {
  const { reconnect } = resolveOptions({});
  const lost = { kind: 'close', code: 1006, reason: '', wasClean: false } as const;
  const seconds = (attempt: number, random: number) =>
    (retryDelay({ reconnect, random: () => random }, lost, attempt, false) ?? 0) / 1_000;
  const rows = tableBelow('docs/reconnect.md', '## The delay');
  expect(rows).toHaveLength(5);
  for (const [failures = '', delay] of rows) {
    const attempt = parseInt(failures, 10);
    expect(delay).toBe(`${seconds(attempt, 0)} to ${seconds(attempt, 1)}`);
  }
});

test('every npm script mentioned in the docs exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const paper of [...papers, 'CONTRIBUTING.md'])
    for (const [, name = ''] of read(paper).matchAll(/npm (?:run )?((?<=run )[\w:]+|start|test)/g))
      expect(scripts).toHaveProperty([name]);
});
