import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { packedFiles } from '../support/packed-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pkg: { exports: Record<string, string | Record<string, string>> } = JSON.parse(
  read('package.json'),
);

/** The builds of the client entries, and their folders. */
const BUILDS = [
  { build: 'default', folder: 'dist' },
  { build: 'production', folder: 'dist/production' },
];

/** The flag with which Node uses the production build. */
const PRODUCTION = ['--conditions=production'];

/** The paths, relative to dist, of all files with this ending. */
const built = (ending: string) =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => path.split(sep).join('/'))
    .toSorted();

/** The modules and packages that a module imports or re-exports from. */
const sources = (code: string) =>
  [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, source = '']) => source,
  );

/** The modules that an entry reaches, and the packages that they need. */
function graph(entry: string) {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (modules.has(path)) return;
    modules.add(path);
    for (const source of sources(read(path))) {
      if (source.startsWith('.')) visit(join(dirname(path), source));
      else packages.add(source);
    }
  };
  visit(entry);
  return { modules: [...modules].toSorted(), packages: [...packages].toSorted() };
}

/** The output of a module that Node runs, which imports the package by its name. */
const printed = (code: string, flags: readonly string[] = []): string =>
  execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
  });

/** The names that an entry exports as values. */
const values = (entry: string, flags?: readonly string[]): string[] =>
  JSON.parse(
    printed(
      `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(entry)}))))`,
      flags,
    ),
  );

/** The names that an entry's declarations export as types only. */
const types = (path: string): string[] => {
  const code = read(path);
  const own = [...code.matchAll(/export( type)? \{([^}]*)\}/g)]
    .flatMap(([, type, names = '']) =>
      names.split(',').map((name) => (type ? `type ${name.trim()}` : name.trim())),
    )
    .filter((name) => name.startsWith('type '))
    .map((name) => name.replace(/^type (?:.* as )?/, ''))
    .filter(Boolean);
  const passedOn = [...code.matchAll(/export \* from ['"](.+)\.tsx?['"]/g)].flatMap(
    ([, source = '']) => types(join(dirname(path), `${source}.d.ts`)),
  );
  return [...own, ...passedOn].toSorted();
};

describe('react-lifeline', () => {
  const beyond = (core: string[], all: string[]) => {
    expect(all).toEqual(expect.arrayContaining(core));
    return all.filter((name) => !core.includes(name));
  };

  test('exports the values of the core and these', () => {
    const added = beyond(values('react-lifeline/core'), values('react-lifeline'));
    expect(added).toMatchInlineSnapshot(`
      [
        "WebSocketProvider",
        "createWebSocketHooks",
        "useMessage",
        "useMessages",
        "useOutbox",
        "useRequest",
        "useTopic",
        "useWebSocket",
        "useWebSocketEvent",
      ]
    `);
  });

  test('exports the types of the core and these', () => {
    const added = beyond(types('dist/core.d.ts'), types('dist/index.d.ts'));
    expect(added).toMatchInlineSnapshot(`
      [
        "FurtherHooks",
        "HeldConnectionOptions",
        "ListenOptions",
        "MessagesOptions",
        "TopicHookOptions",
        "UseWebSocketResult",
        "WebSocketHooks",
        "WebSocketProviderProps",
      ]
    `);
  });

  test.each(BUILDS)('needs only React (build: $build)', ({ folder }) => {
    for (const name of graph(`${folder}/index.js`).packages)
      expect(['react', 'react/jsx-runtime']).toContain(name);
  });
});

describe('react-lifeline/core', () => {
  test('exports these values', () => {
    expect(values('react-lifeline/core')).toMatchInlineSnapshot(`
      [
        "DecodeError",
        "ReadyState",
        "RequestError",
        "createConnection",
        "json",
        "raw",
        "requests",
        "shouldReconnect",
      ]
    `);
  });

  test('exports these types', () => {
    expect(types('dist/core.d.ts')).toMatchInlineSnapshot(`
      [
        "AttemptContext",
        "Cause",
        "Clock",
        "Codec",
        "CodecOption",
        "Connection",
        "ConnectionActions",
        "ConnectionOptions",
        "DropReason",
        "EventArguments",
        "EventHandler",
        "EventType",
        "Extension",
        "Frame",
        "Handshake",
        "HandshakeContext",
        "HeartbeatOptions",
        "Host",
        "HostEvents",
        "JsonOptions",
        "OpenHandler",
        "OpenInfo",
        "OutFrame",
        "OutboxItem",
        "OutboxOptions",
        "PerAttempt",
        "ReconnectOptions",
        "Request",
        "RequestFailure",
        "RequestOptions",
        "RequestProtocol",
        "SendOptions",
        "SendResult",
        "Signal",
        "Signals",
        "Snapshot",
        "Status",
        "StreamCodec",
        "TopicConnection",
        "TopicOptions",
        "Url",
        "WebSocketConstructor",
        "WebSocketLike",
      ]
    `);
  });

  test.each(BUILDS)('needs no package and no React module (build: $build)', ({ folder }) => {
    const { modules, packages } = graph(`${folder}/core.js`);
    expect(packages).toEqual([]);
    expect(modules.filter((path) => path.includes('react/'))).toEqual([]);
  });
});

describe('react-lifeline/devtools', () => {
  test('exports the same names in development and elsewhere', () => {
    expect(values('react-lifeline/devtools')).toEqual(['WebSocketDevtools']);
    expect(values('react-lifeline/devtools', ['--conditions=development'])).toEqual([
      'WebSocketDevtools',
    ]);
    expect(types('dist/devtools.d.ts')).toEqual(['DevtoolsPosition', 'WebSocketDevtoolsProps']);
  });

  test('needs only React in development, and nothing elsewhere', () => {
    for (const name of graph('dist/devtools.js').packages) expect(name).toMatch(/^react(-dom)?\b/);
    expect(graph('dist/devtools-empty.js')).toEqual({
      modules: ['dist/devtools-empty.js'],
      packages: [],
    });
  });

  test('has modules that no other entry needs', () => {
    for (const { folder } of BUILDS)
      for (const entry of ['index', 'core', 'delivery', 'presence', 'testing'])
        expect(
          graph(`${folder}/${entry}.js`).modules.filter((path) => path.includes('devtools')),
        ).toEqual([]);
  });
});

describe('react-lifeline/native', () => {
  test('exports these names', () => {
    expect(values('react-lifeline/native')).toEqual(['appSignals']);
    expect(types('dist/native.d.ts')).toEqual(['AppStateLike', 'NetInfoLike', 'NetInfoStateLike']);
  });

  test.each(BUILDS)('needs no package and no other entry (build: $build)', ({ folder }) => {
    const { modules, packages } = graph(`${folder}/native.js`);
    expect(packages).toEqual([]);
    expect(modules).toEqual([`${folder}/core/platform/app-signals.js`, `${folder}/native.js`]);
  });
});

describe('react-lifeline/presence', () => {
  test('exports these names', () => {
    expect(values('react-lifeline/presence')).toEqual([
      'lifeline',
      'usePresence',
      'usePresenceData',
    ]);
    expect(types('dist/presence.d.ts')).toEqual(['LifelineOptions', 'PresenceOptions']);
  });

  test.each(BUILDS)('needs only React (build: $build)', ({ folder }) => {
    expect(graph(`${folder}/presence.js`).packages).toEqual(['react']);
  });

  test.each(BUILDS)('has modules that no other entry needs (build: $build)', ({ folder }) => {
    for (const entry of [`${folder}/index.js`, `${folder}/core.js`])
      expect(graph(entry).modules.filter((path) => /presence|lifeline/.test(path))).toEqual([]);
  });
});

describe('react-lifeline/testing', () => {
  test('exports these names', () => {
    expect(values('react-lifeline/testing')).toEqual([
      'TestConnection',
      'createTestServer',
      'matchers',
    ]);
    expect(types('dist/testing.d.ts')).toMatchInlineSnapshot(`
      [
        "SetPresenceOptions",
        "StagedCalls",
        "StagedPresence",
        "TestClient",
        "TestConnectionProps",
        "TestMatchers",
        "TestServer",
        "TestServerOptions",
        "TestWorldOptions",
      ]
    `);
  });

  test.each(BUILDS)('needs only React, and no test runner (build: $build)', ({ folder }) => {
    expect(graph(`${folder}/testing.js`).packages).toEqual(['react']);
  });

  test.each(BUILDS)('has modules that no other entry needs (build: $build)', ({ folder }) => {
    for (const entry of ['index', 'core', 'presence'])
      expect(
        graph(`${folder}/${entry}.js`).modules.filter((path) => path.includes('testing')),
      ).toEqual([]);
    expect(graph('dist/server.js').modules.filter((path) => path.includes('testing'))).toEqual([]);
  });
});

describe('react-lifeline/server', () => {
  test('exports these values', () => {
    expect(values('react-lifeline/server')).toMatchInlineSnapshot(`
      [
        "DecodeError",
        "Later",
        "Refusal",
        "createLifelineServer",
        "json",
        "memoryHistory",
        "memoryPresence",
        "memorySessions",
        "redisBroadcast",
        "redisHistory",
        "redisPresence",
        "redisSessions",
        "refuseWith",
      ]
    `);
  });

  test('exports these types', () => {
    expect(types('dist/server.d.ts')).toMatchInlineSnapshot(`
      [
        "AnyIdentity",
        "Broadcast",
        "BroadcastChannel",
        "BroadcastListener",
        "BroadcastOptions",
        "Client",
        "Codec",
        "Forgotten",
        "HistoryListener",
        "HistoryStore",
        "InvalidMessage",
        "JsonOptions",
        "LifelineServer",
        "MemoryHistoryOptions",
        "MemoryPresenceOptions",
        "MemorySessionsOptions",
        "MessageId",
        "Origins",
        "Position",
        "PresenceListener",
        "PresenceStore",
        "Protocols",
        "Rate",
        "RecordedMessage",
        "RedisBroadcastOptions",
        "RedisClient",
        "RedisClusterClient",
        "RedisConnection",
        "RedisHistoryOptions",
        "RedisPresenceOptions",
        "RedisSessionsOptions",
        "RefusedClient",
        "RefusedUpgrade",
        "Reply",
        "ServerEvents",
        "ServerListener",
        "ServerOptions",
        "ServerPresence",
        "ServerStats",
        "SessionRecord",
        "SessionStore",
        "SessionStoreListener",
        "SharedSessions",
        "TopicListener",
        "TopicMessage",
        "TopicPresence",
        "UpgradePath",
      ]
    `);
  });

  test('needs ws, Node and, of the core, the protocol folder and the codec', () => {
    const { modules, packages } = graph('dist/server.js');
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['ws']);
    const allowed =
      /^dist\/(?:server\.js$|server\/|core\/protocol\/|core\/messages\/(?:codec|json)\.js$|core\/platform\/(?:texts|check-names)\.js$)/;
    expect(modules.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test('has a memoryPresence() that needs neither ws nor Node, and so runs in a page', () => {
    expect(graph('dist/server/presence/memory-presence.js')).toEqual({
      modules: [
        'dist/core/protocol/nearest-name.js',
        'dist/server/checks/check-options.js',
        'dist/server/checks/describe.js',
        'dist/server/limits/period.js',
        'dist/server/presence/graces.js',
        'dist/server/presence/memory-presence.js',
        'dist/server/presence/memory-topics.js',
      ],
      packages: [],
    });
  });
});

test('who imports only confirmed() gets nothing of the stored outbox', () => {
  const { modules } = graph('dist/core/delivery/confirmed.js');
  expect(modules.filter((path) => path.startsWith('dist/core/delivery/'))).toEqual([
    'dist/core/delivery/confirmed.js',
    'dist/core/delivery/counted.js',
    'dist/core/delivery/header.js',
    'dist/core/delivery/new-outbox.js',
    'dist/core/delivery/positions.js',
    'dist/core/delivery/replies.js',
    'dist/core/delivery/session.js',
    'dist/core/delivery/texts.js',
  ]);
});

describe('the build for production', () => {
  const clients = [
    'react-lifeline',
    'react-lifeline/core',
    'react-lifeline/delivery',
    'react-lifeline/native',
    'react-lifeline/presence',
    'react-lifeline/testing',
  ];

  test('is found by the condition production, after the types, for each client entry', () => {
    const conditions = Object.entries(pkg.exports).map(([entry, target]) => [
      entry.replace('.', 'react-lifeline'),
      typeof target === 'string' ? [] : Object.keys(target),
    ]);
    expect(Object.fromEntries(conditions)).toEqual({
      ...Object.fromEntries(clients.map((name) => [name, ['types', 'production', 'default']])),
      'react-lifeline/devtools': ['types', 'development', 'default'],
      'react-lifeline/server': ['types', 'default'],
      'react-lifeline/package.json': [],
    });
  });

  test.each(clients)('exports the same names as the default build: %s', (entry) => {
    expect(values(entry, PRODUCTION)).toEqual(values(entry));
  });

  test.each(clients)('needs no module of the default build: %s', (entry) => {
    const name = entry.replace(/^react-lifeline\/?/, '') || 'index';
    const { modules } = graph(`dist/production/${name}.js`);
    expect(modules.filter((path) => !path.startsWith('dist/production/'))).toEqual([]);
  });

  test('has the directives of the default build', () => {
    const directiveOf = (path: string) => /^['"]use client['"]/.exec(read(join('dist', path)))?.[0];
    for (const path of built('.js').filter((each) => each.startsWith('production/')))
      expect(directiveOf(path)).toBe(directiveOf(path.replace('production/', '')));
  });

  const code = `
    import { createConnection, json } from 'react-lifeline/core';
    const message = (run) => { try { run(); } catch (error) { return error.name + ': ' + error.message; } };
    console.log(message(() => createConnection({ heartbeat: { interval: -1 } })));
    console.log(message(() => createConnection({ topics: {} })));
    console.log(message(() => createConnection().close(7)));
    console.log(message(() => json().encode(undefined)));
  `;

  test('has short error texts that name the option', () => {
    expect(printed(code, PRODUCTION)).toMatchInlineSnapshot(`
      "TypeError: heartbeat.interval is not valid: -1.
      TypeError: topics.of is not valid: undefined.
      RangeError: close(): code or reason is not valid.
      TypeError: json() cannot send undefined.
      "
    `);
  });

  test('leaves full error texts in the default build', () => {
    expect(printed(code)).toMatchInlineSnapshot(`
      "TypeError: heartbeat.interval must be a positive number, not -1.
      TypeError: topics.of must be a function, not undefined.
      RangeError: close() takes the code 1000 or 3000 to 4999, and a reason of at most 123 bytes.
      TypeError: json() cannot send undefined: JSON has no such value.
      "
    `);
  });

  test.each(BUILDS)('needs no bundler to replace a name (build: $build)', ({ folder }) => {
    for (const path of graph(`${folder}/index.js`).modules)
      expect(read(path)).not.toMatch(/process\.env|import\.meta|__DEV__|FULL_TEXTS/);
  });
});

describe('the build', () => {
  test("has 'use client' in every module that imports React, and in none outside react/, devtools/ and testing/", () => {
    const modules = built('.js').map((path) => ({ path, code: read(join('dist', path)) }));
    const client = modules.filter(({ code }) => /^['"]use client['"]/.test(code));
    const react = modules.filter(({ code }) => sources(code).some((name) => /^react\b/.test(name)));
    expect(react).not.toEqual([]);
    expect(client).toEqual(expect.arrayContaining(react));
    expect(
      client.filter(({ path }) => !/^(?:production\/)?(?:react|devtools|testing)\//.test(path)),
    ).toEqual([]);
    // A directive below the first statement is only a string.
    expect(modules.filter(({ code }) => /.['"]use client['"]/s.test(code))).toEqual([]);
  });

  test('has code, declarations and a source map for every export', () => {
    const targets = Object.values(pkg.exports).flatMap((target) =>
      typeof target === 'string' ? target : Object.values(target),
    );
    for (const path of targets) expect(existsSync(join(root, path))).toBe(true);
    for (const path of built('.js')) expect(built('.js.map')).toContain(`${path}.map`);
  });

  test('has exactly one declaration file for each source file', () => {
    const src = join(root, 'src');
    const written = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) =>
        path
          .split(sep)
          .join('/')
          .replace(/\.tsx?$/, '.d.ts'),
      );
    expect(built('.d.ts')).toEqual(written.toSorted());
  });

  test('refers to source files that are published', () => {
    for (const path of [...built('.js.map'), ...built('.d.ts.map')]) {
      const map: { sources: string[] } = JSON.parse(read(join('dist', path)));
      for (const source of map.sources) {
        const file = relative(root, join(dist, dirname(path), source));
        expect(file.split(sep)[0]).toBe('src');
        expect(existsSync(join(root, file))).toBe(true);
      }
    }
  });
});

test('the package contains the build, the sources and the docs', () => {
  const known = /^dist\/.+\.(?:js|d\.ts)(?:\.map)?$|^src\/.+\.tsx?$|^docs\/.+\.(?:md|png|svg)$/;
  const others = packedFiles().filter((path) => !known.test(path));
  expect(others.toSorted()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'PROTOCOL.md',
    'README.md',
    'README.zh-CN.md',
    'SECURITY.md',
    'package.json',
  ]);
});
